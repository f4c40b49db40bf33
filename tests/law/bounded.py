"""How long a property of the law is tried: the same examples each run, few enough for a suite of seconds."""

from hypothesis import settings

bounded = settings(max_examples=40, derandomize=True, deadline=None, database=None)
