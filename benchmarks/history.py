"""Forty years of one member: does reading a balance or a history cost more when there is more of it?"""

import argparse
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from statistics import median

import psycopg

from benchmarks.measuring import Result, in_turns
from lumbung.law.month import Month
from lumbung.ledger import actions, queries
from lumbung.ledger.drafts import Draft, MemberLines

# The books begin in 2000 and tests and benchmarks end in 2025: 312 book months. Of a longest history of 480 months
# some are booked together, as when arrears are paid.
FIRST_BOOKED, LAST_BOOKED = Month(2000, 1), Month(2025, 12)
MEMBERS = 50  # of each length
OLD_AGE, PENSION = 285_000, 150_000


def run(options: argparse.Namespace) -> Iterator[Result]:
    """Members with 1, 12, 120 and the longest number of months, whose last month is the same."""
    lengths = sorted({1, 12, min(120, options.longest), options.longest})
    cohorts = {
        length: [f"{place:03d}{at:08d}" for at in range(MEMBERS)] for place, length in enumerate(lengths, 1)
    }
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        _fill(options.longest, cohorts, owner)
    yield from _balances(options, cohorts)
    few, many = cohorts[12], cohorts[options.longest]
    yield _histories("history_long_of_12_open", options, few, many)
    if "history_long_of_12" in options.names:
        for year in range(FIRST_BOOKED.year, LAST_BOOKED.year):
            actions.close_year(year)
        yield _histories("history_long_of_12", options, few, many)


def _fill(longest: int, cohorts: dict[int, list[str]], owner: psycopg.Connection) -> None:
    """Post month after month, oldest first, whoever has a contribution in it."""
    span = LAST_BOOKED - FIRST_BOOKED
    for left in range(longest - 1, -1, -1):
        booked = LAST_BOOKED - left * span // max(longest - 1, span)
        month = LAST_BOOKED - left
        numbers = [number for length, cohort in cohorts.items() if length > left for number in cohort]
        day, count = date(booked.year, booked.month, 10), len(numbers)
        owner.execute("SELECT public.ledger_prepare_months(%s)", [booked.first_day])
        draft = Draft(
            key=f"bench:{month}",
            kind="contribution",
            day=day,
            control=(
                ("suspense", (OLD_AGE + PENSION) * count),
                ("member_old_age", -OLD_AGE * count),
                ("member_pension", -PENSION * count),
            ),
            members=MemberLines(sorted(numbers), [month.first_day], [OLD_AGE], (), (), [PENSION], [1]),
        )
        actions.post(draft, now=datetime(booked.year, booked.month, 10, 5, tzinfo=UTC))
    owner.execute("VACUUM (ANALYZE)")


def _balances(options: argparse.Namespace, cohorts: dict[int, list[str]]) -> Iterator[Result]:
    reads = max(options.reads // 4 // MEMBERS, 1)

    def present(cohort: list[str]) -> Callable[[int], None]:
        def read(number: int) -> None:
            for member_number in cohort * reads:
                queries.balance(member_number, None)

        return read

    def past(cohort: list[str]) -> Callable[[int], None]:
        def read(number: int) -> None:
            for member_number in cohort * reads:
                queries.balance(member_number, date(2025, 6, 30))

        return read

    # More and shorter rounds than elsewhere: a tenth is to be seen.
    rounds = options.rounds * 3
    taken = in_turns(rounds, *(present(cohort) for cohort in cohorts.values()))
    each = {length: median(spent) / reads / MEMBERS * 1000 for length, spent in zip(cohorts, taken, strict=True)}
    words = ", ".join(f"{length} months {ms:.3f} ms" for length, ms in each.items())
    figures = {f"ms_of_{length}_months": ms for length, ms in each.items()}
    yield Result("balance_flatness", max(each.values()) / min(each.values()), words, figures)
    long, short = in_turns(options.rounds, past(cohorts[options.longest]), past(cohorts[12]))
    each = {
        length: median(spent) / reads / MEMBERS * 1000 for length, spent in ((options.longest, long), (12, short))
    }
    words = ", ".join(f"{length} months {ms:.3f} ms" for length, ms in each.items())
    figures = {f"ms_of_{length}_months": ms for length, ms in each.items()}
    yield Result("past_balance_flatness", each[options.longest] / each[12], words, figures)


def _histories(name: str, options: argparse.Namespace, few: list[str], many: list[str]) -> Result:
    def read(cohort: list[str], lines: int) -> Callable[[int], None]:
        def side(number: int) -> None:
            for member_number in cohort:
                assert len(queries.history(member_number)) == lines

        return side

    long, short = in_turns(options.rounds, read(many, options.longest), read(few, 12))
    of_long, of_short = (median(spent) / MEMBERS * 1000 for spent in (long, short))
    words = f"{options.longest} months {of_long:.2f} ms, 12 months {of_short:.2f} ms"
    return Result(name, of_long / of_short, words, {"ms_of_longest": of_long, "ms_of_12_months": of_short})
