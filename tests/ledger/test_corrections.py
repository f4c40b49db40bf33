"""Corrections take back the lines of some members in an entry, each once."""

from datetime import timedelta

import pytest
from django.db import transaction
from samples import ANI, BUDI, CITRA, DAY, NOW, contribution, withdrawal

from lumbung.ledger import actions, errors, queries
from lumbung.ledger.actions import Posted
from lumbung.ledger.models import ControlLine, Entry, MemberLine

pytestmark = pytest.mark.django_db
ALL = {ANI: (570, 300), BUDI: (285, 0), CITRA: (40, 20)}
ANIS = (("member_old_age", 570), ("member_pension", 300), ("suspense", -870))
BUDIS = (("member_old_age", 285), ("suspense", -285))


@pytest.fixture
def original() -> int:
    return actions.post(contribution("return:1", ALL), now=NOW).entry_id


def correct_ani(entry_id: int, key: str = "c:1", **changes: object) -> Posted:
    given = {"control": ANIS, "key": key, "reason": "wrong wage", "now": NOW + timedelta(days=40)} | changes
    return actions.correct(entry_id, [ANI], **given)  # type: ignore[arg-type]


def test_a_correction_mirrors_the_lines_of_its_members_alone(original: int) -> None:
    posted = correct_ani(original)
    assert posted.is_new
    entry = Entry.objects.get(pk=posted.entry_id)
    assert (entry.kind, entry.corrects_id, entry.reverses_id, entry.reason) == (
        "correction",
        original,
        None,
        "wrong wage",
    )
    assert (entry.day, entry.line_count, entry.control_count) == (DAY, 1, 3)
    control = ControlLine.objects.filter(entry=entry).order_by("position").values_list("account_id", "amount")
    assert tuple(control) == ANIS
    before, after = MemberLine.objects.filter(member_number=ANI).order_by("position")
    assert (after.contribution, after.pension, after.pension_months) == (-570, -300, -1)
    assert (after.contribution_month, after.position) == (before.contribution_month, 2)
    assert queries.balance(ANI, None).old_age_balance == 0
    assert queries.balance(BUDI, None).old_age_balance == 285
    assert queries.check().faults == ()


def test_the_same_correction_twice_is_one(original: int) -> None:
    first = correct_ani(original)
    again = correct_ani(original, now=NOW + timedelta(days=50))
    assert (again.entry_id, again.is_new) == (first.entry_id, False)
    with pytest.raises(errors.KeyReused), transaction.atomic():
        correct_ani(original, reason="another")
    with pytest.raises(errors.KeyReused), transaction.atomic():
        actions.correct(original, [BUDI], control=BUDIS, key="c:1", reason="wrong wage", now=NOW)


def test_each_line_is_taken_back_once(original: int) -> None:
    correct_ani(original)
    with pytest.raises(errors.AlreadyCorrected, match=f"entry {original}"), transaction.atomic():
        correct_ani(original, "c:2")
    both = (("member_old_age", 855), ("member_pension", 300), ("suspense", -1155))
    with pytest.raises(errors.AlreadyCorrected), transaction.atomic():
        actions.correct(original, [ANI, BUDI], control=both, key="c:3", reason="x", now=NOW)
    assert actions.correct(
        original, [BUDI], control=BUDIS, key="c:4", reason="x", now=NOW + timedelta(days=40)
    ).is_new
    with pytest.raises(errors.PartlyCorrected, match="other members"), transaction.atomic():
        actions.reverse(original, key="x:1", reason="all of it", now=NOW)
    assert queries.check().faults == ()


def test_what_is_reversed_is_not_corrected(original: int) -> None:
    actions.reverse(original, key="x:1", reason="all of it", now=NOW)
    with pytest.raises(errors.AlreadyReversed), transaction.atomic():
        correct_ani(original)
    with pytest.raises(errors.AlreadyReversed), transaction.atomic():
        correct_ani(original, "x:2")


def test_what_takes_back_is_not_taken_back(original: int) -> None:
    correction = correct_ani(original).entry_id
    with pytest.raises(errors.NotReversible), transaction.atomic():
        actions.reverse(correction, key="x:1", reason="after all", now=NOW)
    with pytest.raises(errors.NotReversible), transaction.atomic():
        correct_ani(correction, "c:2")


