"""What is billed, that it is billed once, and that its money goes where the law sends it."""

from dataclasses import replace
from datetime import date

import pytest
from bills import ABROAD, DRIVER, NOW, SELLER, TODAY, Payers, balance, pay, settle, totals
from django.db import IntegrityError, connection, transaction

from lumbung.billing import actions, queries
from lumbung.billing.errors import (
    AlreadyBilled,
    AlreadyPaid,
    NoOldAgeChosen,
    NoSuchBill,
    NotPaidYet,
    OutsideContract,
    WrongMonthCount,
)
from lumbung.billing.models import Bill
from lumbung.law.errors import NotYetInForce
from lumbung.law.month import Month
from lumbung.ledger import queries as ledger
from lumbung.payments.models import PaymentCode
from lumbung.registry import actions as registry
from lumbung.registry.errors import NotSelfEmployed


def test_several_months_share_a_code_and_each_is_booked(payers: Payers) -> None:
    issued = payers.bill(SELLER, "2025-12", 3)
    # Income 2,600,000: base 2,600,000; JKK 26,000, JKM 6,800, JHT 52,000 a month.
    assert issued.payment_code.amount == 3 * 84_800
    assert issued.payment_code.due == date(2025, 12, 15)
    pay(issued.payment_code)
    assert settle() == 3
    assert settle() == 0
    assert balance(SELLER) == 156_000
    assert totals() == {
        "bank": 254_400,
        "member_old_age": -156_000,
        "premium_accident": -78_000,
        "premium_death": -20_400,
    }
    months = [line.contribution_month for line in ledger.history(SELLER)]
    assert months == [date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1)]
    assert ledger.check(lambda done, total: None).faults == ()


def test_who_takes_no_old_age_has_no_line_in_the_books(payers: Payers) -> None:
    issued = payers.bill(DRIVER, "2025-12")
    assert issued.payment_code.amount == 20_000 + 6_800
    pay(issued.payment_code)
    assert settle() == 1
    assert ledger.history(DRIVER) == []
    assert totals() == {"bank": 26_800, "premium_accident": -20_000, "premium_death": -6_800}


def test_the_relief_of_2026_halves_transport_first(payers: Payers) -> None:
    assert [bill.jkm for bill in payers.bill(DRIVER, "2025-12", 2).bills] == [6_800, 3_400]
    assert [bill.jkm for bill in payers.bill(SELLER, "2026-03", 2).bills] == [6_800, 3_400]


def test_a_payment_after_the_due_date_settles_without_a_fine(payers: Payers) -> None:
    issued = payers.bill(SELLER, "2025-09")
    assert issued.payment_code.due < TODAY
    pay(issued.payment_code)
    assert settle() == 1
    assert not Bill.objects.filter(kind="late_fine").exists()


def test_the_same_months_are_billed_once(payers: Payers) -> None:
    first = payers.bill(SELLER, "2025-12", 2)
    again = payers.bill(SELLER, "2025-12", 2)
    assert (again.is_new, again.payment_code) == (False, first.payment_code)
    assert Bill.objects.count() == 2
    for months in (1, 3):
        with pytest.raises(AlreadyBilled):
            payers.bill(SELLER, "2025-12", months)
    pay(first.payment_code)
    with pytest.raises(AlreadyPaid):
        payers.bill(SELLER, "2025-12", 2)
    settle()
    with pytest.raises(AlreadyPaid):
        payers.bill(SELLER, "2026-01")
    assert payers.bill(SELLER, "2026-02").is_new


def test_another_income_is_another_bill(payers: Payers) -> None:
    payers.bill(SELLER, "2026-01", 2)
    (enrolled,) = queries.registry.self_employed_between(SELLER, TODAY, TODAY)
    registry.end_self_employment(enrolled.pk, ends=date(2026, 1, 31))
    new = registry.NewSelfEmployment(SELLER, 5_000_000, old_age=True, sector="other", starts=date(2026, 2, 1))
    registry.enrol_self_employed([new])
    with pytest.raises(AlreadyBilled) as refused:
        payers.bill(SELLER, "2026-01", 2)
    actions.void(refused.value.facts["payment_code"])
    assert [bill.jht for bill in payers.bill(SELLER, "2026-01", 2).bills] == [52_000, 99_000]


