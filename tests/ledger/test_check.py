"""`lumbung ledger check` names each kind of corruption, and finds none in clean books."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner
from django.db import connection, connections, transaction
from samples import ANI, BUDI, CITRA, DEWI, EKA, NOW, contribution, development, receipt, withdrawal

from lumbung.cli.ledger import command
from lumbung.ledger import actions, queries
from lumbung.ledger.models import Entry
from lumbung.ledger.proof import MEANINGS, Fault

LATER = NOW + timedelta(days=40)


def keep_books() -> None:
    """Two book months, entries with and without members, a reversal and corrections; six are sealed."""
    actions.post(contribution("r:1", {ANI: (570, 300), BUDI: (285, 150), CITRA: (100, 0)}), now=NOW)  # 1
    actions.post(receipt("b:1", 1000), now=NOW)  # 2
    actions.post(development("d:1", {ANI: 40, BUDI: 20}), now=NOW)  # 3
    wrong = actions.post(contribution("r:2", {ANI: (570, 300), BUDI: (285, 150)}), now=LATER)  # 4
    actions.post(withdrawal("w:1", {ANI: 200}), now=LATER)  # 5
    actions.reverse(wrong.entry_id, key="x:4", reason="wrong month", now=LATER)  # 6
    actions.seal()
    actions.post(receipt("b:2", 500), now=LATER)  # 7
    halved = actions.post(contribution("r:3", {DEWI: (50, 5), EKA: (60, 0)}), now=LATER)  # 8
    for key, number, old_age, pension in (("c:9", DEWI, 50, 5), ("c:10", EKA, 60, 0)):
        control = [("member_old_age", old_age), ("member_pension", pension), ("bank", -old_age - pension)]
        control = [line for line in control if line[1]]
        actions.correct(halved.entry_id, [number], control=control, key=key, reason="wrong wage", now=LATER)


# What is planted as superuser with the guards off, and the faults that check must name: no more, no less.
SUB_LEDGER = ("control_account", "account member_old_age")
LIE = (
    "UPDATE ledger_memberline SET contribution = contribution + 1, contribution_total = contribution_total + 1"
    " WHERE member_number LIKE '%9012';"
    "UPDATE ledger_memberaccount SET contribution_total = contribution_total + 1 WHERE member_number LIKE '%9012'"
)
WIDER_LIE = (
    f"{LIE};UPDATE ledger_controlline SET amount = amount - 1 WHERE entry_id = 1 AND account = 'member_old_age';"
    "UPDATE ledger_controlline SET amount = amount + 1 WHERE entry_id = 1 AND account = 'bank'"
)
AGAIN = (
    "INSERT INTO ledger_entry OVERRIDING SYSTEM VALUE SELECT 11, recorded_at, NULL, 1, control_count, day, 'c:11',"
    " kind, reason, digest, corrects FROM ledger_entry WHERE id = 9;"
    "INSERT INTO ledger_controlline SELECT 11, amount, position, account FROM ledger_controlline"
    " WHERE entry_id = 9"
)
LINE = "member_number = '10000000001' AND position = {}"
ANI_, BUDI_, CITRA_ = "member •••••••0001", "member •••••••0002", "member ••••••••9012"
CORRUPTIONS: dict[str, tuple[str, set[tuple[str, str]]]] = {
    "nothing": ("SELECT 1", set()),
    "an account's balance": (
        "UPDATE ledger_memberaccount SET contribution_total = contribution_total + 1"
        " WHERE member_number LIKE '%0001'",
        {("account_total", ANI_), SUB_LEDGER},
    ),
    "one account's money on another": (
        "UPDATE ledger_memberaccount SET pension_total = pension_total"
        " + CASE WHEN member_number LIKE '%0001' THEN 50 ELSE -50 END WHERE member_number LIKE '1000%'",
        {("account_total", ANI_), ("account_total", BUDI_)},
    ),
    "an account's months": (
        "UPDATE ledger_memberaccount SET pension_months_total = 7 WHERE member_number LIKE '%0001'",
        {("account_total", ANI_)},
    ),
    "an account's last position": (
        "UPDATE ledger_memberaccount SET last_position = last_position + 1 WHERE member_number LIKE '%0001'",
        {("account_total", ANI_), ("account_last_line", ANI_)},
    ),
    "an account's last day": (
        "UPDATE ledger_memberaccount SET last_book_day = last_book_day - 1 WHERE member_number LIKE '%0001'",
        {("account_last_line", ANI_)},
    ),
    "an account that is gone": (
        "DELETE FROM ledger_memberaccount WHERE member_number LIKE '%9012'",
        {("account_missing", CITRA_), SUB_LEDGER},
    ),
    "an account from nowhere": (
        "INSERT INTO ledger_memberaccount VALUES (5, 0, 0, 0, 0, 1, '2025-03-11', '777')",
        {
            ("account_total", "member •••"),
            ("account_last_line", "member •••"),
            SUB_LEDGER,
        },
    ),
    "the amount of a line": (
        f"UPDATE ledger_memberline SET contribution = contribution + 1 WHERE {LINE.format(1)}",
        {("running_total", ANI_), ("lines_against_control", "entry 1"), ("digest", "entry 1")},
    ),
    "the total of a line": (
        f"UPDATE ledger_memberline SET development_total = 41 WHERE {LINE.format(2)}",
        {("running_total", ANI_)},
    ),
    "the months of a line": (
        f"UPDATE ledger_memberline SET pension_months = 0 WHERE {LINE.format(1)}",
        {("running_total", ANI_), ("digest", "entry 1")},
    ),
    "a consistent lie about one member": (
        LIE,
        {
            ("lines_against_control", "entry 1"),
            ("digest", "entry 1"),
            SUB_LEDGER,
        },
    ),
    "a consistent lie about a member and the general ledger": (
        WIDER_LIE,
        {("digest", "entry 1")},
    ),
    "that lie with the digest recomputed": (
        f"{WIDER_LIE};UPDATE ledger_entry AS e SET digest ="
        " ledger_entry_digest(e.key, e.kind, e.day, e.reverses, e.reason,"
        " (SELECT string_agg(concat(account, '|', amount), E'\\n' ORDER BY position) FROM ledger_controlline"
        " WHERE entry_id = 1), (SELECT sha256(convert_to(string_agg(ledger_line_facts(member_number,"
        " contribution_month, contribution, development, withdrawal, pension, pension_months), E'\\n'"
        " ORDER BY member_number), 'UTF8')) FROM ledger_memberline WHERE entry_id = 1)) WHERE id = 1",
        {("seal", "entry 1")},
    ),
    "a line's member": (
        f"UPDATE ledger_memberline SET member_number = '777' WHERE {LINE.format(1)}",
        {("position", ANI_), ("running_total", ANI_), ("account_missing", "member •••"), ("digest", "entry 1")},
    ),
    "a line's position": (
        f"UPDATE ledger_memberline SET position = 9 WHERE {LINE.format(2)}",
        {("position", ANI_), ("running_total", ANI_), ("account_total", ANI_)},
    ),
    "a line's month": (
        f"UPDATE ledger_memberline SET contribution_month = '2025-01-01' WHERE {LINE.format(1)}",
        {("digest", "entry 1")},
    ),
    "a line's value date": (
        f"UPDATE ledger_memberline SET day = day - 1 WHERE {LINE.format(1)}",
        {("line_day", "entry 1")},
    ),
    "a line's book day": (
        f"UPDATE ledger_memberline SET book_day = book_day - 1 WHERE {LINE.format(1)}",
        {("line_day", "entry 1")},
    ),
    "a line of an earlier month": (
        "UPDATE ledger_memberline SET book_day = '2025-03-15' WHERE member_number LIKE '%0002' AND position = 3",
        # The entry's lines now lie in two partitions, and each of them counts too few.
        {
            ("line_day", "entry 4"),
            ("line_count", "entry 4"),
            ("lines_against_control", "entry 4"),
            ("digest", "entry 4"),
            ("reversal", "entry 6"),
        },
    ),
    "a line that is gone": (
        f"DELETE FROM ledger_memberline WHERE {LINE.format(2)}",
        {
            ("position", ANI_),
            ("running_total", ANI_),
            ("line_count", "entry 3"),
            ("lines_against_control", "entry 3"),
            ("digest", "entry 3"),
        },
    ),
    "a last line that is gone": (
        f"DELETE FROM ledger_memberline WHERE {LINE.format(5)}",
        {
            ("account_total", ANI_),
            ("account_last_line", ANI_),
            ("line_count", "entry 6"),
            ("lines_against_control", "entry 6"),
            ("digest", "entry 6"),
            ("reversal", "entry 6"),
        },
    ),
    "all lines of an entry that are gone": (
        "DELETE FROM ledger_memberline WHERE entry_id = 5",
        {("position", ANI_), ("running_total", ANI_), ("line_count", "entry 5")},
    ),
    "a line twice": (
        "INSERT INTO ledger_memberline SELECT entry_id, contribution, development, withdrawal, pension,"
        " contribution_total, development_total, withdrawal_total, pension_total, pension_months_total,"
        " position + 1, book_day, day, contribution_month, pension_months, member_number FROM ledger_memberline"
        " WHERE member_number LIKE '%9012'",
        {
            ("running_total", CITRA_),
            ("account_total", CITRA_),
            ("line_count", "entry 1"),
            ("lines_against_control", "entry 1"),
            ("digest", "entry 1"),
        },
    ),
    "lines of an entry that is gone": (
        "DELETE FROM ledger_entry WHERE id = 3",
        {
            ("line_without_entry", "entry 3"),
            ("control_line_without_entry", "entry 3"),
            ("control_count", "entry 3"),
            ("seal", "entry 3"),
        },
    ),
    "an entry's reason": ("UPDATE ledger_entry SET reason = 'x' WHERE id = 7", {("digest", "entry 7")}),
    "an entry's key": ("UPDATE ledger_entry SET key = 'x' WHERE id = 1", {("digest", "entry 1")}),
    "an entry's value date": (
        "UPDATE ledger_entry SET day = day - 1 WHERE id = 1",
        {("digest", "entry 1"), ("line_day", "entry 1")},
    ),
    "an entry's book time": (
        "UPDATE ledger_entry SET recorded_at = recorded_at - interval '1 minute' WHERE id = 2",
        {("seal", "entry 2")},
    ),
    "an entry's count": ("UPDATE ledger_entry SET line_count = 9 WHERE id = 1", {("line_count", "entry 1")}),
    "an entry's digest": (
        "UPDATE ledger_entry SET digest = sha256('') WHERE id = 2",
        {("digest", "entry 2"), ("seal", "entry 2")},
    ),
    "an entry from nowhere": (
        "INSERT INTO ledger_entry OVERRIDING SYSTEM VALUE VALUES"
        " (99, '2025-04-20 05:00+00', NULL, 0, 2, '2025-03-10', 'k', 'receipt', '', sha256(''))",
        {("control_count", "entry 99"), ("digest", "entry 99")},
    ),
    "a control line": (
        "UPDATE ledger_controlline SET amount = amount + 1 WHERE entry_id = 2 AND position = 1",
        {("unbalanced", "entry 2"), ("digest", "entry 2")},
    ),
    "a control line that is gone": (
        "DELETE FROM ledger_controlline WHERE entry_id = 7 AND position = 2",
        {("unbalanced", "entry 7"), ("control_count", "entry 7"), ("digest", "entry 7")},
    ),
    "a control line's account": (
        "UPDATE ledger_controlline SET account = 'fines' WHERE entry_id = 2 AND position = 2",
        {("digest", "entry 2")},
    ),
    "a members' control line's account": (
        "UPDATE ledger_controlline SET account = 'fines' WHERE entry_id = 3 AND account = 'member_old_age'",
        {
            ("digest", "entry 3"),
            ("lines_against_control", "entry 3"),
            SUB_LEDGER,
        },
    ),
    "an account nobody knows": (
        "DELETE FROM ledger_controlaccount WHERE code = 'suspense'",
        {("unknown_account", "entry 2"), ("unknown_account", "entry 7")},
    ),
    "control lines of nothing": (
        "INSERT INTO ledger_controlline VALUES (98, 5, 1, 'bank'), (98, -5, 2, 'fines')",
        {("control_line_without_entry", "entry 98"), ("control_count", "entry 98")},
    ),
    "a member's money on an entry without members": (
        "UPDATE ledger_controlline SET account = 'member_pension' WHERE entry_id = 7 AND position = 2",
        {
            ("digest", "entry 7"),
            ("lines_against_control", "entry 7"),
            ("control_account", "account member_pension"),
        },
    ),
    "a seal's digest": (
        "UPDATE ledger_seal SET digest = sha256('') WHERE sequence = 2",
        {("seal", "entry 2"), ("seal", "entry 3")},
    ),
    "a seal that is gone": (
        "DELETE FROM ledger_seal WHERE sequence = 2",
        {("seal", "entry 3"), ("seal", "entry 4"), ("seal", "entry 5"), ("seal", "entry 6")},
    ),
    "a seal's time": (
        "UPDATE ledger_seal SET booked_to = booked_to + interval '1 second' WHERE sequence = 6",
        {("seal", "entry 6")},
    ),
    "a reversal that does not mirror": (
        "UPDATE ledger_entry SET reverses = 5 WHERE id = 6",
        {("digest", "entry 6"), ("reversal", "entry 6")},
    ),
    "a correction of another entry": (
        "UPDATE ledger_entry SET corrects = 1 WHERE id = 9",
        {("digest", "entry 9"), ("correction", "entry 9")},
    ),
    "a correction of a correction": (
        "UPDATE ledger_entry SET corrects = 9 WHERE id = 10",
        {("digest", "entry 10"), ("correction", "entry 10")},
    ),
    "a correction of other amounts": (
        "UPDATE ledger_memberline SET pension_months = 0, pension_months_total = 1 WHERE entry_id = 9;"
        " UPDATE ledger_memberaccount SET pension_months_total = 1 WHERE member_number LIKE '2%4'",
        {("digest", "entry 9"), ("correction", "entry 9")},
    ),
    "a correction that is none": (
        "UPDATE ledger_entry SET corrects = NULL, kind = 'receipt' WHERE id = 9",
        {("digest", "entry 9")},
    ),
    "a line that is taken back twice": (
        f"{AGAIN};INSERT INTO ledger_memberline SELECT 11, contribution, 0, 0, pension, contribution_total - 50,"
        " 0, 0, pension_total - 5, pension_months_total - 1, 3, book_day, day, contribution_month, pension_months,"
        " member_number FROM ledger_memberline WHERE entry_id = 9;"
        " ALTER TABLE ledger_memberaccount DROP CONSTRAINT ledger_memberaccount_overdrawn_check;"
        " UPDATE ledger_memberaccount SET last_position = 3, contribution_total = -50, pension_total = -5,"
        " pension_months_total = -1 WHERE member_number LIKE '2%4'",
        {("digest", "entry 11"), ("correction", "entry 9"), ("correction", "entry 11")},
    ),
    "an entry that is reversed and corrected": (
        "UPDATE ledger_entry SET reverses = 8, corrects = NULL, kind = 'reversal' WHERE id = 10",
        {("digest", "entry 10"), ("reversal", "entry 10"), ("correction", "entry 9")},
    ),
    "a reversal of other lines": (
        "UPDATE ledger_memberline SET pension_months = 0, pension_months_total = pension_months_total + 1"
        " WHERE entry_id = 6;"
        " UPDATE ledger_memberaccount SET pension_months_total = pension_months_total + 1"
        " WHERE member_number LIKE '1000%'",
        {("digest", "entry 6"), ("reversal", "entry 6")},
    ),
}


@pytest.fixture
def corruptible(clone: object, superuser_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Books in a database where this test is the superuser."""
    keep_books()
    connections.close_all()
    parts = urlsplit(superuser_url)
    monkeypatch.setitem(connections.settings["default"], "USER", unquote(parts.username or ""))
    monkeypatch.setitem(connections.settings["default"], "PASSWORD", unquote(parts.password or ""))
    del connections["default"]  # the next use makes a connection with these settings
    yield
    connections.close_all()
    del connections["default"]


