"""A closed year lies in one partition, and nothing about it is different."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection, connections
from samples import ANI, BUDI, CITRA, contribution, development, plain, withdrawal

from lumbung.cli.ledger import command
from lumbung.ledger import actions, errors, queries
from lumbung.ledger.models import MemberLine
from waiting import wait_until_blocked

pytestmark = pytest.mark.usefixtures("clone")
LINES = "SELECT * FROM ledger_memberline ORDER BY member_number, book_day, position"
PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'ledger_memberline'::regclass"


def at(year: int, month: int, day: int = 10, hour: int = 3) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def keep_books() -> None:
    """Bookings in six months of 2023, some of 2024 and the first of 2025, with what takes back some of them."""
    for month in (1, 2, 3, 7, 8, 12):
        lines = {ANI: (100 + month, 50), BUDI: (200, 0), CITRA: (month, month)}
        actions.post(contribution(f"r:{month}", lines, day=date(2023, month, 5)), now=at(2023, month))
    wrong = actions.post(contribution("r:x", {ANI: (7, 7), BUDI: (8, 0)}, day=date(2023, 12, 5)), now=at(2023, 12))
    actions.post(development("d:1", {ANI: 40, BUDI: 20}, day=date(2023, 12, 31)), now=at(2024, 1))
    control = (("member_old_age", 7), ("member_pension", 7), ("bank", -14))
    actions.correct(wrong.entry_id, [ANI], control=control, key="c:1", reason="x", now=at(2024, 2))
    actions.post(withdrawal("w:1", {CITRA: 20}, day=date(2024, 3, 1)), now=at(2024, 3))
    actions.post(contribution("r:25", {ANI: (9, 9)}, day=date(2025, 1, 5)), now=at(2025, 1))


def state(owner: psycopg.Connection) -> list[object]:
    """All that readers are told."""
    return [
        owner.execute(LINES).fetchall(),
        [queries.history(number) for number in (ANI, BUDI, CITRA)],
        [
            queries.balance(number, date(2023, month, 15))
            for number in (ANI, BUDI, CITRA)
            for month in range(1, 13)
        ],
        queries.check(),
    ]


def names(owner: psycopg.Connection) -> set[str]:
    return {name for (name,) in owner.execute(PARTITIONS) if "_202" in name and name < "ledger_memberline_2026"}


def test_closing_changes_nothing_but_the_place(owner_url: str) -> None:
    keep_books()
    actions.seal()
    with plain(owner_url) as owner:
        before = state(owner)
        assert actions.close_year(2023) == actions.ClosedYear(6, 20)
        assert names(owner) == {"ledger_memberline_2023"} | {
            f"ledger_memberline_{month}" for month in ("2024_01", "2024_02", "2024_03", "2025_01")
        }
        assert state(owner) == before
        assert actions.close_year(2024).months == 3
        assert state(owner) == before
        assert actions.close_year(2023) == actions.ClosedYear(0, 0), "twice is once"
        in_order = owner.execute(
            "SELECT member_number, position FROM ledger_memberline_2023 ORDER BY ctid"
        ).fetchall()
        assert in_order == sorted(in_order)
        bound = owner.execute("SELECT count(*) FROM pg_constraint WHERE conname = 'within'").fetchone()
    assert bound == (0,)
    assert before[-1].faults == ()  # type: ignore[attr-defined]


def test_the_books_go_on_after_closing() -> None:
    keep_books()
    actions.close_year(2023)
    actions.close_year(2024)
    with pytest.raises(errors.WrongBookTime):
        actions.post(contribution("late", {ANI: (1, 0)}, day=date(2023, 12, 5)), now=at(2023, 12, 20))
    wrong = queries.history(BUDI)[-1].entry_id
    actions.reverse(wrong, key="x:1", reason="wrong month", now=at(2025, 1, 11))
    original = queries.history(CITRA, limit=1, offset=3)[0]
    assert original.recorded_at.year == 2023
    control = (("member_old_age", original.contribution), ("member_pension", original.pension))
    control = (*control, ("bank", -original.contribution - original.pension))
    actions.correct(original.entry_id, [CITRA], control=control, key="c:2", reason="x", now=at(2025, 1, 11))
    assert [line.reversed_by is not None for line in queries.history(BUDI)] == [False] * 8 + [True]
    assert queries.check().faults == ()


def test_a_year_that_may_still_get_entries_is_not_closed() -> None:
    actions.post(contribution("r:1", {ANI: (5, 0)}, day=date(2023, 5, 5)), now=at(2023, 5))
    with pytest.raises(errors.YearNotOver, match="2023"):
        actions.close_year(2023)
    # 2024 begins in Jakarta at 17:00 UTC; an hour later nothing of 2023 may come any more.
    almost = datetime(2023, 12, 31, 17, 59, tzinfo=UTC)
    actions.post(contribution("r:2", {ANI: (5, 0)}, day=date(2023, 12, 5)), now=almost)
    with pytest.raises(errors.YearNotOver):
        actions.close_year(2023)
    actions.post(contribution("r:3", {BUDI: (5, 0)}, day=date(2023, 12, 5)), now=almost - timedelta(minutes=60))
    actions.post(contribution("r:4", {BUDI: (5, 0)}, day=date(2023, 12, 5)), now=almost + timedelta(minutes=1))
    assert actions.close_year(2023).lines == 2
    with pytest.raises(errors.YearNotOver):
        actions.close_year(2024)
    assert queries.check().faults == ()


def test_a_closed_year_is_guarded_like_its_months(owner_url: str, app_url: str) -> None:
    keep_books()
    actions.close_year(2023)
    statements = (
        "UPDATE {} SET contribution = 0", "DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {0} SELECT * FROM {0}",
    )  # fmt: skip
    for url, expected in ((owner_url, "LE010"), (app_url, "42501")):
        with plain(url) as connection:
            assert connection.execute("SELECT count(*) FROM ledger_memberline_2023").fetchone() == (20,)
            for statement in statements:
                with pytest.raises(psycopg.Error) as caught:
                    connection.execute(statement.format("ledger_memberline_2023"))  # type: ignore[arg-type]
                assert caught.value.sqlstate == expected
    with plain(owner_url) as owner:
        owner.execute("SELECT ledger_prepare_months('2023-05-01', 11)")
        assert "ledger_memberline_2023_05" not in names(owner)
        assert "ledger_memberline_2024_04" in names(owner)


def test_corruption_of_a_closed_year_is_named(superuser_url: str) -> None:
    keep_books()
    actions.close_year(2023)
    with plain(superuser_url) as superuser:
        superuser.execute("SET session_replication_role = 'replica'")
        superuser.execute(
            "UPDATE ledger_memberline_2023 SET contribution = contribution + 1"
            " WHERE member_number = %s AND position = 2",
            [BUDI],
        )
    kinds = {fault.kind for fault in queries.check().faults}
    assert kinds == {"running_total", "lines_against_control", "digest"}


def test_who_reads_goes_on_and_sees_one_state(app_url: str) -> None:
    """A check that began before closing is waited for; short readers never fail nor see half."""
    keep_books()
    seen: set[int] = set()
    stop = threading.Event()
    failed: list[Exception] = []

    def read() -> None:
        try:
            while not stop.is_set():
                seen.add(len(queries.history(ANI)))
                seen.add(MemberLine.objects.filter(member_number=ANI).count())
        except Exception as wrong:  # noqa: BLE001
            failed.append(wrong)
        finally:
            connections.close_all()

    reader = threading.Thread(target=read)
    with plain(app_url, autocommit=False) as check:
        check.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        check.execute("LOCK TABLE public.ledger_memberline IN ACCESS SHARE MODE")
        lines = check.execute("SELECT count(*) FROM ledger_memberline").fetchone()
        reader.start()
        closing = threading.Thread(target=lambda: (actions.close_year(2023), connections.close_all()))
        closing.start()
        time.sleep(2.5)
        assert closing.is_alive(), "it waits until the check is done"
        assert check.execute("SELECT count(*) FROM ledger_memberline").fetchone() == lines
        assert len(queries.history(ANI)) == 10, "others read meanwhile"
    closing.join(60)
    stop.set()
    reader.join(60)
    assert not failed
    assert seen == {10}
    assert actions.close_year(2023).months == 0


def reverse(line: queries.HistoryLine) -> actions.Posted:
    return actions.reverse(line.entry_id, key="x:1", reason="wrong month", now=at(2025, 1, 11))


def correct(line: queries.HistoryLine) -> actions.Posted:
    amounts = (("member_old_age", line.contribution), ("member_pension", line.pension))
    control = (*amounts, ("bank", -line.contribution - line.pension))
    return actions.correct(
        line.entry_id, [CITRA], control=control, key="x:1", reason="wrong wage", now=at(2025, 1, 11)
    )


@pytest.mark.parametrize("take_back", [reverse, correct])
def test_what_takes_back_an_entry_waits_for_the_swap_and_finds_its_lines(
    take_back: Callable[[queries.HistoryLine], actions.Posted], owner_url: str, superuser_url: str
) -> None:
    """Its snapshot must not be older than the swap: the lines of the closed year would not be in it."""
    keep_books()
    actions.seal()
    line = queries.history(CITRA)[1]
    assert line.recorded_at.year == 2023
    sessions: list[int] = []

    def run() -> actions.Posted:
        try:
            connection.ensure_connection()
            sessions.append(connection.connection.info.backend_pid)
            return take_back(line)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with plain(owner_url, autocommit=False) as closing:
            assert closing.execute("SELECT months FROM ledger_close_year(2023)").fetchone() == (6,)
            taking_back = pool.submit(run)
            wait_until_blocked(superuser_url, sessions)
        posted = taking_back.result(60)
    assert posted.is_new
    assert [found.reversed_by for found in queries.history(CITRA)][2] == posted.entry_id
    assert queries.check().faults == ()


def test_the_command_closes_and_says_so() -> None:
    keep_books()
    done = CliRunner().invoke(command, ["close-year", "2023"])
    assert (done.exit_code, done.stdout) == (0, "2023 is closed: 20 lines of 6 months lie in one place.\n")
    again = CliRunner().invoke(command, ["close-year", "2023"])
    assert "already" in again.stdout
    early = CliRunner().invoke(command, ["close-year", "2025"])
    assert early.exit_code == 1
    assert "may still get entries of 2025" in early.stderr
    assert CliRunner().invoke(command, ["close-year", "99"]).exit_code == 2
