"""The bank's file: exact payments are credited once, all others are held and on the books."""

import re
import threading
from datetime import UTC, date, datetime

import pytest
from fund import ANI, BUDI, HEADER, NOW, ROWS, TODAY, Fund
from hypothesis import given
from hypothesis import strategies as st

from lumbung.ledger import queries as ledger
from lumbung.payments.actions import with_check_digit
from lumbung.payments.errors import BankFileRefused
from lumbung.payments.models import Receipt


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def test_a_payment_is_credited_once_however_often_its_file_is_fed(fund: Fund) -> None:
    returned = fund.report("".join(ROWS.values())).returned
    taken = fund.pay_return(returned)
    assert (len(taken.matched), len(taken.held), taken.known) == (1, 0, 0)
    for _ in range(3):
        again = fund.pay_return(returned)
        assert (len(again.matched), len(again.held), again.known) == (0, 0, 1)
    assert fund.balance(ANI).old_age_balance == 285_000
    assert fund.balance(ANI).pension_contributions == 150_000
    assert fund.balance(BUDI).pension_contributions == 316_422
    totals = ledger.control_totals()
    assert totals["bank"] == returned.total
    assert totals.get("suspense", 0) == 0
    assert sum(totals.values()) == 0


@pytest.mark.parametrize(
    ("change", "day", "reason"),
    [
        (-1, TODAY, "too_little"),
        (+1, TODAY, "too_much"),
        (-1, date(2025, 12, 16), "too_little"),
    ],
)
def test_what_is_not_exact_is_held_and_on_the_books(fund: Fund, change: int, day: date, reason: str) -> None:
    code = fund.report(ROWS[ANI]).returned.payment_code
    taken = fund.pay(f"{code.code},{code.amount + change},{day},R1", today=day, now=at_noon(day))
    assert [(r.held, r.payment_code_id) for r in taken.held] == [(reason, None)]
    assert fund.balance(ANI).old_age_balance == 0
    assert ledger.control_totals()["suspense"] == -(code.amount + change)


@pytest.mark.parametrize(
    ("day", "fine"), [(date(2025, 12, 15), 0), (date(2025, 12, 16), 9_540), (date(2026, 1, 16), 19_080)]
)
def test_a_late_payment_is_credited_on_its_day_and_a_fine_is_asked_for(fund: Fund, day: date, fine: int) -> None:
    """Two per cent of 477,000 for each month begun after the due day, the 15th."""
    from lumbung.billing.models import Bill

    returned = fund.report(ROWS[ANI]).returned
    code = returned.payment_code
    assert code.due == date(2025, 12, 15)
    assert len(fund.pay(f"{code.code},{code.amount},{day},R1", today=day, now=at_noon(day)).matched) == 1
    assert fund.balance(ANI, day).old_age_balance == 285_000
    returned.refresh_from_db()
    assert (returned.state, returned.paid_on) == ("settled", day)
    asked = [(bill.kind, bill.fine, bill.owed, bill.late_code_id) for bill in Bill.objects.all()]
    assert asked == ([("late_fine", fine, 477_000, code.code)] if fine else [])


def test_unknown_codes_and_second_payments_are_held(fund: Fund) -> None:
    code = fund.report(ROWS[ANI]).returned.payment_code
    paid = f"{code.code},{code.amount},{TODAY}"
    taken = fund.pay(f"{paid},R1", f"{paid},R2", f"000000000000,5,{TODAY},R3")
    assert len(taken.matched) == 1
    assert {r.bank_reference: r.held for r in taken.held} == {"R2": "already_paid", "R3": "unknown_code"}
    from lumbung.payments import queries

    assert [r.bank_reference for r in queries.held()] == ["R2", "R3"]


def test_a_reference_that_returns_with_other_facts_refuses_the_file(fund: Fund) -> None:
    code = fund.report(ROWS[ANI]).returned.payment_code
    fund.pay(f"{code.code},{code.amount},{TODAY},R1")
    with pytest.raises(BankFileRefused) as raised:
        fund.pay(f"{code.code},{code.amount + 5},{TODAY},R1", f"000000000000,5,{TODAY},R2")
    assert [(p.code, p.line) for p in raised.value.problems] == [("reference_reused", 2)]
    assert not Receipt.objects.filter(bank_reference="R2").exists()


