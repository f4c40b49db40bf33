"""Many entries in one statement: each as if it had been posted alone, all of them or none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from samples import ANI, BUDI, CITRA, DAY, MONTH, NOW, contribution, development, receipt, withdrawal

from lumbung.ledger import actions, errors, queries
from lumbung.ledger.drafts import Draft, MemberLines
from lumbung.ledger.models import ControlLine, Entry, MemberAccount, MemberLine

pytestmark = pytest.mark.django_db
FARTHER = "99"
SET = [
    contribution("r:1", {ANI: (570, 300), BUDI: (285, 0)}),
    receipt("b:1", 1000),
    contribution("r:2", {ANI: (100, 50), CITRA: (70, 0)}, month=date(2025, 1, 1), day=DAY - timedelta(days=9)),
    development("d:1", {ANI: 40, BUDI: 20}),
    withdrawal("w:1", {BUDI: 305}),
]


def books() -> dict[str, list[tuple[Any, ...]]]:
    """All that the books hold, with keys instead of ids."""
    keys = dict(Entry.objects.values_list("pk", "key"))
    lines = MemberLine.objects.order_by("member_number", "position").values_list(
        "entry_id", "member_number", "position", "book_day", "day", "contribution_month", "contribution",
        "development", "withdrawal", "pension", "pension_months", "contribution_total", "development_total",
        "withdrawal_total", "pension_total", "pension_months_total",
    )  # fmt: skip
    control = ControlLine.objects.values_list("entry_id", "position", "account_id", "amount")
    entries = Entry.objects.order_by("key").values_list(
        "key", "kind", "day", "recorded_at", "reason", "line_count", "control_count", "digest"
    )
    return {
        "entries": [(*entry[:-1], bytes(entry[-1])) for entry in entries],
        "control": sorted((keys[line[0]], *line[1:]) for line in control),
        "lines": [(keys[line[0]], *line[1:]) for line in lines],
        "accounts": list(MemberAccount.objects.order_by("pk").values_list()),
    }


def one_by_one(drafts: Sequence[Draft]) -> dict[str, list[tuple[Any, ...]]]:
    """The books as they would be, each draft posted alone; undone."""
    with transaction.atomic():
        for draft in drafts:
            actions.post(draft, now=NOW)
        found = books()
        transaction.set_rollback(True)
    return found


def test_a_set_leaves_the_books_as_its_drafts_one_by_one_do() -> None:
    expected = one_by_one(SET)
    posted = actions.post_set(SET, now=NOW)
    assert books() == expected
    assert [one.is_new for one in posted] == [True] * len(SET)
    assert [Entry.objects.get(pk=one.entry_id).key for one in posted] == [draft.key for draft in SET]
    assert [one.entry_id for one in posted] == sorted(one.entry_id for one in posted), "ids follow the drafts"
    assert queries.check().faults == ()


def test_a_member_in_several_drafts_has_his_lines_in_their_order() -> None:
    actions.post_set([contribution(f"r:{number}", {ANI: (number, 0)}) for number in (5, 3, 9)], now=NOW)
    lines = [(line.position, line.contribution, line.old_age_balance) for line in queries.history(ANI)]
    assert lines == [(3, 9, 17), (2, 3, 8), (1, 5, 5)]


def test_any_mix_of_known_and_new_keys_is_fine() -> None:
    first = actions.post(SET[2], now=NOW)
    posted = actions.post_set(SET[:3], now=NOW + timedelta(days=1))
    assert [one.is_new for one in posted] == [True, True, False]
    assert posted[2].entry_id == first.entry_id
    again = actions.post_set(SET[:3], now=NOW + timedelta(days=2))
    assert again == [replace(one, is_new=False) for one in posted]
    assert MemberLine.objects.count() == 4
    assert queries.check().faults == ()


def test_a_draft_twice_in_a_set_is_posted_once() -> None:
    posted = actions.post_set([SET[0], SET[1], SET[0]], now=NOW)
    assert [one.is_new for one in posted] == [True, True, False]
    assert posted[0].entry_id == posted[2].entry_id
    assert queries.balance(ANI, None).old_age_balance == 570
    assert queries.check().faults == ()


def test_no_drafts_are_no_entries() -> None:
    assert actions.post_set([], now=NOW) == []


def test_reasons_of_any_kind_arrive_as_they_are() -> None:
    reasons = ['with "quotes", {braces} and \\ strokes', "", "NULL", "a, b", " "]
    drafts = [replace(receipt(f"b:{number}", 5), reason=reason) for number, reason in enumerate(reasons)]
    posted = actions.post_set(drafts, now=NOW)
    assert [Entry.objects.get(pk=one.entry_id).reason for one in posted] == reasons
    assert queries.check().faults == ()


@pytest.mark.parametrize(
    ("refusal", "wrong"),
    [
        (errors.KeyReused, contribution("r:0", {ANI: (6, 0)})),
        (errors.KeyReused, replace(SET[0], reason="another")),
        (errors.WrongBookTime, contribution("bad", {FARTHER: (6, 0)})),
        (errors.Malformed, replace(receipt("bad", 5), kind="Receipt")),
        (errors.Malformed, replace(receipt("bad", 5), control=(("bank", 5), ("petty_cash", -5)))),
        (errors.Malformed, replace(receipt("bad", 5), kind="correction")),
        (errors.WrongValueDate, receipt("bad", 5, day=NOW.date() + timedelta(days=2))),
        (errors.Overdrawn, withdrawal("bad", {CITRA: 1})),
        (errors.Overdrawn, withdrawal("bad", {ANI: 576})),
        (errors.TooLarge, contribution("bad", {ANI: (2**63 - 1, 0)})),
    ],
)
def test_one_draft_refused_refuses_all(refusal: type[errors.LedgerRefusal], wrong: Draft) -> None:
    actions.post(contribution("r:0", {ANI: (5, 0)}), now=NOW)
    actions.post(contribution("r:9", {FARTHER: (5, 0)}), now=NOW + timedelta(days=1))
    before = books()
    drafts = [SET[0], wrong, contribution("r:3", {ANI: (999, 0), CITRA: (5, 5), BUDI: (700, 0)})]
    with pytest.raises(refusal) as caught, transaction.atomic():
        actions.post_set(drafts, now=NOW)
    assert books() == before
    if "… " not in str(caught.value):  # a constraint of the entry itself names no key
        assert caught.value.facts["key"] == wrong.key


GOOD: dict[str, tuple[str, Any]] = {
    "keys": ("text", ["a", "b"]),
    "kinds": ("text", ["contribution", "receipt"]),
    "days": ("date", [DAY, DAY]),
    "reasons": ("text", ["", ""]),
    "control_counts": ("integer", [2, 2]),
    "accounts": ("text", ["bank", "member_old_age", "bank", "suspense"]),
    "amounts": ("bigint", [30, -30, 5, -5]),
    "line_counts": ("integer", [2, 0]),
    "numbers": ("text", [ANI, BUDI]),
    "months": ("date", [MONTH]),
    "contributions": ("bigint", [10, 20]),
    "developments": ("bigint", []),
    "withdrawals": ("bigint", []),
    "pensions": ("bigint", []),
    "pension_months": ("bigint", []),
}


def post_plainly(**changes: Any) -> None:
    """Past the drafts: what a program with the application's rights could ask the database for."""
    values = {name: changes.get(name, value) for name, (_, value) in GOOD.items()} | {"now": NOW}
    called = ", ".join(f"{name} => %({name})s::{kind}[]" for name, (kind, _) in GOOD.items())
    with actions.refusals(key="set"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM public.ledger_post_set({called}, recorded_at => %(now)s)", values)


@pytest.mark.parametrize(
    ("refusal", "key", "changes"),
    [
        (errors.Unbalanced, "a", {"amounts": [31, -30, 5, -5]}),
        (errors.Unbalanced, "b", {"amounts": [30, -30, 5, -6]}),
        (errors.Unbalanced, "a", {"amounts": [31, -30, 4, -5]}),
        (errors.Unbalanced, "a", {"line_counts": [1, 1]}),
        (errors.Unbalanced, "a", {"line_counts": [0, 2]}),
        (errors.Unbalanced, "a", {"contributions": [10, 21]}),
        (errors.Malformed, "a", {"numbers": [BUDI, ANI]}),
        (errors.Malformed, "a", {"numbers": [ANI, ANI]}),
        (errors.Malformed, "b", {"accounts": ["bank", "member_old_age", "bank", "petty_cash"]}),
        (errors.Malformed, "b", {"kinds": ["contribution", "reversal"]}),
        (errors.Malformed, "set", {"keys": []}),
        (errors.Malformed, "set", {"keys": None}),
        (errors.Malformed, "set", {"keys": ["a"]}),
        (errors.Malformed, "set", {"kinds": ["contribution"]}),
        (errors.Malformed, "set", {"days": [DAY]}),
        (errors.Malformed, "set", {"reasons": None}),
        (errors.Malformed, "set", {"control_counts": [3, 1]}),
        (errors.Malformed, "set", {"control_counts": [2, None]}),
        (errors.Malformed, "set", {"control_counts": [2, 3]}),
        (errors.Malformed, "set", {"control_counts": None}),
        (errors.Malformed, "set", {"line_counts": [2, 1]}),
        (errors.Malformed, "set", {"line_counts": [3, -1]}),
        (errors.Malformed, "set", {"line_counts": [2, None]}),
        (errors.Malformed, "a", {"accounts": None}),
        (errors.Malformed, "set", {"contributions": [10, 20, 30]}),
    ],
)
def test_the_database_itself_refuses_a_set_that_is_not_whole(
    refusal: type[errors.LedgerRefusal], key: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(refusal) as caught:
        post_plainly(**changes)
    assert caught.value.facts["key"] == key
    assert (Entry.objects.count(), MemberLine.objects.count(), MemberAccount.objects.count()) == (0, 0, 0)


def test_what_the_plain_statement_asks_for_is_good_in_itself() -> None:
    post_plainly()
    assert queries.balance(BUDI, None).old_age_balance == 20
    assert queries.check().faults == ()


def test_a_set_is_one_statement_whatever_its_size(django_assert_max_num_queries: Any) -> None:
    drafts = [
        contribution(f"r:{employer}", {f"{employer * 7 + member:011d}": (100, 50) for member in range(20)})
        for employer in range(150)
    ]
    with django_assert_max_num_queries(0):  # the one statement goes past Django's cursor
        actions.post_set(drafts, now=NOW)
    report = queries.check()
    assert (report.entries, report.lines, report.faults) == (150, 3000, ())


def test_columns_of_any_length_meet_in_a_set() -> None:
    control = (("bank", 14), ("member_old_age", -10), ("member_pension", -4))
    short = Draft("s", "mixed", DAY, control, MemberLines([ANI, BUDI], [MONTH], [5], (), (), [2], [1]))
    spread = Draft(
        "l", "mixed", DAY, control, MemberLines([ANI, BUDI], [MONTH] * 2, [4, 6], [], [], [1, 3], [0, 1])
    )
    drafts = [short, spread, development("d", {ANI: 3})]
    expected = one_by_one(drafts)
    actions.post_set(drafts, now=NOW)
    assert books() == expected


def test_facts_keep_their_order_when_memory_is_short() -> None:
    """Entry by entry the same digests, though the grouping goes to disk and its groups come back in parts."""
    drafts = [
        contribution(f"r:{employer}", {f"{member * 400 + employer:011d}": (100, 50) for member in range(40)})
        for employer in range(400)
    ]
    shuffled = [draft for at in range(20) for draft in drafts[at::20]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64kB'; SET LOCAL hash_mem_multiplier = 1")
    actions.post_set(shuffled, now=NOW)
    report = queries.check()
    assert (report.entries, report.lines, report.faults) == (400, 16_000, ())