def test_a_month_in_which_nobody_is_enrolled_is_not_billed(payers: Payers) -> None:
    payers.bill(DRIVER, "2025-01")
    with pytest.raises(NotSelfEmployed) as refused:
        payers.bill(DRIVER, "2024-12", 2)
    assert refused.value.facts == {"month": Month(2024, 12)}
    with pytest.raises(NotSelfEmployed):
        payers.bill(ABROAD, "2025-12")


@pytest.mark.parametrize("months", [0, -1, actions.MOST_MONTHS + 1])
def test_a_code_is_for_a_bounded_number_of_months(payers: Payers, months: int) -> None:
    with pytest.raises(WrongMonthCount):
        payers.bill(SELLER, "2025-12", months)


def test_a_project_is_billed_once_by_its_contract_value(payers: Payers) -> None:
    issued = actions.issue_construction(payers.project(), now=NOW)
    # 100 m × 0.21 % + 400 m × 0.17 % + 100 m × 0.13 %, and 0.03 % + 0.02 % + 0.02 %.
    assert [(bill.jkk, bill.jkm) for bill in issued.bills] == [(1_020_000, 130_000)]
    assert issued.payment_code.due == date(2025, 12, 1)
    assert actions.issue_construction(payers.project(), now=NOW).payment_code == issued.payment_code
    pay(issued.payment_code)
    assert settle() == 1
    assert totals() == {"bank": 1_150_000, "premium_accident": -1_020_000, "premium_death": -130_000}
    with pytest.raises(AlreadyPaid):
        actions.issue_construction(payers.project(), now=NOW)


def test_a_migrant_worker_pays_one_premium_and_months_of_old_age(payers: Payers) -> None:
    issued = actions.issue_migrant(payers.contract(), old_age_months=3, now=NOW)
    # 37,500 + 332,500 + 2 × 13,500, and three months of 100,000.
    assert [bill.total for bill in issued.bills] == [397_000, 100_000, 100_000, 100_000]
    again = actions.issue_migrant(payers.contract(), old_age_months=3, now=NOW)
    assert (again.is_new, again.payment_code) == (False, issued.payment_code)
    with pytest.raises(AlreadyBilled):
        actions.issue_migrant(payers.contract(), now=NOW)
    pay(issued.payment_code)
    assert settle() == 4
    assert balance(ABROAD) == 300_000
    assert totals() == {"bank": 697_000, "member_old_age": -300_000, "premium_migrant": -397_000}
    with pytest.raises(AlreadyPaid):
        actions.issue_migrant(payers.contract(), now=NOW)
    later = actions.issue_migrant(payers.contract(), old_age_first=Month(2026, 3), old_age_months=2, now=NOW)
    assert [(bill.month, bill.total) for bill in later.bills] == [
        (date(2026, 3, 1), 100_000),
        (date(2026, 4, 1), 100_000),
    ]
    assert (
        actions.issue_migrant(
            payers.contract(), old_age_first=Month(2026, 3), old_age_months=2, now=NOW
        ).payment_code
        == later.payment_code
    )


def test_old_age_months_lie_in_the_contract_and_were_chosen(payers: Payers) -> None:
    with pytest.raises(OutsideContract):
        actions.issue_migrant(payers.contract(), old_age_first=Month(2025, 11), old_age_months=1, now=NOW)
    with pytest.raises(WrongMonthCount):
        actions.issue_migrant(payers.contract(), old_age_months=25, now=NOW)
    new = registry.NewMigrantContract(SELLER, date(2025, 12, 1), 6, agency=False)
    (without,) = registry.register_migrant_contracts([new])
    with pytest.raises(NoOldAgeChosen):
        actions.issue_migrant(without, old_age_months=1, now=NOW)
    assert actions.issue_migrant(without, now=NOW).payment_code.amount == 108_000


