"""The months of a member from the registry, the returns, the bills and the money, through real input."""

from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from gap_fund import NUMBER, GapFund, morning

from lumbung import prepared
from lumbung.billing import actions as billing
from lumbung.contributions.calendar import due_date
from lumbung.contributions.gaps import facts, queries
from lumbung.contributions.gaps.facts import State, Why
from lumbung.law.month import Month
from lumbung.payments import actions as payments
from lumbung.registry import actions as registry
from lumbung.registry.models import Employment

MARCH = Month(2025, 3)
TODAY = date(2025, 6, 20)  # May is due


def states(numbers=(NUMBER,), *, today: date = TODAY, **more) -> dict[str, State]:
    found = queries.record(list(numbers), year=2025, today=today, **more)
    return {str(one.month): one.state for one in found.verdicts}


def test_each_kind_of_month_is_told_apart(fund: GapFund):
    fund.month(Month(2024, 12))
    fund.month(Month(2025, 1))
    fund.pay(fund.report(Month(2025, 2)), day=due_date(Month(2025, 2)) + timedelta(days=1))
    fund.month(MARCH, 4_000_000)
    fund.report(Month(2025, 4))
    assert states() == {
        "2025-01": State.PAID,
        "2025-02": State.PAID_LATE,
        "2025-03": State.UNDER_REPORTED,
        "2025-04": State.UNPAID,
        "2025-05": State.MISSING,
        "2025-06": State.NOT_DUE,
    }


def test_a_late_fine_is_for_the_employer_and_changes_no_month(fund: GapFund):
    fund.pay(fund.report(MARCH), day=due_date(MARCH) + timedelta(days=40))
    assert states()["2025-03"] is State.PAID_LATE


def test_money_that_does_not_fit_is_a_part(fund: GapFund):
    returned = fund.report(MARCH)
    fund.pay(returned, amount=returned.total - 1000)
    (one,) = [v for v in queries.record([NUMBER], year=2025, today=TODAY).verdicts if v.month == MARCH]
    assert (one.state, one.why, one.paid) == (State.PARTLY, Why.AMOUNT, 0)


def test_paid_and_not_settled_yet_counts_as_paid(fund: GapFund):
    code = fund.report(MARCH).payment_code
    text = f"payment_code,amount,received_on,bank_reference\n{code.code},{code.amount},2025-04-15,X\n"
    payments.take_in_bank_file(text.encode(), today=date(2025, 4, 15), now=morning(date(2025, 4, 15)))
    assert states()["2025-03"] is State.PAID


def test_a_correction_asks_for_more_and_then_stands_for_the_wrong_line(fund: GapFund):
    fund.month(Month(2025, 2), 5_000_000)
    wrong = fund.month(MARCH, 4_000_000)
    correction = fund.correct(wrong, day=date(2025, 5, 2), wage=5_000_000)
    (one,) = [v for v in queries.record([NUMBER], year=2025, today=TODAY).verdicts if v.month == MARCH]
    assert (one.state, one.why, one.due) == (State.PARTLY, Why.DIFFERENCE, date(2025, 6, 16))
    fund.pay(correction, day=date(2025, 6, 16))
    found = queries.record([NUMBER], year=2025, today=TODAY)
    (one,) = [v for v in found.verdicts if v.month == MARCH]
    assert one.state is State.PAID, "what is asked for now is in time with the contributions of the running month"
    assert [(line.wage, line.is_correction, line.reason) for line in one.lines] == [
        (5_000_000, True, "Salah ketik")
    ]
    (taken,) = found.taken_back
    assert (taken.line.wage, taken.right_month, taken.on) == (4_000_000, MARCH, date(2025, 5, 2))


def test_a_month_that_is_moved_stands_in_its_right_place(fund: GapFund):
    wrong = fund.report(MARCH, day=date(2025, 3, 10))
    fund.pay(wrong, day=date(2025, 3, 10))
    assert states()["2025-02"] is State.WRONG_MONTH
    assert states()["2025-03"] is State.PAID
    fund.correct(wrong, day=date(2025, 3, 20), month=Month(2025, 2))
    assert states()["2025-02"] is State.PAID
    assert states()["2025-03"] is State.MISSING


def test_work_that_ended_before_what_was_paid(fund: GapFund):
    fund.month(MARCH)
    registry.end_employment(Employment.objects.get().pk, ended=date(2025, 1, 31))
    assert states() == {"2025-01": State.WRONG_MONTH, "2025-03": State.WITHOUT_WORK}


