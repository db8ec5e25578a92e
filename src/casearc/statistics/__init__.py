"""Estimators and tests: arrays in, frozen results out. Knows nothing of people.

One folder a family, imported by its name (``from casearc.statistics.linear import linear``): `paired`, `groups`,
`contingency`, `linear`, `categorical`, `count_models`, `mixed`, `profiles`, `resampling`, `imputation`, `sensitivity`.
What several families share stands beside this file.
"""

__all__: list[str] = []
