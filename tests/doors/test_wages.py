"""The true-wage check: payslips beside the books, kept for the member alone, or a dispute from form to answer."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from door_users import PASSWORD, Users
from paid_months import FIRST_DAY, pay
from test_pages import read

from lumbung.accounts import actions
from lumbung.accounts.models import ReadOnly, User
from lumbung.casework import queries as cases
from lumbung.casework.models import Case
from lumbung.contributions.models import Payslip, Return
from lumbung.law import contributions as law
from lumbung.law.month import Month
from lumbung.ledger import queries as ledger
from lumbung.registry.actions import (
    NewEmployment,
    NewPerson,
    register_employer,
    register_persons,
    start_employments,
)

Enter = Callable[[User], Client]
TODAY = date(2025, 11, 23)
OCTOBER = Month(2025, 10)
NOTE = "Slip upah Anda benar. Pemberi kerja harus membetulkannya sampai 31 Desember."


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


def box(users: Users, month: Month = OCTOBER, place: int = 0) -> str:
    return f"wage-{place}-{users.employer.employer.pk}-{month}"


def post(client: Client, path: str = "/wages/", language: str = "en", **fields: Any) -> Any:
    return client.post(path, {"year": "2025", **fields}, headers={"Accept-Language": language})


def figures(text: str) -> list[str]:
    return re.findall(r'<dd class="money">([^<]+)</dd>', text)


def test_the_payslip_stands_beside_what_was_reported_and_the_difference_is_by_law(paid: Users, enter: Enter):
    answer = post(enter(paid.member), **{box(paid): "6.000.000"})
    text = answer.content.decode()
    owed, was = (law.assess(wage=wage, month=OCTOBER, risk_class="II") for wage in (6_000_000, 5_000_000))
    old_age = owed.jht_employer + owed.jht_member - was.jht_employer - was.jht_member
    pension = owed.jp_employer + owed.jp_member - was.jp_employer - was.jp_member
    wanted = [f"Rp {amount:,}" for amount in (owed.total - was.total, old_age, pension)]
    assert figures(text)[:3] == wanted
    assert f"Rp {owed.total:,}" in text
    assert "JHT, employer" in text, "the derivation by the law"
    assert "3.7 %" in text or "3,7 %" in text
    assert "PP 46/2015" in text
    assert "wages grow by 5.0 % a year" in " ".join(text.split())
    as_reported, with_payslips, future, now = (int(re.sub(r"\D", "", figure)) for figure in figures(text)[3:7])
    assert with_payslips - as_reported == future > now > 12 * 57_000
    assert not Payslip.objects.exists()
    assert not Case.objects.exists()


def test_a_payslip_that_fits_or_says_less_lacks_nothing(paid: Users, enter: Enter):
    for wage in ("5000000", "4.000.000"):
        text = post(enter(paid.member), **{box(paid): wage}).content.decode()
        assert "Nothing is lacking" in text


def test_a_month_that_nobody_reported_lacks_all_and_one_not_due_lacks_nothing(paid: Users, enter: Enter):
    typed = {box(paid, Month(2025, 9)): "5000000", box(paid, Month(2025, 11)): "9000000"}
    text = post(enter(paid.member), **typed).content.decode()
    assert figures(text)[0] == f"Rp {law.assess(wage=5_000_000, month=Month(2025, 9), risk_class='II').total:,}"
    assert "Not due yet" in text


@pytest.mark.parametrize("wrong", ["lima juta", "-5", "99999999999999999", "5,5"])
def test_what_is_no_wage_is_said_at_its_box_and_repeated_nowhere_else(paid: Users, enter: Enter, wrong: str):
    for path in ("/wages/", "/wages/keep/", "/wages/send/"):
        answer = post(enter(paid.member), path, **{box(paid): wrong})
        assert answer.status_code == 400
        assert f"id_{box(paid)}" in answer.content.decode()
    assert not Payslip.objects.exists()
    assert not Case.objects.exists()


def test_the_largest_wages_at_two_employers_are_still_worked_out(paid: Users, enter: Enter):
    other = register_employer(full_number="90000019-000", name="PT Lain", risk_class="I", size="large")
    start_employments(other, [NewEmployment("10000000001", date(2025, 10, 1))])
    typed = {box(paid): "10.000.000.000", f"wage-0-{other.pk}-2025-10": "10.000.000.000"}
    assert post(enter(paid.member), **typed).status_code == 200
    for wage in ("10.000.000.001", "999999999999999", "1000000000000000"):
        assert post(enter(paid.member), **dict.fromkeys(typed, wage)).status_code == 400, wage


def test_the_queue_can_not_be_flooded(paid: Users, enter: Enter, settings: Any):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "send_request": "2/h/user"}
    client = enter(paid.member)
    months = [Month(2025, 8), Month(2025, 9), OCTOBER]
    answers = [post(client, "/wages/send/", **{box(paid, month): "6000000"}).status_code for month in months]
    assert answers == [302, 302, 429]
    assert Case.objects.filter(state="open").count() == 2


def test_nothing_typed_is_told(paid: Users, enter: Enter):
    answer = post(enter(paid.member))
    assert answer.status_code == 400
    assert "Write the wage of at least one month." in answer.content.decode()


def test_a_box_of_somebody_else_or_of_no_work_is_no_box(paid: Users, enter: Enter):
    other = register_employer(full_number="90000019-000", name="PT Lain", risk_class="I", size="large")
    odd = {f"wage-0-{other.pk}-2025-10": "6000000", f"wage-1-{paid.employer.employer.pk}-2025-10": "6000000"}
    for path in ("/wages/", "/wages/keep/", "/wages/send/"):
        assert post(enter(paid.member), path, **odd).status_code == 400
    assert not Payslip.objects.exists()
    assert not Case.objects.exists()


def test_kept_wages_are_sealed_come_back_to_their_owner_and_can_be_deleted(paid: Users, enter: Enter):
    client = enter(paid.member)
    assert post(client, "/wages/keep/", **{box(paid): "6123456"})["Location"] == "/wages/"
    post(client, "/wages/keep/", **{box(paid): "6123457"})
    kept = Payslip.objects.get()
    assert kept.wage == "6123457"
    with connection.cursor() as cursor:
        cursor.execute("SELECT wage FROM contributions_payslip")
        assert b"6123457" not in bytes(cursor.fetchone()[0])
    assert 'value="6123457"' in read(client, "/wages/?year=2025", "en")
    assert "6123457" not in read(enter(paid.other_member), "/wages/?year=2025", "en")
    post(enter(paid.other_member), "/wages/forget/")
    assert Payslip.objects.count() == 1
    assert post(client, "/wages/forget/")["Location"] == "/wages/"
    assert not Payslip.objects.exists()


def test_a_dispute_goes_from_the_form_to_the_decision_and_the_members_reading(paid: Users, enter: Enter):
    member, officer = enter(paid.member), enter(paid.officer)
    before = ledger.balance("10000000001", None)
    typed = {
        box(paid): "6000000",
        box(paid, Month(2025, 9)): "6000000",
        "why": "Tunjangan tetap tidak dilaporkan.",
    }
    assert post(member, "/wages/send/", **typed)["Location"] == "/account/requests/"
    case = Case.objects.get()
    assert (case.kind, case.state) == (Case.Kind.DISPUTE, Case.State.OPEN)
    assert timedelta(days=13, hours=23) < case.due_at - case.opened_at <= timedelta(days=14)
    assert "6000000" not in repr(case)
    listed = read(member, "/account/requests/", "en")
    for words in ("Another wage than was reported", "PT Contoh", "September 2025", "October 2025", "Waits for"):
        assert words in listed
    queue = read(officer, "/office/", "en")
    assert "Another wage than was reported" in queue
    assert "Sari" not in queue
    assert "6,000,000" not in read(officer, f"/office/cases/{case.pk}/", "en"), "not before there is a reason"
    officer.post(f"/office/cases/{case.pk}/open/", {"reason": "Sanggahan upah masuk hari ini."})
    shown = read(officer, f"/office/cases/{case.pk}/", "en")
    for words in ("Rp 6,000,000", "Rp 5,000,000", "Not reported", "Tunjangan tetap", "Accepting changes no books"):
        assert words in shown
    assert '{"number"' not in shown
    assert "10000000001" not in shown
    decision = {"decision": "accept", "note": NOTE, "seen": cases.stamp(case)}
    assert officer.post(f"/office/cases/{case.pk}/decide/", decision)["Location"] == "/office/"
    told = read(member, "/account/requests/", "en")
    for words in ("Accepted", NOTE, "Your employer must now have it put right."):
        assert words in told
    assert ledger.balance("10000000001", None) == before
    assert Return.objects.count() == 1, "a dispute changes no books"


def test_a_refused_dispute_says_why_and_can_be_sent_anew(paid: Users, enter: Enter):
    member, officer = enter(paid.member), enter(paid.officer)
    post(member, "/wages/send/", **{box(paid): "6000000"})
    case = Case.objects.get()
    officer.post(f"/office/cases/{case.pk}/open/", {"reason": "Sanggahan upah masuk hari ini."})
    decision = {"decision": "refuse", "note": "Slip upah memuat uang lembur.", "seen": cases.stamp(case)}
    officer.post(f"/office/cases/{case.pk}/decide/", decision)
    told = read(member, "/account/requests/", "en")
    assert "Slip upah memuat uang lembur." in told
    assert "Your employer must now" not in told
    post(member, "/wages/send/", **{box(paid): "6000000"})
    assert Case.objects.filter(state="open").count() == 1


def test_the_same_months_are_one_open_dispute_and_others_another(paid: Users, enter: Enter):
    member = enter(paid.member)
    for wage in ("6000000", "6500000"):
        post(member, "/wages/send/", **{box(paid): wage})
    assert Case.objects.count() == 1
    assert "6500000" in Case.objects.get().facts
    post(member, "/wages/send/", **{box(paid, Month(2025, 9)): "6000000"})
    assert Case.objects.filter(state="open").count() == 2


def test_each_employer_is_a_dispute_of_its_own(users: Users, enter: Enter):
    places = [
        register_employer(full_number=f"9000002{n}-000", name=f"PT Uji {n}", risk_class="I", size="large")
        for n in range(5)
    ]
    for where in places:
        start_employments(where, [NewEmployment("10000000001", date(2025, 10, 1))])
    client = enter(users.member)
    post(client, "/wages/send/", **{f"wage-0-{where.pk}-2025-10": "3000000" for where in places})
    assert Case.objects.filter(kind="dispute").count() == 5
    text = post(client, **{f"wage-0-{where.pk}-2025-10": "3000000" for where in places}).content.decode()
    assert text.count("How the law comes to what is owed for October 2025") == 5


def test_who_has_nothing_reads_that_and_who_was_hired_today_sees_one_month(users: Users, enter: Enter):
    client = enter(users.member)
    assert "No work of yours is registered yet." in read(client, "/wages/", "en")
    start_employments(users.employer.employer, [NewEmployment("10000000001", TODAY)])
    text = read(client, "/wages/", "en")
    assert text.count('name="wage-0-') == 1
    answer = post(client, **{box(users, Month(2025, 11)): "5000000"})
    assert answer.status_code == 200
    assert "Nothing is lacking" in answer.content.decode()


def test_three_joined_numbers_have_boxes_without_a_number_in_them(users: Users, enter: Enter):
    numbers = ("20000000001", "20000000002", "20000000003")
    person = register_persons([NewPerson("Wati Uji", date(1980, 3, 3), numbers)])[0].person
    wati = actions.make_member_user(person, "wati", PASSWORD)
    start_employments(users.employer.employer, [NewEmployment(number, date(2025, 10, 1)) for number in numbers])
    pay(users.employer.employer, OCTOBER, {numbers[2]: 4_000_000})
    client = enter(wati)
    text = read(client, "/wages/", "en")
    assert not [number for number in numbers if number in text]
    answer = post(client, **{box(users, place=2): "5000000"}).content.decode()
    owed = law.assess(wage=5_000_000, month=OCTOBER, risk_class="II").total
    assert figures(answer)[0] == f"Rp {owed - law.assess(wage=4_000_000, month=OCTOBER, risk_class='II').total:,}"


def test_an_account_that_only_shows_still_works_it_out(paid: Users, enter: Enter):
    client = enter(paid.member)
    start_read_only(paid.member)
    answer = post(client, **{box(paid): "6000000"})
    assert answer.status_code == 200
    assert "Send it as a dispute" not in answer.content.decode(), "no way is offered that ends in a refusal"
    for path in ("/wages/keep/", "/wages/send/", "/wages/forget/"):
        assert post(client, path, **{box(paid): "6000000"}).status_code == 403
    assert read(client, "/history/", "en")


def start_read_only(user: User) -> None:
    now = timezone.now()
    ReadOnly.objects.create(user=user, cause="locked", since=now - timedelta(hours=1))


def test_forty_years_cost_what_one_does(users: Users, enter: Enter):
    start_employments(users.employer.employer, [NewEmployment("10000000001", FIRST_DAY)])
    start_employments(users.employer.employer, [NewEmployment("10000000002", date(2025, 10, 1))])
    counts = []
    for user in (users.member, users.other_member):
        client = enter(user)
        client.get("/wages/")
        with CaptureQueriesContext(connection) as seen:
            read(client, "/wages/", "en")
        counts.append(len(seen))
    assert counts[0] == counts[1]
