"""Intake: a young person becomes a client and is enrolled, on one page, in one action, with as little as is known."""
