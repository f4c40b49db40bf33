"""Employers: many of 100 members drained in sets, and one alone from its file to its members' balances."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from django.db import connection

from benchmarks import fund
from benchmarks.fund import Workforce
from benchmarks.measuring import Result, seconds, speed
from benchmarks.peer import Peer
from benchmarks.statements import counted
from lumbung.contributions import actions as contributions
from lumbung.law.month import Month
from lumbung.ledger import queries

FIRST = Month(2025, 1)
SIZE = 100
ROWS_A_SECOND = 10_000
API_MEMBERS = 50
_SQL = Path(__file__).parent
# What each settled return of a month brought to whom, as the plain side gets it.
POSTED = """
    SELECT l.entry_id, array_agg(l.member_number), array_agg(l.contribution), array_agg(l.pension),
           array_agg(l.pension_months)
    FROM (SELECT * FROM public.ledger_memberline WHERE contribution_month = %s ORDER BY member_number) AS l
    GROUP BY 1 ORDER BY 1
"""
SAME = """
    SELECT count(*) FROM public.ledger_memberaccount AS a FULL JOIN plain.account AS p USING (member_number)
    WHERE (a.contribution_total, a.pension_total, a.pension_months_total, a.last_position)
       IS DISTINCT FROM (p.old_age, p.pension, p.pension_months, p.last_position)
"""


def run(options: argparse.Namespace) -> Iterator[Result]:
    """The many first; the one alone comes later, so that it does not find an empty database."""
    wanted = set(options.names)
    if wanted - {"statements_of_one_employer", "file_to_balance_of_goal"}:
        yield from _many(options)
    if wanted & {"statements_of_one_employer", "file_to_balance_of_goal"}:
        yield from _alone(options)


def _many(options: argparse.Namespace) -> Iterator[Result]:
    before = _stored()
    work = [fund.hire(place, place * 1_000, SIZE) for place in range(1, options.employers + 1)]
    registered = _stored()
    members, months = options.employers * SIZE, options.rounds + 1
    few = min(members, options.peer)
    ours, theirs, peers = [], [], []
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner, Peer() as peer:
        owner.execute((_SQL / "plain.sql").read_text())
        numbers = [number for workforce in work for number in workforce.numbers]
        owner.execute("INSERT INTO plain.account (member_number) SELECT unnest(%s::text[])", [numbers])
        peer.ask("open", members=few)
        peer.ask("warm_up", members=few, batch=SIZE)
        for month in (FIRST + number for number in range(months)):
            returns = [
                fund.report(workforce, month, fund.wage_file(workforce.numbers, month)) for workforce in work
            ]
            fund.pay(returns, month)
            ours.append(seconds(_drain, month))
            batches = owner.execute(POSTED, [month.first_day]).fetchall()
            theirs.append(seconds(_plain, owner, month, batches))
            peers.append(peer.ask("bulk", members=few, batch=SIZE) * members / few)
        row = owner.execute(SAME).fetchone()
        assert row == (0,), "both sides have the same balances at the end"
        api = API_MEMBERS / peer.ask("api", members=API_MEMBERS)
        owner.execute("DROP SCHEMA plain CASCADE")
    del ours[0], theirs[0], peers[0]  # the warm-up
    rate, plain, bulk = (members / median(taken) for taken in (ours, theirs, peers))
    words = f"{rate:,.0f} contributions/s; "
    figures = {"contributions_per_second": rate, "plain_contributions_per_second": plain}
    yield Result("employers_of_plain_sql", speed(ours, theirs), f"{words}plain SQL {plain:,.0f}", figures)
    figures = {"hordak_contributions_per_second": bulk}
    yield Result("employers_of_hordak_bulk", speed(ours, peers), f"{words}hordak {bulk:,.0f}", figures)
    figures = {"hordak_contributions_per_second": api}
    yield Result("employers_of_hordak_api", rate / api, f"{words}hordak's API {api:,.0f}", figures)
    each = (_stored() - registered) / (members * months)
    words = f"{each:.0f} bytes in {months} months; registering a member {(registered - before) / members:.0f}"
    yield Result("storage_with_returns_bytes", each, words, {"bytes": each})


def _drain(month: Month) -> None:
    """What the worker does until nothing is left."""
    done = contributions.drain(clock=lambda: fund.now(month))
    assert not done.refused


def _plain(owner: psycopg.Connection, month: Month, batches: list[tuple[Any, ...]]) -> None:
    """The same contributions, one statement and one durable transaction for each employer."""
    statement = (_SQL / "plain_post.sql").read_text()
    day = fund.now(month).date()
    for entry, numbers, old_age, pension, pension_months in batches:
        columns = {"old_age": old_age, "pension": pension, "pension_months": pension_months}
        arguments = {name: "{" + ",".join(map(str, column)) + "}" for name, column in columns.items()}
        arguments |= {"numbers": "{" + ",".join(numbers) + "}", "total": sum(old_age) + sum(pension)}
        owner.execute(
            statement, {**arguments, "key": f"return:{entry}", "day": day, "month": month.first_day}, prepare=True
        )


def _stored() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _alone(options: argparse.Namespace) -> Iterator[Result]:
    """The whole way for one employer, few rows and many, two months each: the first one warms up."""
    counts, taken = {}, {}
    for place, rows in ((90_000_001, SIZE), (90_000_002, options.one)):
        work = fund.hire(place, place * 100, rows)
        for number in range(options.rounds + 1):
            month = FIRST + number
            content = fund.wage_file(work.numbers, month)
            with counted() as statements:
                spent = seconds(_file_to_balance, work, month, content)
            if number:
                taken.setdefault(rows, []).append(spent)
                counts[rows] = statements.number
    many, few = counts[options.one], counts[SIZE]
    words = f"{many} statements for {options.one:,} rows, {few} for {SIZE}"
    yield Result("statements_of_one_employer", many / few, words, {"statements": many, "statements_of_100": few})
    spent = median(taken[options.one])
    words = f"{options.one:,} rows in {spent:.2f} s; {SIZE} rows in {median(taken[SIZE]):.3f} s"
    yield Result("file_to_balance_of_goal", options.one / spent / ROWS_A_SECOND, words, {"seconds": spent})


def _file_to_balance(work: Workforce, month: Month, content: bytes) -> None:
    returned = fund.report(work, month, content)
    fund.pay([returned], month)
    contributions.settle(returned.payment_code_id, now=fund.now(month))
    assert queries.balance(work.numbers[-1], None).old_age_balance > 0