def test_who_insures_himself_and_who_works_abroad(fund: GapFund):
    number = "20000000002"
    registry.register_persons([registry.NewPerson("Budi Contoh", date(1990, 1, 1), (number,))])
    registry.enrol_self_employed(
        [registry.NewSelfEmployment(number, 2_000_000, old_age=True, sector="other", starts=date(2025, 1, 1))]
    )
    (stay,) = registry.register_migrant_contracts(
        [registry.NewMigrantContract(number, date(2025, 4, 10), 12, agency=True, old_age=100_000)]
    )
    day = date(2025, 1, 10)
    issued = billing.issue_self_employed(number, first=Month(2025, 1), months=2, now=morning(day))
    code = issued.payment_code
    text = f"payment_code,amount,received_on,bank_reference\n{code.code},{code.amount},{day},Y\n"
    payments.take_in_bank_file(text.encode(), today=day, now=morning(day))
    billing.drain(now=morning(day))
    billing.issue_self_employed(number, first=MARCH, months=1, now=morning(date(2025, 3, 1)))
    billing.issue_migrant(stay, old_age_months=0, now=morning(date(2025, 3, 1)))
    found = queries.record([number], year=2025, today=date(2025, 4, 11)).verdicts
    assert [(str(one.month), one.segment, one.state) for one in found] == [
        ("2025-04", facts.PMI, State.UNPAID),
        ("2025-04", facts.BPU, State.NOT_DUE),
        ("2025-03", facts.BPU, State.UNPAID),
        ("2025-02", facts.BPU, State.PAID),
        ("2025-01", facts.BPU, State.PAID),
    ]


def test_nothing_is_asked_of_months_before_the_books(fund: GapFund, settings: LazySettings):
    assert min(states()) == "2025-01"
    settings.LUMBUNG_BOOKS_SINCE = "2025-04"
    assert states() == {"2025-04": State.MISSING, "2025-05": State.MISSING, "2025-06": State.NOT_DUE}
    assert queries.record([NUMBER], year=None, today=TODAY).years == (2025,)


def test_who_is_unknown_or_registered_today_has_nothing(fund: GapFund):
    assert queries.record([], year=None, today=TODAY).verdicts == ()
    assert queries.attention([], today=TODAY).count == 0
    registry.register_persons([registry.NewPerson("Baru Contoh", date(2000, 1, 1), ("30000000003",))])
    assert queries.record(["30000000003"], year=None, today=TODAY) == queries.Record(None, (), (), ())
    fund.hire_at("00000012-000", "30000000003", "", starts=TODAY)
    (only,) = queries.record(["30000000003"], year=None, today=TODAY).verdicts
    assert (only.month, only.state) == (Month(2025, 6), State.NOT_DUE)


def test_attention_names_the_newest_and_counts_the_last_two_years(fund: GapFund):
    found = queries.attention([NUMBER], today=TODAY, most=2)
    assert (found.count, found.since) == (17, Month(2023, 7))
    assert [str(one.month) for one in found.newest] == ["2025-05", "2025-04"]


def test_all_years_or_one_cost_the_same_two_statements(fund: GapFund, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    rows = prepared.rows
    monkeypatch.setattr(prepared, "rows", lambda sql, facts: asked.append(sql) or rows(sql, facts))
    for step in range(17):
        fund.month(Month(2024, 1) + step)
    fund.hire_at("00000013-000", "20000000009", "Cici Contoh")
    numbers = [NUMBER, "20000000009"]
    for ask in (
        lambda: queries.record(numbers, year=2024, today=TODAY),
        lambda: queries.record(numbers, year=None, today=TODAY, everything=True),
        lambda: queries.attention(numbers, today=TODAY),
    ):
        asked.clear()
        with CaptureQueriesContext(connection) as others:
            assert ask()
        assert (len(asked), len(others)) == (2, 0)


def test_repr_holds_no_wage(fund: GapFund):
    fund.month(MARCH, 4_321_000)
    found = queries.record([NUMBER], year=2025, today=TODAY)
    assert "4321000" not in repr(found)


def test_money_that_came_twice_is_not_a_part(fund: GapFund):
    returned = fund.month(MARCH)
    fund.pay(returned, day=date(2025, 4, 16))
    assert states()["2025-03"] is State.PAID