def test_what_the_law_does_not_know_is_not_billed(payers: Payers) -> None:
    early = registry.NewMigrantContract(SELLER, date(2022, 12, 1), 6, agency=True)
    (contract,) = registry.register_migrant_contracts([early])
    with pytest.raises(NotYetInForce):
        actions.issue_migrant(contract, now=NOW)
    assert not PaymentCode.objects.exists()


def test_a_late_fine_is_asked_for_once_and_booked_as_one(payers: Payers) -> None:
    employer, month = payers.employer(), Month(2025, 8)
    facts = {"month": month, "owed": 10_000_000, "paid_on": date(2025, 11, 3), "now": NOW}
    fine = actions.bill_late_fine(employer, **facts)
    assert fine is not None
    # Due 15 September: two months late, 2 % each; due with October's contribution.
    assert (fine.fine, fine.payment_code.amount, fine.payment_code.due) == (400_000, 400_000, date(2025, 12, 15))
    assert actions.bill_late_fine(employer, **facts) == fine
    pay(fine.payment_code)
    assert settle() == 1
    assert totals() == {"bank": 400_000, "fines": -400_000}
    assert actions.bill_late_fine(employer, **facts) == fine
    assert Bill.objects.count() == 1


def test_two_late_returns_of_one_month_are_two_fines(payers: Payers) -> None:
    codes = [payers.bill(SELLER, month).payment_code for month in ("2025-12", "2026-01")]
    facts = {"month": Month(2025, 8), "owed": 10_000_000, "paid_on": date(2025, 11, 3), "now": NOW}
    fines = [actions.bill_late_fine(payers.employer(), late_code=code.pk, **facts) for code in codes]
    assert fines[0] != fines[1]
    assert actions.bill_late_fine(payers.employer(), late_code=codes[0].pk, **facts) == fines[0]


@pytest.mark.parametrize(
    ("owed", "paid_on"), [(0, date(2025, 11, 3)), (10_000_000, date(2025, 9, 15)), (8, TODAY)]
)
def test_in_time_or_for_nothing_there_is_no_fine(payers: Payers, owed: int, paid_on: date) -> None:
    assert (
        actions.bill_late_fine(payers.employer(), month=Month(2025, 8), owed=owed, paid_on=paid_on, now=NOW)
        is None
    )
    assert not Bill.objects.exists()


def test_a_withdrawn_bill_may_be_billed_again_and_is_never_settled(payers: Payers) -> None:
    issued = payers.bill(SELLER, "2025-12", 2)
    assert [bill.state for bill in actions.void(issued.payment_code.code)] == ["void", "void"]
    assert PaymentCode.objects.get().state == "void"
    again = payers.bill(SELLER, "2025-12", 2)
    assert again.is_new
    pay(again.payment_code)
    with pytest.raises(AlreadyPaid):
        actions.void(again.payment_code.code)
    assert settle() == 2
    assert balance(SELLER) == 104_000
    with pytest.raises(NoSuchBill):
        actions.void("000000000000")


def test_a_paid_bill_that_was_wrong_is_taken_back_once_and_billed_right(payers: Payers) -> None:
    wrong = payers.bill(SELLER, "2025-12").bills[0]
    with pytest.raises(NotPaidYet):
        actions.take_back(wrong.pk, reason="wrong month", now=NOW)
    pay(wrong.payment_code)
    settle()
    for _ in range(2):
        assert actions.take_back(wrong.pk, reason="wrong month", now=NOW).state == "taken_back"
    assert balance(SELLER) == 0
    assert totals() == {"bank": 84_800, "suspense": -84_800}
    newest, oldest = ledger.history(SELLER)
    assert (newest.reverses, newest.reason, oldest.reversed_by) == (
        oldest.entry_id,
        "wrong month",
        newest.entry_id,
    )
    assert queries.history([SELLER]) == []
    assert settle() == 0
    assert payers.bill(SELLER, "2025-12").is_new
    with pytest.raises(NoSuchBill):
        actions.take_back(0, reason="x", now=NOW)


