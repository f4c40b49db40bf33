"""The whole books: a month of all members posted, what it takes to store, proved, and read back."""

import argparse
import os
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import psycopg
from psycopg import sql

from benchmarks import development, months
from benchmarks.measuring import Result, in_turns, seconds, speed
from benchmarks.months import Batch
from benchmarks.peer import Peer
from lumbung.law.month import Month
from lumbung.ledger import queries

Side = Callable[[Batch, Month], None]
LAST = Month(2024, 11)  # the year 2024 can be credited in January 2025
BLOCK = 1 << 20
_SQL = Path(__file__).parent
PLAIN_SUMS = """
    SELECT count(*), sum(summed.lines), count(*) FILTER (
        WHERE (a.contribution_total, a.development_total, a.withdrawal_total, a.pension_total)
           <> (summed.contribution, summed.development, summed.withdrawal, summed.pension))
    FROM (
        SELECT member_number, count(*) AS lines, sum(contribution) AS contribution,
               sum(development) AS development, sum(withdrawal) AS withdrawal, sum(pension) AS pension
        FROM public.ledger_memberline GROUP BY member_number
    ) AS summed JOIN public.ledger_memberaccount AS a USING (member_number)
"""
BARE_ACCOUNTS = "INSERT INTO bare.account (member_number) SELECT unnest(%s::text[]) ORDER BY 1"
# Accounts and lines that are not the same on all sides.
SAME = """
    SELECT (SELECT count(*) FROM public.ledger_memberaccount AS a FULL JOIN bare.account AS b USING (member_number)
            WHERE a IS DISTINCT FROM b),
           (SELECT count(*) FROM public.ledger_memberline) - (SELECT count(*) FROM bare.line),
           (SELECT count(*) FROM public.ledger_memberline) - (SELECT count(*) FROM bare.copied)
"""
SELECT = (
    "SELECT contribution_total, development_total, withdrawal_total, pension_total, pension_months_total,"
    " last_book_day FROM public.ledger_memberaccount WHERE member_number = %s"
)
STORED = """
    SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'ledger\\_%' AND c.relkind IN ('r', 'm')
"""


def run(options: argparse.Namespace) -> Iterator[Result]:
    """The months come first: everything else here is measured on them."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        yield from _Posting(options, owner).run()
        lines = options.members * (options.months + 1)
        row = owner.execute(STORED).fetchone()
        assert row is not None
        each = float(row[0]) / lines
        words = f"{each:.0f} bytes in {options.months + 1} months, {options.members:,} accounts included"
        yield Result("storage_bytes", each, words, {"bytes": float(row[0]), "lines": lines})
        owner.execute("VACUUM (ANALYZE)")
        if {"check_of_500k_lines", "check_of_plain_sums"} & set(options.names):
            yield from _check(options, lines)
        if {"development_of_swap", "development_of_swap_unweighed"} & set(options.names):
            first = months.paid_on(LAST - options.months).year
            yield from development.run(options, owner, list(range(first, LAST.year + 1)))
    if "balance_of_prepared_select" in options.names:
        yield from _balance(options)


class _Posting:
    """A month of all members, posted by us, by the bare statement and by COPY, which take turns."""

    def __init__(self, options: argparse.Namespace, owner: psycopg.Connection) -> None:
        self.options, self.owner = options, owner
        self.first = LAST - options.months
        self.spooled = Path(os.environ["LUMBUNG_HOME"]) / "lines"
        self.times: dict[str, list[float]] = {"post": [], "bare": [], "copy": []}

    def run(self) -> Iterator[Result]:
        self._make_bare()
        for number in range(self.options.months + 1):
            month = self.first + number
            spent = dict.fromkeys(self.times, 0.0)
            for batch in months.batches(0, self.options.members):
                if number == 0:
                    self.owner.execute(BARE_ACCOUNTS, [_array(batch.numbers)])
                sides: list[tuple[str, Side]] = [("post", self._post), ("bare", self._bare)]
                for name, side in sides if number % 2 else reversed(sides):
                    spent[name] += seconds(side, batch, month)
                self._spool(batch, month)
                spent["copy"] += seconds(self._copy)
            if number:  # the first month makes our accounts, and warms up
                for name, taken in spent.items():
                    self.times[name].append(taken)
        self.spooled.unlink()
        row = self.owner.execute(SAME).fetchone()
        assert row == (0, 0, 0), "the sides have the same books at the end"
        yield from self._results()

    def _results(self) -> Iterator[Result]:
        rates = {name: self.options.members / median(taken) for name, taken in self.times.items()}
        for name, side, words in (
            ("month_of_bare_statement", "bare", "bare statement"),
            ("month_of_copy", "copy", "COPY"),
        ):
            figures = {"lines_per_second": rates["post"], f"{side}_lines_per_second": rates[side]}
            told = f"{rates['post']:,.0f} lines/s; {words} {rates[side]:,.0f}"
            yield Result(name, speed(self.times["post"], self.times[side]), told, figures)
        if "month_of_hordak_bulk" in self.options.names:
            with Peer() as peer:
                rate = _peer_rate(peer, self.options)
            words = f"hordak {rate:,.0f} lines/s, {self.options.peer:,} members"
            yield Result("month_of_hordak_bulk", rates["post"] / rate, words, {"hordak_lines_per_second": rate})

    def _post(self, batch: Batch, month: Month) -> None:
        months.post(batch, month, key=_key(batch, month))

    def _bare(self, batch: Batch, month: Month) -> None:
        day = months.paid_on(month)
        arguments = {"key": _key(batch, month), "day": day, "book_day": day, "month": month.first_day}
        columns = ("numbers", "contributions", "pensions")
        arguments |= {name: _array(getattr(batch, name)) for name in columns}
        assert self.owner.execute(self.statement, arguments).rowcount == len(batch)

    def _spool(self, batch: Batch, month: Month) -> None:
        """The lines that we posted, sorted, as COPY will take them."""
        statement = sql.SQL(
            "COPY (SELECT * FROM public.ledger_memberline WHERE book_day = {} AND member_number BETWEEN {} AND {}"
            " ORDER BY member_number) TO STDOUT (FORMAT binary)"
        ).format(months.paid_on(month), batch.numbers[0], batch.numbers[-1])
        with open(self.spooled, "wb") as lines, self.owner.cursor() as cursor, cursor.copy(statement) as copy:
            for block in copy:
                lines.write(block)

    def _copy(self) -> None:
        statement = "COPY bare.copied FROM STDIN (FORMAT binary)"
        with open(self.spooled, "rb") as lines, self.owner.cursor() as cursor, cursor.copy(statement) as copy:
            while block := lines.read(BLOCK):
                copy.write(block)

    def _make_bare(self) -> None:
        """The other sides' tables, and for all sides the partitions, which sealing makes ahead."""
        self.owner.execute((_SQL / "bare.sql").read_text())
        self.statement = (_SQL / "bare_post.sql").read_text()
        for number in range(self.options.months + 1):
            month = self.first + number + 1
            self.owner.execute("SELECT public.ledger_prepare_months(%s)", [month.first_day])
            for table in ("line", "copied"):
                partition = sql.Identifier("bare", f"{table}_{month}")
                statement = sql.SQL("CREATE TABLE {} PARTITION OF {} FOR VALUES FROM ({}) TO ({})").format(
                    partition, sql.Identifier("bare", table), str(month.first_day), str((month + 1).first_day)
                )
                self.owner.execute(statement)


