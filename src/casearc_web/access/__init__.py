"""Who may do what to whose records: decided here and nowhere else.

`verbs` names what can be done, `roles` says how far each role reaches with each verb, `registry` how each model is
reached, `decide` answers, `actions` wraps writes and `routes` every page. What no rule allows is denied, and every
denial is logged.
"""
