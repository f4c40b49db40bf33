"""An employer's return is taken in whole or not at all, and once."""

from datetime import UTC, date, datetime

import pytest
from fund import ANI, BUDI, CICI, MONTH, NOW, ROWS, TODAY, Fund

from lumbung.contributions.errors import MonthNotYet, ReturnRefused
from lumbung.contributions.models import Return, ReturnLine
from lumbung.law.errors import NotYetInForce, Unknown
from lumbung.law.month import Month
from lumbung.payments.models import PaymentCode

WHOLE = "".join(ROWS.values())


def refused(fund: Fund, rows: str, **options: object) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(ReturnRefused) as raised:
        fund.report(rows, **options)
    return [(p.code, p.line, p.column) for p in raised.value.problems]


def test_a_return_asks_for_what_the_law_says(fund: Fund) -> None:
    taken = fund.report(WHOLE)
    assert taken.is_new
    lines = {line.member_number_id: line for line in taken.returned.lines.all()}
    assert set(lines) == {ANI, BUDI, CICI}
    ani = lines[ANI]
    assert (ani.jht_employer, ani.jht_member, ani.jp_employer, ani.jp_member, ani.jkk, ani.jkm) == (
        185_000, 100_000, 100_000, 50_000, 27_000, 15_000,
    )  # fmt: skip
    assert lines[BUDI].jp_wage == 10_547_400, "the pension wage is capped, the others are not"
    assert lines[BUDI].jht_employer == 740_000
    total = sum(
        line.jht_employer + line.jht_member + line.jp_employer + line.jp_member + line.jkk + line.jkm
        for line in lines.values()
    )
    assert taken.returned.total == taken.returned.payment_code.amount == total
    assert taken.returned.payment_code.due == date(2025, 12, 15)


def test_the_same_file_twice_is_one_return(fund: Fund) -> None:
    first, second = fund.report(WHOLE), fund.report(WHOLE)
    assert not second.is_new
    assert second.returned.pk == first.returned.pk
    assert Return.objects.count() == 1
    assert PaymentCode.objects.count() == 1


def test_a_newer_file_replaces_an_unpaid_one_and_the_older_can_come_back(fund: Fund) -> None:
    first = fund.report(WHOLE).returned
    second = fund.report(ROWS[ANI]).returned
    assert PaymentCode.objects.get(pk=first.payment_code_id).state == "void"
    assert fund.pay_return(first).held[0].held == "void_code"
    again = fund.report(WHOLE)
    assert not again.is_new
    assert (again.returned.pk, again.returned.state) == (first.pk, "open")
    assert again.returned.payment_code_id != first.payment_code_id
    second.refresh_from_db()
    assert second.state == "replaced"
    assert len(fund.pay_return(again.returned, reference="REF-2").matched) == 1
    assert fund.balance(CICI).old_age_balance == 171_000


def test_all_problems_come_at_once_and_a_refused_file_changes_nothing(fund: Fund) -> None:
    rows = (
        f"{ANI};9901011006850002;Ani Contoh;;5000000;0\r\n"  # the NIK of another
        f"{BUDI};;Wati Lain Sekali;;5000000;0\r\n"
        f"{CICI};;Cici Contoh;30-12-1999;5000000;0\r\n"
        "30000000009;;Dodi Contoh;;5000000;0\r\n"
        f"{CICI};;Cici Contoh;;5.000;0\r\n"
    )
    assert refused(fund, rows) == [
        ("nik_differs", 2, "NIK"),
        ("name_differs", 3, "Nama"),
        ("birth_date_differs", 4, "Tgl Lahir"),
        ("not_a_worker", 5, "KPJ"),
        *[problem for problem in refused(fund, rows) if problem[1] == 6],
    ]
    assert {line for _, line, _ in refused(fund, rows)} == {2, 3, 4, 5, 6}
    assert Return.objects.count() == ReturnLine.objects.count() == PaymentCode.objects.count() == 0


def test_a_member_of_nobody_and_one_of_another_employer_sound_the_same(fund: Fund) -> None:
    """A stranger's payroll can't be used to find out who is a member."""
    from lumbung.registry import actions

    actions.register_persons([actions.NewPerson("Eka Contoh", date(1991, 1, 1), ("40000000004",))])
    problems = []
    for number in ("40000000004", "50000000005"):
        with pytest.raises(ReturnRefused) as raised:
            fund.report(f"{number};;Eka Contoh;;5000000;0\r\n")
        (problem,) = raised.value.problems
        problems.append((problem.code, problem.say(), problem.line))
    assert problems[0] == problems[1]


def test_a_worker_is_found_by_nik_alone(fund: Fund) -> None:
    taken = fund.report(";9901015505900001;Ani Contoh;;5000000;0\r\n")
    assert [line.member_number_id for line in taken.returned.lines.all()] == [ANI]


def test_one_member_by_number_and_again_by_nik_is_a_problem(fund: Fund) -> None:
    rows = f"{ANI};;Ani Contoh;;5000000;0\r\n;9901015505900001;Ani Contoh;;5000000;0\r\n"
    assert [code for code, _, _ in refused(fund, rows)] == ["twice"]


def test_back_pay_counts_with_the_wage(fund: Fund) -> None:
    line = fund.report(f"{ANI};;Ani Contoh;;5000000;1000000\r\n").returned.lines.get()
    assert (line.wage, line.back_pay, line.jht_employer) == (5_000_000, 1_000_000, 222_000)


