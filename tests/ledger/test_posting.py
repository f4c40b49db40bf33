"""What may be posted, what is refused, and that twice is once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from samples import ANI, BUDI, CITRA, DAY, MONTH, NOW, contribution, development, receipt, withdrawal

from lumbung.ledger import actions, errors, queries
from lumbung.ledger.drafts import Draft, MemberLines
from lumbung.ledger.models import ControlLine, Entry, MemberAccount, MemberLine

pytestmark = pytest.mark.django_db
BOTH = {ANI: (570, 300), BUDI: (285, 0)}


@contextmanager
def refused(refusal: type[errors.LedgerRefusal]) -> Iterator[None]:
    """The refusal is raised and nothing at all was written."""
    before = (Entry.objects.count(), ControlLine.objects.count(), MemberLine.objects.count())
    totals = list(MemberAccount.objects.order_by("pk").values_list())
    with pytest.raises(refusal), transaction.atomic():
        yield
    assert (Entry.objects.count(), ControlLine.objects.count(), MemberLine.objects.count()) == before
    assert list(MemberAccount.objects.order_by("pk").values_list()) == totals


def test_an_entry_its_lines_and_the_balances_are_written_together() -> None:
    posted = actions.post(contribution("return:1", BOTH), now=NOW)
    assert posted.is_new
    entry = Entry.objects.get(pk=posted.entry_id)
    assert (entry.key, entry.kind, entry.day, entry.recorded_at) == ("return:1", "contribution", DAY, NOW)
    assert (entry.line_count, entry.control_count, len(entry.digest)) == (2, 3, 32)
    lines = entry.control_lines.order_by("position").values_list("account_id", "amount")
    assert list(lines) == [("bank", 1155), ("member_old_age", -855), ("member_pension", -300)]
    line = MemberLine.objects.get(member_number=ANI)
    assert (line.position, line.contribution, line.pension, line.pension_months) == (1, 570, 300, 1)
    assert (line.day, line.book_day, line.contribution_month) == (DAY, date(2025, 3, 11), MONTH)
    balance = queries.balance(ANI, None)
    assert (balance.old_age_balance, balance.pension_contributions, balance.pension_months_paid) == (570, 300, 1)
    assert queries.balance(BUDI, None).pension_months_paid == 0
    assert queries.check().faults == ()


def test_an_entry_may_touch_no_member() -> None:
    posted = actions.post(receipt("bank:1", 1000), now=NOW)
    assert Entry.objects.get(pk=posted.entry_id).line_count == 0
    assert queries.control_totals() | {"bank": 1000, "suspense": -1000} == queries.control_totals()


def test_positions_count_up_and_totals_follow() -> None:
    for number in range(3):
        actions.post(contribution(f"r:{number}", BOTH), now=NOW + timedelta(days=20 * number))
    actions.post(development("d", {ANI: 90}), now=NOW + timedelta(days=60))
    actions.post(withdrawal("w", {ANI: 800}), now=NOW + timedelta(days=60))
    lines = [(line.position, line.old_age_balance) for line in queries.history(ANI)]
    assert lines == [(5, 1000), (4, 1800), (3, 1710), (2, 1140), (1, 570)]
    balance = queries.balance(ANI, None)
    assert (balance.old_age_contributions, balance.old_age_development, balance.old_age_withdrawals) == (
        1710,
        90,
        800,
    )
    assert queries.check().faults == ()


def test_the_same_key_with_the_same_content_posts_once() -> None:
    first = actions.post(contribution("return:1", BOTH), now=NOW)
    again = actions.post(contribution("return:1", BOTH), now=NOW + timedelta(days=3))
    assert (again.entry_id, again.is_new) == (first.entry_id, False)
    assert queries.balance(ANI, None).old_age_balance == 570
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        contribution("return:1", {ANI: (571, 300), BUDI: (284, 0)}),
        contribution("return:1", {ANI: (570, 300), CITRA: (285, 0)}),
        contribution("return:1", BOTH, day=DAY - timedelta(days=1)),
        contribution("return:1", BOTH, month=date(2025, 1, 1)),
        replace(contribution("return:1", BOTH), kind="adjustment"),
        replace(contribution("return:1", BOTH), reason="again"),
        receipt("return:1", 5),
    ],
    ids=["amounts", "member", "day", "month", "kind", "reason", "all"],
)
def test_the_same_key_with_other_content_is_refused(other: Draft) -> None:
    actions.post(contribution("return:1", BOTH), now=NOW)
    with refused(errors.KeyReused):
        actions.post(other, now=NOW)


def test_one_value_for_all_lines_is_the_same_as_each_line_its_own() -> None:
    spread = MemberLines([ANI, BUDI], [MONTH, MONTH], [5, 5], [0, 0], [0, 0], [2, 2], [1, 1])
    short = MemberLines([ANI, BUDI], [MONTH], [5], (), (), [2], [1])
    control = (("bank", 14), ("member_old_age", -10), ("member_pension", -4))
    first = actions.post(Draft("k", "contribution", DAY, control, spread), now=NOW)
    assert actions.post(Draft("k", "contribution", DAY, control, short), now=NOW) == replace(first, is_new=False)


@pytest.mark.parametrize("taken", [{ANI: 571}, {CITRA: 1}], ids=["more than there is", "without an account"])
def test_nobody_is_overdrawn(taken: dict[str, int]) -> None:
    actions.post(contribution("return:1", BOTH), now=NOW)
    with refused(errors.Overdrawn):
        actions.post(withdrawal("w", taken), now=NOW)


def test_a_refusal_shows_no_balance_and_no_member_number() -> None:
    actions.post(contribution("return:1", BOTH), now=NOW)
    with pytest.raises(errors.Overdrawn) as caught, transaction.atomic():
        actions.post(withdrawal("w", {ANI: 571}), now=NOW)
    said = f"{caught.value!r} {caught.value} {caught.value.facts}"
    assert ANI not in said
    assert "570" not in said
    assert caught.value.__cause__ is None


def test_an_amount_beyond_the_books_is_refused() -> None:
    actions.post(contribution("return:1", {ANI: (2**63 - 1, 0)}), now=NOW)
    with refused(errors.TooLarge):
        actions.post(contribution("return:2", {ANI: (1, 0)}), now=NOW)
    with refused(errors.TooLarge):
        actions.post(contribution("return:3", {BUDI: (2**63, 0)}), now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "with blank"},
        {"key": "k" * 201},
        {"kind": "Contribution"},
        {"kind": "reversal"},
        {"kind": "correction"},
        {"reason": "two\nlines"},
        {"reason": "r" * 501},
        {"control": (("bank", 855), ("member_old_age", -855), ("petty_cash", 300), ("member_pension", -300))},
    ],
    ids=["key", "long key", "kind", "reversal", "correction", "reason", "long reason", "account"],
)
def test_a_malformed_entry_is_refused(changes: dict[str, Any]) -> None:
    with refused(errors.Malformed):
        actions.post(replace(contribution("return:1", BOTH), **changes), now=NOW)


@pytest.mark.parametrize("when", ["from the future", "before there were books"])
def test_an_impossible_time_is_refused(when: str) -> None:
    """The clock is read when the test runs: since all tests were collected it may have gone on for long."""
    future = datetime.now(UTC) + timedelta(minutes=10)
    now = future if when == "from the future" else datetime(1999, 12, 31, tzinfo=UTC)
    with refused(errors.WrongBookTime):
        actions.post(contribution("return:1", BOTH), now=now)


@pytest.mark.parametrize("day", [NOW.date() + timedelta(days=2), date(1949, 12, 31), date.min, date.max])
def test_an_impossible_value_date_is_refused(day: date) -> None:
    with refused(errors.WrongValueDate):
        actions.post(contribution("return:1", BOTH, day=day), now=NOW)


def test_the_books_of_an_account_go_forward() -> None:
    actions.post(contribution("return:1", BOTH), now=NOW)
    with refused(errors.WrongBookTime):
        actions.post(contribution("return:2", {ANI: (1, 1)}), now=NOW - timedelta(days=1))
    actions.post(contribution("return:3", {CITRA: (1, 1)}), now=NOW - timedelta(days=1))
    assert queries.check().faults == ()


def test_the_book_day_is_the_funds_own() -> None:
    """22:00 in London on the last of the month is the first of the next in Jakarta."""
    actions.post(contribution("return:1", BOTH), now=datetime(2025, 3, 31, 22, 0, tzinfo=UTC))
    assert MemberLine.objects.get(member_number=ANI).book_day == date(2025, 4, 1)


GOOD: dict[str, Any] = {
    "key": "k",
    "kind": "contribution",
    "day": DAY,
    "recorded_at": NOW,
    "reason": "",
    "accounts": ["bank", "member_old_age"],
    "amounts": [30, -30],
    "numbers": [ANI, BUDI],
    "months": [MONTH],
    "contributions": [10, 20],
}


def post_plainly(**changes: Any) -> None:
    """Past the draft: what a program with the application's rights could ask the database for."""
    arguments = GOOD | changes
    types = {"accounts": "text", "numbers": "text", "months": "date"}
    called = ", ".join(
        f"{name} => %({name})s" + (f"::{types.get(name, 'bigint')}[]" if isinstance(value, list) else "")
        for name, value in arguments.items()
    )
    with actions.refusals(key="k"), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM public.ledger_post({called})", arguments)


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        (errors.Unbalanced, {"amounts": [31, -30]}),
        (errors.Unbalanced, {"contributions": [10, 21]}),
        (errors.Unbalanced, {"pensions": [1]}),
        (errors.Unbalanced, {"accounts": ["bank", "suspense"]}),
        (errors.Unbalanced, {"numbers": [], "months": [], "contributions": []}),
        (errors.Unbalanced, {"amounts": [-30, 30]}),
        (errors.Malformed, {"accounts": ["bank"], "amounts": [0]}),
        (errors.Malformed, {"accounts": [], "amounts": [], "contributions": [10, -10]}),
        (errors.Malformed, {"accounts": ["bank", "member_old_age", "fines"], "amounts": [30, -30, 0]}),
        (errors.Malformed, {"accounts": ["bank", "member_old_age", "fines"]}),
        (errors.Malformed, {"amounts": [30, -30, 5]}),
        (errors.Malformed, {"accounts": ["bank", "petty_cash"]}),
        (errors.Malformed, {"numbers": [ANI, ANI]}),
        (errors.Malformed, {"numbers": [BUDI, ANI]}),
        (errors.Malformed, {"numbers": [ANI, None]}),
        (errors.Malformed, {"numbers": [ANI]}),
        (errors.Malformed, {"contributions": [30, 0]}),
        (errors.Malformed, {"contributions": [10, 20, 0]}),
        (errors.Malformed, {"contributions": [10, None]}),
        (errors.Malformed, {"contributions": [None]}),
        (errors.Malformed, {"months": [MONTH] * 3}),
        (errors.Malformed, {"months": [DAY]}),
        (errors.Malformed, {"pension_months": [2]}),
        (errors.Malformed, {"pension_months": [-2]}),
        (errors.Malformed, {"kind": "reversal"}),
        (errors.WrongBookTime, {"recorded_at": None}),
        (errors.TooLarge, {"contributions": [2**63 - 1], "developments": [1]}),
    ],
)
def test_the_database_itself_refuses_what_is_not_whole(
    refusal: type[errors.LedgerRefusal], changes: dict[str, Any]
) -> None:
    with refused(refusal):
        post_plainly(**changes)


