"""The development result of all members, working kept, against everything written fresh and swapped in."""

import argparse
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import psycopg
from psycopg import sql

from benchmarks.measuring import Result, seconds, speed
from lumbung.development import actions

BOOKED = datetime(2025, 1, 15, 5, tzinfo=UTC)
RATE, HUNDREDTHS = "5.60", 560  # percent a year, and hundredths of a percent
_SQL = Path(__file__).parent
# Accounts whose working is another one on the other side.
SAME = """
    SELECT count(*)
    FROM swap.working AS s FULL JOIN (
        SELECT * FROM public.development_working WHERE year = %s
    ) AS w USING (member_number)
    WHERE (s.opening, s.moved, s.weighted, s.entitled)
       IS DISTINCT FROM (w.opening, w.moved, w.weighted, w.entitled)
"""


def run(options: argparse.Namespace, owner: psycopg.Connection, years: list[int]) -> Iterator[Result]:
    """Credit the years one after the other; the limits go first each time, since they change nothing of ours."""
    owner.execute((_SQL / "swap.sql").read_text())
    ours: list[float] = []
    swapped: dict[str, list[float]] = {"unweighed": [], "basis": []}
    with psycopg.connect(owner.info.dsn, password=owner.info.password) as limit:
        for year in years:
            for name, taken in swapped.items():  # the one that is compared with ours comes last
                limit.execute("DROP TABLE IF EXISTS swap.working, swap.line_fresh")
                limit.commit()
                taken.append(seconds(_swap, limit, year, name))
            ours.append(seconds(_credit, year))
            assert limit.execute(SAME, [year]).fetchone() == (0,), "both sides work out the same"
    owner.execute("DROP SCHEMA swap CASCADE")
    rate = options.members / median(ours)
    for name, side in (("development_of_swap", "basis"), ("development_of_swap_unweighed", "unweighed")):
        other = options.members / median(swapped[side])
        words = f"{rate:,.0f} accounts/s; swap {other:,.0f}"
        figures = {"accounts_per_second": rate, "swap_accounts_per_second": other}
        yield Result(name, speed(ours, swapped[side]), words, figures)


def _credit(year: int) -> None:
    done = actions.credit(year=year, rate=RATE, decree="Invented for the benchmark", now=BOOKED)
    assert done.is_new


def _swap(limit: psycopg.Connection, year: int, basis: str) -> None:
    """One durable transaction; what it attached is taken away again before the next one, outside this time."""
    limit.execute("SET work_mem = '256MB'; SET jit = off")
    arguments = {"first_day": date(year, 1, 1), "last_day": date(year, 12, 31), "hundredths": HUNDREDTHS}
    with psycopg.ClientCursor(limit) as cursor:
        text = cursor.mogrify((_SQL / f"swap_{basis}.sql").read_text(), arguments)
        statement = sql.SQL((_SQL / "swap_work.sql").read_text()).format(
            basis=sql.SQL(text),
            book_day=BOOKED.date(),
            day=date(year, 12, 31),
            beyond=BOOKED.date() + timedelta(1),
        )
        cursor.execute(statement)
    limit.commit()