@contextmanager
def planted(statements: str) -> Iterator[None]:
    """The corruption stands inside, and is undone afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = 'replica'")
            for statement in statements.split(";"):
                cursor.execute(statement)
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("corruptible")
def test_check_names_each_kind_of_corruption() -> None:
    found, expected = {}, {}
    for name, (statements, faults) in CORRUPTIONS.items():
        with planted(statements):
            found[name] = {(fault.kind, fault.where) for fault in queries.check().faults}
        expected[name] = faults
    assert found == expected
    assert queries.check().faults == (), "every corruption was undone"


def test_every_kind_of_fault_was_planted() -> None:
    planted_kinds = {kind for _, faults in CORRUPTIONS.values() for kind, _ in faults}
    assert planted_kinds == set(MEANINGS)


@pytest.mark.django_db
def test_empty_books_are_in_order() -> None:
    report = queries.check()
    assert (report.entries, report.lines, report.accounts, report.faults) == (0, 0, 0, ())


@pytest.mark.django_db
def test_progress_ends_with_all_lines() -> None:
    keep_books()
    told: list[tuple[int, int]] = []
    queries.check(lambda done, total: told.append((done, total)))
    assert told[-1] == (14, 14)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.usefixtures("clone")
def test_the_command_says_what_it_counted() -> None:
    keep_books()
    shown = CliRunner().invoke(command, ["check"])
    assert shown.exit_code == 0
    assert shown.stdout == (
        "10 entries, 25 control lines, 14 lines, 5 accounts, 6 seals (4 entries not sealed yet), 0 faults\n"
    )
    data = json.loads(CliRunner().invoke(command, ["check", "--json"]).stdout)
    assert data == {
        "entries": 10, "control_lines": 25, "lines": 14, "accounts": 5, "seals": 6, "unsealed": 4, "faults": [],
    }  # fmt: skip


@pytest.mark.usefixtures("corruptible")
def test_the_command_fails_on_a_fault_and_shows_no_member_number() -> None:
    with planted(
        "UPDATE ledger_memberaccount SET pension_total = pension_total + 1 WHERE member_number LIKE '%0001'"
    ):
        shown = CliRunner().invoke(command, ["check"])
        data = CliRunner().invoke(command, ["check", "--json"])
    assert (shown.exit_code, data.exit_code) == (1, 1)
    assert "account_total" in shown.stdout
    assert "2 faults" in shown.stdout
    assert ANI not in shown.stdout + data.stdout
    kinds = {(fault["kind"], fault["where"]) for fault in json.loads(data.stdout)["faults"]}
    assert kinds == {("account_total", ANI_), ("control_account", "account member_pension")}


@pytest.mark.usefixtures("clone")
def test_the_command_seals_and_reverses() -> None:
    keep_books()
    assert CliRunner().invoke(command, ["seal"]).stdout == "4 entries sealed\n"
    first = CliRunner().invoke(command, ["reverse", "1", "--reason", "wrong employer"])
    again = CliRunner().invoke(command, ["reverse", "1", "--reason", "wrong employer"])
    # Ani's withdrawal was paid out of the money of entry 1.
    assert (first.exit_code, again.exit_code) == (1, 1)
    assert "Refused" in first.stderr
    done = CliRunner().invoke(command, ["reverse", "2", "--reason", "bounced"])
    assert done.stdout == f"Entry 2 is reversed by entry {Entry.objects.get(reverses=2).pk}.\n"
    assert "already" in CliRunner().invoke(command, ["reverse", "2", "--reason", "bounced"]).stdout
    assert "Refused" in CliRunner().invoke(command, ["reverse", "2", "--reason", "other"]).stderr
    for absent in ("999", str(2**63), "9" * 40):
        assert f"no entry {absent}." in CliRunner().invoke(command, ["reverse", absent, "--reason", "x"]).stderr
    for day in ("0001-01-01", "9999-12-31"):
        odd = CliRunner().invoke(command, ["reverse", "7", "--reason", "x", "--day", day])
        assert "impossible day" in odd.stderr
    assert CliRunner().invoke(command, ["reverse", "5", "--reason", "a\nb"]).exit_code == 2
    assert queries.check().faults == ()


@pytest.mark.usefixtures("corruptible")
def test_the_nightly_job_fails_on_a_fault() -> None:
    actions.check_nightly(0)
    with (
        planted("UPDATE ledger_seal SET digest = sha256('') WHERE sequence = 6"),
        pytest.raises(AssertionError, match="1 faults"),
    ):
        actions.check_nightly(0)


def test_a_fault_says_what_it_means() -> None:
    assert Fault("seal", "entry 1").meaning == "the chain of digests is broken"