@pytest.mark.parametrize("missing", ["key", "kind", "day", "reason"])
def test_nothing_that_an_entry_needs_can_be_missing(missing: str) -> None:
    with pytest.raises(IntegrityError, match="null value"), transaction.atomic():
        post_plainly(**{missing: None})
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("number", ["", "10000000001x", "1" * 33, "1,2", "ü", "a\nb"])
def test_a_malformed_member_number_is_refused(number: str) -> None:
    with refused(errors.Malformed):
        post_plainly(numbers=[number], contributions=[30])
    with pytest.raises(AssertionError):
        MemberLines([number], contributions=[30])


def test_what_the_plain_statement_asks_for_is_good_in_itself() -> None:
    post_plainly()
    assert queries.balance(BUDI, None).old_age_balance == 20


def test_a_batch_is_one_statement_whatever_its_size(django_assert_max_num_queries: Any) -> None:
    numbers = [f"{number:011d}" for number in range(5000)]
    draft = contribution("big", dict.fromkeys(numbers, (100, 50)))
    with django_assert_max_num_queries(0):  # the one statement goes past Django's cursor
        actions.post(draft, now=NOW)
    assert MemberAccount.objects.count() == 5000
    actions.post(contribution("big:2", dict.fromkeys(numbers[::2], (1, 1))), now=NOW)
    report = queries.check()
    assert (report.lines, report.accounts, report.faults) == (7500, 5000, ())
