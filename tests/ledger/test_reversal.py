"""Corrections are entries: once, mirrored, with a reason."""

from datetime import timedelta

import pytest
from django.db import transaction
from samples import ANI, BUDI, DAY, NOW, contribution, receipt, withdrawal

from lumbung.ledger import actions, errors, queries
from lumbung.ledger.models import ControlLine, Entry, MemberLine

pytestmark = pytest.mark.django_db
BOTH = {ANI: (570, 300), BUDI: (285, 0)}


def test_a_reversal_mirrors_its_original_line_by_line() -> None:
    original = actions.post(contribution("return:1", BOTH), now=NOW)
    posted = actions.reverse(original.entry_id, key="x:1", reason="wrong wage", now=NOW + timedelta(days=40))
    entry = Entry.objects.get(pk=posted.entry_id)
    assert (entry.kind, entry.reverses_id, entry.reason) == ("reversal", original.entry_id, "wrong wage")
    assert entry.day == DAY, "without a day of its own it has the original's"
    for account, amount in ControlLine.objects.filter(entry=original.entry_id).values_list("account_id", "amount"):
        assert ControlLine.objects.get(entry=posted.entry_id, account=account).amount == -amount
    for line in MemberLine.objects.filter(entry=original.entry_id):
        mirror = MemberLine.objects.get(entry=posted.entry_id, member_number=line.member_number)
        assert (mirror.contribution, mirror.pension) == (-line.contribution, -line.pension)
        assert (mirror.pension_months, mirror.contribution_month) == (
            -line.pension_months,
            line.contribution_month,
        )
        assert mirror.position == line.position + 1
    assert queries.balance(ANI, None).old_age_balance == 0
    assert queries.balance(ANI, None).pension_months_paid == 0
    assert queries.balance(ANI, NOW.date()).old_age_balance == 570
    assert queries.check().faults == ()


def test_an_entry_without_members_is_reversed_too_and_may_have_another_day() -> None:
    original = actions.post(receipt("bank:1", 1000), now=NOW)
    posted = actions.reverse(original.entry_id, key="x", reason="bounced", day=DAY + timedelta(days=1), now=NOW)
    assert Entry.objects.get(pk=posted.entry_id).day == DAY + timedelta(days=1)
    assert set(queries.control_totals().values()) == {0}
    assert queries.check().faults == ()


def test_an_entry_is_reversed_once_and_the_same_wish_twice_is_one() -> None:
    original = actions.post(contribution("return:1", BOTH), now=NOW).entry_id
    first = actions.reverse(original, key="x:1", reason="wrong", now=NOW)
    again = actions.reverse(original, key="x:1", reason="wrong", now=NOW + timedelta(days=1))
    assert (again.entry_id, again.is_new) == (first.entry_id, False)
    with pytest.raises(errors.KeyReused), transaction.atomic():
        actions.reverse(original, key="x:1", reason="for another reason", now=NOW)
    with pytest.raises(errors.AlreadyReversed), transaction.atomic():
        actions.reverse(original, key="x:2", reason="wrong", now=NOW)
    assert queries.balance(ANI, None).old_age_balance == 0


def test_a_reversal_is_not_reversed() -> None:
    original = actions.post(contribution("return:1", BOTH), now=NOW).entry_id
    reversal = actions.reverse(original, key="x:1", reason="wrong", now=NOW).entry_id
    with pytest.raises(errors.NotReversible), transaction.atomic():
        actions.reverse(reversal, key="x:2", reason="after all right", now=NOW)


def test_what_is_not_there_is_not_reversed() -> None:
    with pytest.raises(errors.UnknownEntry, match="999"), transaction.atomic():
        actions.reverse(999, key="x:2", reason="wrong", now=NOW)


def test_a_reversal_needs_a_reason_and_a_key_of_its_own() -> None:
    original = actions.post(contribution("return:1", BOTH), now=NOW).entry_id
    with pytest.raises(AssertionError), transaction.atomic():
        actions.reverse(original, key="x:1", reason="  ", now=NOW)
    with pytest.raises(errors.KeyReused), transaction.atomic():
        actions.reverse(original, key="return:1", reason="wrong", now=NOW)


def test_money_that_is_gone_cannot_be_taken_back() -> None:
    original = actions.post(contribution("return:1", BOTH), now=NOW).entry_id
    actions.post(withdrawal("w", {ANI: 100}), now=NOW)
    with pytest.raises(errors.Overdrawn), transaction.atomic():
        actions.reverse(original, key="x:1", reason="wrong", now=NOW)
    assert queries.balance(ANI, None).old_age_balance == 470
    assert queries.check().faults == ()
