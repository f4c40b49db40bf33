"""Posting a month for all members through `ledger.actions.post`, against the bare statement with the same keys."""

import argparse
import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import psycopg

BARE = """
CREATE TABLE bare_account (member_number text COLLATE "C" PRIMARY KEY, old_age bigint, pension bigint, months int,
    position int) WITH (fillfactor = 45);
CREATE TABLE bare_line (member_number text COLLATE "C", position int, book_day date, entry bigint, month date,
    old_age bigint, pension bigint, old_age_total bigint, pension_total bigint, months int,
    PRIMARY KEY (member_number, book_day, position)) PARTITION BY RANGE (book_day);
CREATE TABLE bare_line_all PARTITION OF bare_line DEFAULT;
"""
BARE_POST = """
WITH moved AS (
    UPDATE bare_account AS a SET old_age = a.old_age + 285000, pension = a.pension + 150000, months = a.months + 1,
        position = a.position + 1
    FROM unnest(%s::text[]) AS m (number) WHERE a.member_number = m.number RETURNING a.*
)
INSERT INTO bare_line
SELECT member_number, position, %s, 1, %s, 285000, 150000, old_age, pension, months
FROM moved ORDER BY member_number
"""
MONTHS = 6


def run(options: argparse.Namespace) -> Iterator[tuple[str, float, str]]:
    """Yield (name, ratio, words); the two sides take turns, month by month."""
    numbers = [f"{member:011d}" for member in range(options.members)]
    ours = theirs = 0.0
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(BARE)
        owner.execute(
            "INSERT INTO bare_account SELECT n, 0, 0, 0, 0 FROM unnest(%s::text[]) AS m (n) ORDER BY 1", [numbers]
        )
        _post(numbers, 0)  # opens the accounts, as the bare side's are open
        for month in range(1, MONTHS + 1):
            ours += _timed(_post, numbers, month)
            theirs += _timed(_bare, owner, numbers, month)
    rate = options.members * MONTHS / ours
    yield "posting_of_bare_statement", theirs / ours, f"{rate:,.0f} lines/s with all checks; goal 0.60"


def _timed(work: object, *arguments: object) -> float:
    began = time.perf_counter()
    work(*arguments)  # type: ignore[operator]
    return time.perf_counter() - began


def _month(month: int) -> date:
    return date(2024, 1 + month, 1)


def _post(numbers: list[str], month: int) -> None:
    from lumbung.ledger import actions
    from lumbung.ledger.drafts import Draft, MemberLines

    count, day = len(numbers), _month(month)
    draft = Draft(
        key=f"bench:{month}",
        kind="contribution",
        day=day,
        control=(
            ("suspense", 435_000 * count),
            ("member_old_age", -285_000 * count),
            ("member_pension", -150_000 * count),
        ),
        members=MemberLines(numbers, [day], [285_000] * count, (), (), [150_000] * count, [1]),
    )
    actions.post(draft, now=datetime(day.year, day.month, day.day, 5, tzinfo=UTC))


def _bare(connection: psycopg.Connection, numbers: list[str], month: int) -> None:
    connection.execute(BARE_POST, [numbers, _month(month), _month(month)])