def _key(batch: Batch, month: Month) -> str:
    return f"bench:{month}:{batch.numbers[0]}"


def _array(column: Sequence[object]) -> str:
    """A column as PostgreSQL writes arrays, much faster than the driver does; so does the ledger."""
    return "{" + ",".join(map(str, column)) + "}"


def _check(options: argparse.Namespace, lines: int) -> Iterator[Result]:
    """The proof of the whole books, against the plainest one in SQL."""

    def ours(number: int) -> None:
        report = queries.check()
        assert (report.lines, report.faults) == (lines, ())

    def plain(number: int) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            connection.execute("SET work_mem = '256MB'; SET jit = off")
            assert connection.execute(PLAIN_SUMS).fetchone() == (options.members, lines, 0)

    mine, theirs = in_turns(options.rounds, ours, plain)
    rate = lines / median(mine)
    words = f"{rate:,.0f} lines/s, {lines:,} lines"
    yield Result("check_of_500k_lines", rate / 500_000, words, {"lines_per_second": rate, "lines": lines})
    plainly = lines / median(theirs)
    words = f"{rate:,.0f} lines/s; plain sums {plainly:,.0f}"
    yield Result("check_of_plain_sums", speed(mine, theirs), words, {"plain_lines_per_second": plainly})


def _balance(options: argparse.Namespace) -> Iterator[Result]:
    numbers = [f"{random.Random(7).randrange(options.members):011d}" for _ in range(options.reads)]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:

        def ours(number: int) -> None:
            for member_number in numbers:
                queries.balance(member_number, None)

        def select(number: int) -> None:
            for member_number in numbers:
                connection.execute(SELECT, [member_number], prepare=True).fetchone()

        mine, theirs = in_turns(options.rounds, ours, select)
    each, other = (median(taken) / len(numbers) * 1000 for taken in (mine, theirs))
    words = f"{each:.3f} ms; prepared select {other:.3f} ms"
    yield Result("balance_of_prepared_select", speed(mine, theirs), words, {"ms": each, "select_ms": other})


def _peer_rate(peer: Peer, options: argparse.Namespace) -> float:
    """Lines a second of the peer, which posts the members of a month in one transaction."""
    members = options.peer
    peer.ask("open", members=members)
    peer.ask("warm_up", members=members, batch=members)
    return members / median(peer.ask("bulk", members=members, batch=members) for _ in range(options.rounds))
