"""What every record of every app is made of: ids, versions, history, sealed text, and what kind of secret each
field is.
"""