def test_only_lines_that_are_there_are_corrected(original: int) -> None:
    with pytest.raises(errors.NoSuchLine) as caught, transaction.atomic():
        actions.correct(original, ["777"], control=BUDIS, key="c:1", reason="x", now=NOW)
    assert "777" not in str(caught.value)
    with pytest.raises(errors.NoSuchLine), transaction.atomic():
        actions.correct(original, [BUDI, "777"], control=BUDIS, key="c:1", reason="x", now=NOW)
    with pytest.raises(errors.UnknownEntry, match="999"), transaction.atomic():
        correct_ani(999)
    for numbers, reason in (([], "x"), ([BUDI, BUDI], "x"), ([BUDI], " ")):
        with pytest.raises(AssertionError), transaction.atomic():
            actions.correct(original, numbers, control=BUDIS, key="c:1", reason=reason, now=NOW)


def test_the_control_lines_meet_the_lines_taken_back(original: int) -> None:
    for control in (BUDIS, ANIS[:1], (*ANIS[:2], ("suspense", -871)), (("bank", 5), ("suspense", -5))):
        with pytest.raises((errors.Unbalanced, errors.Malformed)), transaction.atomic():
            correct_ani(original, control=control)
    other = (*ANIS[:2], ("fines", -100), ("bank", -770))
    assert correct_ani(original, control=other).is_new
    assert queries.check().faults == ()


def test_money_that_is_gone_cannot_be_corrected(original: int) -> None:
    actions.post(withdrawal("w", {ANI: 1}), now=NOW)
    with pytest.raises(errors.Overdrawn), transaction.atomic():
        correct_ani(original)
    assert queries.check().faults == ()


def bonds(number: str) -> list[tuple[str, int | None, int | None, str]]:
    return [(line.kind, line.reverses, line.reversed_by, line.reason) for line in queries.history(number)]


def test_a_history_shows_what_took_back_which_line(original: int) -> None:
    correction = correct_ani(original).entry_id
    anew = actions.post(contribution("return:2", {ANI: (600, 300), BUDI: (1, 0)}), now=NOW + timedelta(days=40))
    reversal = actions.reverse(
        anew.entry_id, key="x:2", reason="all of it", now=NOW + timedelta(days=400)
    ).entry_id
    assert bonds(ANI) == [
        ("reversal", anew.entry_id, None, "all of it"),
        ("contribution", None, reversal, ""),
        ("correction", original, None, "wrong wage"),
        ("contribution", None, correction, ""),
    ]
    assert bonds(BUDI) == [
        ("reversal", anew.entry_id, None, "all of it"),
        ("contribution", None, reversal, ""),
        ("contribution", None, None, ""),
    ], "nobody took back this line of Budi's, though his entry was corrected"
    other = actions.correct(original, [BUDI], control=BUDIS, key="c:2", reason="x", now=NOW + timedelta(days=400))
    assert [line[2] for line in bonds(BUDI)] == [None, None, reversal, other.entry_id]
    assert [line[2] for line in bonds(ANI)] == [None, reversal, None, correction]
    assert [line.reversed_by for line in queries.history(BUDI, limit=1, offset=3)] == [other.entry_id]


def test_control_totals_are_as_large_as_they_are() -> None:
    """Two entries that each fit into the books, and their sum does not fit into a bigint."""
    for number in (ANI, BUDI):
        actions.post(contribution(f"r:{number}", {number: (2**63 - 1, 0)}), now=NOW)
    assert queries.control_totals()["bank"] == 2**64 - 2
    assert queries.check().faults == ()


def test_a_month_made_in_the_midst_of_a_transaction_is_seen_by_the_next_correction(original: int) -> None:
    """A plan that a function keeps must not be older than the partitions."""
    correct_ani(original)
    for months in (4, 5, 6):
        later = NOW + timedelta(days=31 * months)
        entry_id = actions.post(contribution(f"r:{months}", {ANI: (570, 300)}), now=later).entry_id
        assert correct_ani(entry_id, f"c:{months}", now=later).is_new
        entry_id = actions.post(contribution(f"s:{months}", {ANI: (570, 300)}), now=later).entry_id
        assert actions.reverse(entry_id, key=f"x:{months}", reason="wrong", now=later).is_new
    assert queries.check().faults == ()