def test_money_from_the_future_and_a_broken_file_are_refused_whole(fund: Fund) -> None:
    with pytest.raises(BankFileRefused) as raised:
        fund.pay("000000000000,5,2025-11-23,R1", "x,-3,22-11-2025,")
    assert {p.line for p in raised.value.problems} == {2, 3}
    assert Receipt.objects.count() == 0
    assert ledger.control_totals().get("bank", 0) == 0


def test_a_month_counts_once_for_the_pension_when_two_employers_pay_it(fund: Fund) -> None:
    from lumbung.registry import actions

    other = actions.register_employer(full_number="00000009-000", name="X", risk_class="I", size="large")
    actions.start_employments(other, [actions.NewEmployment(ANI, date(2021, 1, 1))])
    fund.pay_return(fund.report(ROWS[ANI]).returned)
    second = Fund(number="00000009-000")
    second.pay_return(second.report(ROWS[ANI]).returned, reference="REF-2")
    balance = fund.balance(ANI)
    assert (balance.pension_contributions, balance.pension_months_paid) == (300_000, 1)


def test_many_feeding_the_same_file_at_once_credit_once(committed_fund: Fund) -> None:
    """Real commits, real threads: the command and the queue's worker settle the same payment side by side."""
    from django.db import connection

    from lumbung.contributions import actions as contributions
    from lumbung.payments import actions as payments

    code = committed_fund.report("".join(ROWS.values())).returned.payment_code
    content = f"{HEADER}\n{code.code},{code.amount},{TODAY},R1\n".encode()
    matched, wrong = [], []

    def feed() -> None:
        try:
            matched.extend(payments.take_in_bank_file(content, today=TODAY, now=NOW).matched)
            contributions.settle_payment(payment_code=code.code)
        except Exception as failure:  # noqa: BLE001  shown by the assertion below
            wrong.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=feed) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(matched) == 1
    assert committed_fund.balance(ANI, date.max).old_age_balance == 285_000


@given(st.text("0123456789", min_size=1, max_size=11), st.data())
def test_a_mistyped_digit_never_makes_another_valid_code(digits: str, data: st.DataObject) -> None:
    code = with_check_digit(digits)
    place = data.draw(st.integers(0, len(code) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != code[place]]))
    mistyped = code[:place] + digit + code[place + 1 :]
    assert with_check_digit(mistyped[:-1]) != mistyped


def test_jobs_carry_no_personal_data(fund: Fund) -> None:
    from django.db import connection

    fund.pay_return(fund.report("".join(ROWS.values())).returned)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        arguments = [text for (text,) in cursor.fetchall()]
    assert arguments
    assert all(re.fullmatch(r'\{\}|\{"return_ids": \[\d+\]\}', text) for text in arguments), (
        "keys of returns alone"
    )


def test_a_bank_file_queues_a_few_jobs_however_many_payments_it_has() -> None:
    from lumbung.payments import actions

    counted = [actions.jobs_for(payments) for payments in (0, 1, 49, 50, 150, 100_000)]
    assert counted == [0, 1, 1, 2, 4, 4]


def test_what_was_paid_and_whose_job_was_lost_is_settled_by_itself(fund: Fund) -> None:
    from lumbung.contributions import actions as contributions
    from lumbung.payments import actions as payments

    code = fund.report(ROWS[ANI]).returned.payment_code
    content = f"{HEADER}\n{code.code},{code.amount},{TODAY},R1\n".encode()
    payments.take_in_bank_file(content, today=TODAY, now=NOW)
    assert fund.balance(ANI).old_age_balance == 0
    for _ in range(2):
        contributions.settle_left_over(timestamp=0)
        assert fund.balance(ANI, date.max).old_age_balance == 285_000
