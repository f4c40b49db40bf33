"""A balance through `ledger.queries.balance`, against a prepared select of one row by its key."""

import argparse
import os
import random
import time
from collections.abc import Iterator
from datetime import date

import psycopg

READS = 4_000
ROUNDS = 3
SELECT = "SELECT old_age, pension, months, position FROM bare_account WHERE member_number = %s"


def run(options: argparse.Namespace) -> Iterator[tuple[str, float, str]]:
    """Yield (name, ratio, words), over the members that the posting benchmark made."""
    from lumbung.ledger import queries

    numbers = [f"{random.Random(7).randrange(options.members):011d}" for _ in range(READS)]
    ours = theirs = 0.0
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        for _ in range(ROUNDS):
            began = time.perf_counter()
            for number in numbers:
                connection.execute(SELECT, [number], prepare=True).fetchone()
            between = time.perf_counter()
            for number in numbers:
                queries.balance(number, date(2024, 12, 31))
            theirs += between - began
            ours += time.perf_counter() - between
    each = ours / READS / ROUNDS * 1000
    yield "balance_of_prepared_select", theirs / ours, f"{each:.3f} ms a balance; goal 0.70"