def test_what_the_books_refuse_does_not_stop_the_others(payers: Payers, monkeypatch: pytest.MonkeyPatch) -> None:
    good = [payers.bill(SELLER, month).bills[0] for month in ("2025-12", "2026-01")]
    bad = payers.bill(DRIVER, "2025-12").bills[0]
    pay(*(bill.payment_code for bill in (*good, bad)))
    draft = actions._draft

    def spoilt(bill: Bill, day: date) -> object:
        made = draft(bill, day)
        # A control account that does not exist: the books refuse it.
        return replace(made, control=(("suspense", 1), ("nowhere", -1))) if bill.pk == bad.pk else made

    monkeypatch.setattr(actions, "_draft", spoilt)
    assert settle() == 2
    assert settle() == 0
    assert balance(SELLER) == 104_000
    monkeypatch.undo()
    assert settle() == 1


def test_sets_are_bounded_and_the_rest_follows(payers: Payers) -> None:
    pay(payers.bill(SELLER, "2025-12", 5).payment_code)
    assert [settle(2), settle(2), settle(2), settle(2)] == [2, 2, 1, 0]
    assert balance(SELLER) == 5 * 52_000


def test_who_is_insured_until_when(payers: Payers) -> None:
    person = {
        number: row.person_id for number, row in queries.registry.member_numbers([DRIVER, SELLER, ABROAD]).items()
    }
    enrolled = queries.enrolment_on(person[SELLER], TODAY)
    assert enrolled is not None
    assert (enrolled.segment, enrolled.member_number, enrolled.at_once) == ("BPU", SELLER, False)
    assert enrolled.programmes == {"JKK", "JKM", "JHT"}
    assert queries.enrolment_on(person[DRIVER], date(2025, 1, 9)) is None
    assert queries.last_month_paid(person[SELLER]) is None
    pay(payers.bill(SELLER, "2025-12", 2).payment_code)
    assert queries.last_month_paid(person[SELLER]) is None
    settle()
    assert queries.last_month_paid(person[SELLER]) == Month(2026, 1)
    assert queries.enrolment_on(person[ABROAD], TODAY) is None
    pay(actions.issue_migrant(payers.contract(), now=NOW).payment_code)
    settle()
    abroad = queries.enrolment_on(person[ABROAD], TODAY)
    assert abroad is not None
    assert (abroad.segment, abroad.starts, abroad.ends, abroad.at_once) == ("PMI", TODAY, date(2028, 2, 9), True)
    assert queries.last_month_paid(person[ABROAD]) == Month(2028, 2)


def test_the_history_shows_what_was_paid_and_nothing_else(payers: Payers) -> None:
    payers.bill(SELLER, "2026-05")
    pay(payers.bill(SELLER, "2025-12", 2).payment_code)
    settle()
    found = queries.history([SELLER])
    assert [(row.month, row.jht, row.segment) for row in found] == [
        (Month(2026, 1), 52_000, "BPU"),
        (Month(2025, 12), 52_000, "BPU"),
    ]
    assert queries.history_length([SELLER]) == 2
    assert queries.history([SELLER], offset=1, limit=5) == found[1:]


IMPOSSIBLE = {
    "bill_fits_its_kind": "UPDATE billing_bill SET fine = 1",
    "bill_settled_with_entry": "UPDATE billing_bill SET state = 'settled'",
    "bill_amounts": "UPDATE billing_bill SET jht = -1",
    "bill_asks_for_something": "UPDATE billing_bill SET jht = 0, jkk = 0, jkm = 0",
    "bill_month_starts": "UPDATE billing_bill SET month = '2025-12-02'",
    "bill_late_fine_says_why": "UPDATE billing_bill SET owed = 5",
    "bill_self_employed_once": "INSERT INTO billing_bill (kind, member_number_id, enrolment_id, month, jkk, jkm,"
    " jht, migrant, fine, law_version, issued_at, payment_code_id, state) SELECT kind, member_number_id,"
    " enrolment_id, month, jkk, jkm, jht, migrant, fine, law_version, issued_at, payment_code_id, state"
    " FROM billing_bill",
}


@pytest.mark.parametrize("constraint", IMPOSSIBLE)
def test_the_database_itself_refuses_what_cannot_be(payers: Payers, constraint: str) -> None:
    payers.bill(SELLER, "2025-12")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(IMPOSSIBLE[constraint])
