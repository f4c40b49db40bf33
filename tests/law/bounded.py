"""How long a property of the law is tried: the same examples each run, few enough for a suite of seconds."""

import os

from hypothesis import settings

FEWER = "LUMBUNG_FEWER" in os.environ  # `make mutants` asks the same of thousands of mutants
bounded = settings(max_examples=10 if FEWER else 40, derandomize=True, deadline=None, database=None)
