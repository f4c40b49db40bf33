"""Does a contribution cost more in a bigger fund? The same month, posted for more and more members."""

import argparse
import os
from collections.abc import Iterator
from statistics import median

import psycopg

from benchmarks import months
from benchmarks.measuring import Result, seconds
from lumbung.law.month import Month

FIRST = Month(2020, 1)
LINES_AT_LEAST = 100_000


def run(options: argparse.Namespace) -> Iterator[Result]:
    """Each size has members of its own and months of its own, in books that keep those of the smaller sizes."""
    sizes = sorted(int(size) for size in options.scale.split(","))
    first, month, cost = 0, FIRST, dict[int, float]()
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        for size in sizes:
            # A small size is posted more often: a hundredth of a second is not measured well.
            taken = []
            for number in range(max(options.rounds, min(12, LINES_AT_LEAST // size)) + 1):
                owner.execute("SELECT public.ledger_prepare_months(%s)", [(month + 1).first_day])
                spent = 0.0
                for batch in months.batches(first, size):
                    spent += seconds(lambda b, m: months.post(b, m, key=f"bench:{m}:{b.numbers[0]}"), batch, month)
                taken += [spent] if number else []  # the first month makes the accounts
                month += 1
            cost[size] = median(taken) / size * 1e6
            first += size
    words = ", ".join(f"{size:,}: {each:.1f} µs" for size, each in cost.items())
    figures = {f"microseconds_each_of_{size}": each for size, each in cost.items()}
    yield Result("cost_by_size", cost[sizes[-1]] / cost[sizes[0]], words, figures)