def test_nothing_owed_is_refused(fund: Fund) -> None:
    assert refused(fund, f"{ANI};;Ani Contoh;;0;0\r\n") == [("nothing_owed", None, None)]


def test_months_that_are_too_early_too_late_or_unknown_are_refused(fund: Fund) -> None:
    with pytest.raises(MonthNotYet):
        fund.report(WHOLE, month=Month(2025, 12))
    with pytest.raises(NotYetInForce):
        fund.report(WHOLE, month=Month(2015, 6))
    with pytest.raises(Unknown):
        fund.report(WHOLE, month=Month(2027, 3), today=date(2027, 4, 1))
    assert refused(fund, WHOLE, month=Month(2019, 12))[0][0] == "not_a_worker", "nobody was employed then"


def test_after_payment_only_members_who_are_not_in_it_may_follow(fund: Fund) -> None:
    fund.pay_return(fund.report(ROWS[ANI]).returned)
    assert refused(fund, WHOLE) == [("already_paid", 2, "KPJ")]
    more = fund.report(ROWS[BUDI] + ROWS[CICI]).returned
    fund.pay_return(more, reference="REF-2")
    assert fund.balance(CICI).old_age_balance == 171_000
    assert fund.balance(ANI).pension_months_paid == 1


def test_a_return_whose_money_has_come_is_settled_before_anything_replaces_it(fund: Fund) -> None:
    from lumbung.payments import actions as payments

    first = fund.report(ROWS[ANI]).returned
    code = first.payment_code
    content = f"payment_code,amount,received_on,bank_reference\n{code.code},{code.amount},{TODAY},R\n"
    payments.take_in_bank_file(content.encode(), today=TODAY, now=NOW)  # and the worker has not run yet
    assert refused(fund, WHOLE) == [("already_paid", 2, "KPJ")]


def test_a_small_employer_owes_no_pension(db: None) -> None:
    from fund import register

    register("00000008-001", size="small")
    line = Fund(number="00000008-001").report(ROWS[ANI]).returned.lines.get()
    assert (line.jp_wage, line.jp_employer, line.jp_member) == (0, 0, 0)
    assert line.jht_employer == 185_000


def test_the_file_is_kept_unreadable(fund: Fund) -> None:
    from django.db import connection

    returned = fund.report(WHOLE).returned
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM contributions_return WHERE id = %s", [returned.pk])
        (stored,) = cursor.fetchone()
    assert b"Contoh" not in bytes(stored)
    assert b"Contoh" in Return.objects.get(pk=returned.pk).content


def test_history_and_status_say_what_was_paid(fund: Fund) -> None:
    from lumbung.contributions import queries
    from lumbung.registry.models import MemberNumber

    person = MemberNumber.objects.get(pk=ANI).person_id
    before = queries.status(person, today=TODAY)
    assert (before.active, before.reason, before.last_month_paid) == (False, "not_paid", None)
    fund.pay_return(fund.report(ROWS[ANI]).returned)
    (paid,) = queries.history([ANI])
    assert (paid.month, paid.wage, paid.jht_employer, paid.paid_on) == (MONTH, 5_000_000, 185_000, TODAY)
    after = queries.status(person, today=TODAY)
    assert (after.active, after.employer_name, after.last_month_paid) == (True, "PT Contoh Uji", MONTH)
    assert after.programmes[:4] == ("JHT", "JP", "JKK", "JKM")


@pytest.mark.parametrize(
    ("paid_month", "active"),
    [(Month(2025, 8), True), (Month(2025, 7), False)],
    ids=["the third due month back", "the fourth due month back"],
)
def test_active_looks_at_the_last_three_due_months(fund: Fund, paid_month: Month, active: bool) -> None:
    """On 22 November 2025 the months due last are October, September and August."""
    from lumbung.contributions import queries
    from lumbung.registry.models import MemberNumber

    day = (paid_month + 1).first_day
    now = datetime(day.year, day.month, day.day, tzinfo=UTC)
    returned = fund.report(ROWS[ANI], month=paid_month, today=day, now=now).returned
    fund.pay(f"{returned.payment_code_id},{returned.total},{day},R", today=day, now=now)
    status = queries.status(MemberNumber.objects.get(pk=ANI).person_id, today=TODAY)
    assert status.active is active


AMOUNTS = "line, wage, back_pay, jht_employer, jht_member, jp_wage, jp_employer, jp_member, jkk, jkm"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contributions_returnline SET wage = wage + 1",
        "DELETE FROM contributions_returnline",
        "TRUNCATE contributions_returnline",
        "DELETE FROM contributions_return",
        f"DELETE FROM registry_membernumber WHERE number = '{ANI}'",
        f"UPDATE registry_membernumber SET number = '99999999999' WHERE number = '{ANI}'",
        f"INSERT INTO contributions_returnline ({AMOUNTS}, member_number_id, returned_id)"
        f" SELECT {AMOUNTS}, '98765432109', returned_id FROM contributions_returnline",
        f"INSERT INTO contributions_returnline ({AMOUNTS}, member_number_id, returned_id)"
        f" SELECT {AMOUNTS}, member_number_id, returned_id + 1 FROM contributions_returnline",
    ],
)
def test_the_database_keeps_what_was_reported(fund: Fund, statement: str) -> None:
    from django.db import DatabaseError, connection, transaction

    fund.report(ROWS[ANI])
    with (
        pytest.raises(DatabaseError, match=r"is kept|that is not registered|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert ReturnLine.objects.get().wage == 5_000_000
