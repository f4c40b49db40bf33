"""Half a minute of mutated files against the real database: what is refused has changed no row of any table.

It proves that for the files which fit into the time, from one seed (see `files.fuzzing`), with real commits; also
that what is taken in is whole: one open return a month, whose lines are the file's and whose code asks for their
total.
"""

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from fund import NOW, TODAY
from psycopg import sql

from files.corpus import CORPUS
from files.corpus.hostile import BANK_FILES, HEADER
from files.fuzzing import SECONDS, Fuzzer, seeds_of
from files.making import EXPECTED
from lumbung.contributions.errors import ReturnRefused
from lumbung.law.month import Month
from lumbung.payments.errors import BankFileRefused

MONTH = Month(2025, 10)
NUMBER = "00000009-000"
# Files of members that the fund knows: these can be taken in.
KNOWN = [each for each in CORPUS if {row[1] for row in each.members} == {person[0] for person in EXPECTED}]


@pytest.fixture
def employer(clone: object) -> object:
    """An employer of the corpus's three members, in a database where commits are real."""
    from lumbung.registry import actions

    found = actions.register_employer(full_number=NUMBER, name="PT Padi Uji", risk_class="II", size="large")
    born = date(1999, 12, 31)
    actions.register_persons(
        [actions.NewPerson(name, day or born, (number,), nik=nik) for number, nik, name, day, _, _ in EXPECTED]
    )
    actions.start_employments(found, [actions.NewEmployment(each[0], date(2020, 1, 1)) for each in EXPECTED])
    return found


class Rows:
    """All rows of all tables, as one digest a table."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        tables = self.connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        assert len(tables) > 20
        one = "SELECT {} AS name, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {} t"
        self.query = sql.SQL(" UNION ALL ").join(
            sql.SQL(one).format(sql.Literal(name), sql.Identifier(name)) for (name,) in tables
        )

    def now(self) -> dict[str, tuple[int, int]]:
        return {name: (rows, int(digest)) for name, rows, digest in self.connection.execute(self.query)}


@pytest.fixture
def rows(superuser_url: str) -> Iterator[Rows]:
    found = Rows(superuser_url)
    yield found
    found.connection.close()


def changed(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> set[str]:
    return {name for name in after if after[name] != before.get(name)}


def is_whole(employer: object) -> None:
    """The one open return has the lines it says, and its code asks for what they owe."""
    from lumbung.contributions.models import Return

    (open_one,) = Return.objects.filter(employer=employer, month=MONTH.first_day, state=Return.State.OPEN)
    lines = list(open_one.lines.all())
    owed = sum(
        line.jht_employer + line.jht_member + line.jp_employer + line.jp_member + line.jkk + line.jkm
        for line in lines
    )
    assert len(lines) == open_one.members > 0
    assert owed == open_one.total == open_one.payment_code.amount > 0
    assert open_one.payment_code.state == "open"


def test_a_row_that_changes_is_seen(employer: object, rows: Rows) -> None:
    before = rows.now()
    rows.connection.execute("UPDATE registry_employer SET name = 'PT Lain'")
    assert changed(before, rows.now()) == {"registry_employer"}


def test_a_refused_return_changes_no_row(employer: object, rows: Rows) -> None:
    from lumbung.contributions import actions

    state = {"rows": rows.now()}

    def check(content: bytes) -> str:
        before = state["rows"]
        try:
            taken = actions.take_in_return(employer, MONTH, content, file_name="upah", today=TODAY, now=NOW)
        except ReturnRefused:
            assert changed(before, rows.now()) == set()
            return "refused"
        state["rows"] = rows.now()
        assert changed(before, state["rows"]) <= {
            "contributions_return", "contributions_returnline", "payments_paymentcode"
        }  # fmt: skip
        is_whole(employer)
        return "taken in" if taken.is_new else "known"

    fuzzer = Fuzzer([*seeds_of(KNOWN) * 3, *seeds_of(CORPUS)], check, "take-in")
    fuzzer.run(SECONDS * 0.8)
    assert set(fuzzer.seen) >= {"refused", "taken in"}, fuzzer.seen


def test_a_refused_bank_file_changes_no_row(employer: object, rows: Rows) -> None:
    from lumbung.contributions import actions as contributions
    from lumbung.payments import actions

    taken = contributions.take_in_return(employer, MONTH, KNOWN[0].content, today=TODAY, now=NOW)
    code = taken.returned.payment_code
    paid = HEADER + f"{code.code},{code.amount},2025-11-03,BCA-9\n".encode()
    state = {"rows": rows.now()}

    def check(content: bytes) -> str:
        before = state["rows"]
        try:
            actions.take_in_bank_file(content, today=TODAY, now=NOW)
        except BankFileRefused:
            assert changed(before, rows.now()) == set()
            return "refused"
        state["rows"] = rows.now()
        return "taken in" if state["rows"] != before else "known"

    fuzzer = Fuzzer([*BANK_FILES, paid, *seeds_of(CORPUS)[:3]], check, "bank-take-in")
    fuzzer.run(SECONDS * 0.2)
    assert set(fuzzer.seen) >= {"refused", "taken in"}, fuzzer.seen
