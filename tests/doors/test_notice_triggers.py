"""Each kind of notice by what really causes it; twice is once, a kill loses nothing, and the past is no news."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from door_users import Users
from letterbox import EMAIL, PHONE, give_contacts, mails, texts
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from sms_phone import work_off

from conftest import make_users
from lumbung.accounts.inbox import queries as inbox
from lumbung.accounts.models import Message, User
from lumbung.accounts.sessions import actions as sessions
from lumbung.accounts.telling import actions as telling
from lumbung.billing import actions as billing
from lumbung.casework import actions as casework
from lumbung.casework.models import Case
from lumbung.cli import main
from lumbung.contributions import actions as contributions
from lumbung.contributions.corrections import actions as corrections
from lumbung.contributions.corrections.judging import Change
from lumbung.contributions.models import Return
from lumbung.development import actions as development
from lumbung.development.models import DevelopmentRun
from lumbung.law.month import Month
from lumbung.notices import actions, queries
from lumbung.payments import actions as payments
from lumbung.publications import actions as publications
from lumbung.registry.actions import (
    NewEmployment,
    NewSelfEmployment,
    enrol_self_employed,
    start_employments,
)
from lumbung.registry.models import Employer

Enter = Callable[[User], Client]
SARI, JOKO = "10000000001", "10000000002"
OCTOBER = Month(2025, 10)
PERIOD = {"period": "own", "language": "en", "first_day": "1", "first_month": "1", "first_year": "2025"}
PERIOD |= {"last_day": "30", "last_month": "11", "last_year": "2025"}
CHROME = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile"


@pytest.fixture
def fund(users: Users) -> Employer:
    """Sari and Joko work at PT Contoh since January 2025."""
    return hire(users)


def hire(users: Users) -> Employer:
    employer = users.employer.employer
    assert employer is not None
    start_employments(employer, [NewEmployment(number, date(2025, 1, 1)) for number in (SARI, JOKO)])
    return employer


def report(employer: Employer, month: Month, *, sari: int = 5_000_000, joko: int = 7_000_000) -> Return:
    """Reported on the fifth of the month after."""
    day = (month + 1).first_day + timedelta(days=4)
    file = f"kpj,nama,upah\n{SARI},Sari Uji,{sari}\n{JOKO},Joko Uji,{joko}\n".encode()
    return contributions.take_in_return(
        employer, month, file, file_name="upah.csv", today=day, now=morning(day)
    ).returned


def pay(returned: Return, *, day: date | None = None, settled_on: date | None = None) -> None:
    """Paid on the tenth of the month after unless another day is given, and settled on that day or later."""
    day = day or (Month.of(returned.month) + 1).first_day + timedelta(days=9)
    code = returned.payment_code
    assert code is not None
    line = f"{code.code},{code.amount},{day},R{code.code}"
    bank = f"payment_code,amount,received_on,bank_reference\n{line}\n".encode()
    payments.take_in_bank_file(bank, today=settled_on or day, now=morning(settled_on or day))
    contributions.settle(code.code, now=morning(settled_on or day) + timedelta(minutes=1))


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def told(user: User, word: str = "") -> list[str]:
    """The words of what stands in the inbox, the oldest first."""
    found = Message.objects.filter(user=user, word__startswith=word).order_by("pk")
    return list(found.values_list("word", flat=True))


def said(user: User, word: str) -> str:
    with override("en"):
        return inbox.letter(Message.objects.filter(user=user, word=word).latest("pk")).text


def queued(task: str) -> list[dict[str, object]]:
    """The arguments of the jobs that wait."""
    jobs = ProcrastinateJob.objects.filter(task_name=f"lumbung.notices.actions.{task}", status="todo")
    return list(jobs.order_by("pk").values_list("args", flat=True))


# Contributions


def test_a_contribution_that_came_in_is_told_with_wage_and_amount(users: Users, fund: Employer):
    give_contacts(users.member)
    returned = report(fund, OCTOBER)
    work_off()
    assert told(users.member) == [], "reported is not paid"
    pay(returned)
    work_off()
    assert told(users.member) == told(users.other_member) == ["contribution_credited"]
    text = said(users.member, "contribution_credited")
    for fact in ("PT Contoh", "October 2025", "Rp 5,000,000"):
        assert fact in text
    assert "7,000,000" not in text
    (mail,) = [mail for mail in mails(EMAIL) if "Upah" in mail]
    assert "Rp 5.000.000" in mail


def test_one_job_a_set_and_what_it_does_twice_is_once(users: Users, fund: Employer):
    first, second = report(fund, OCTOBER), report(fund, OCTOBER + 1)
    for returned in (first, second):
        payments.take_in_bank_file(_file_for(returned), today=date(2025, 12, 10), now=morning(date(2025, 12, 10)))
    contributions.settle_paid(now=morning(date(2025, 12, 10)))
    (job,) = queued("tell_settled")
    assert job == {"return_ids": [first.pk, second.pk]}, "ids and nothing else, and one job for both"
    now = morning(date(2025, 12, 10))
    assert actions.tell_of_returns([first.pk, second.pk], now=now) == 4
    with CaptureQueriesContext(connection) as again:
        assert actions.tell_of_returns([first.pk, second.pk], now=now) == 0
    assert not [query for query in again if query["sql"].startswith("INSERT")]
    assert User.objects.get(pk=users.member.pk).unread == 2


def _file_for(returned: Return) -> bytes:
    code = returned.payment_code
    assert code is not None
    return (
        "payment_code,amount,received_on,bank_reference\n"
        f"{code.code},{code.amount},2025-12-10,R{code.code}\n".encode()
    )


def test_broken_off_between_two_parts_it_goes_on_where_it_stood(
    users: Users, fund: Employer, monkeypatch: pytest.MonkeyPatch
):
    returned = report(fund, OCTOBER)
    pay(returned)
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    whole, parts = telling.tell_all, []

    def dies(*given: object, **more: object) -> int:
        parts.append(given)
        if len(parts) == 2:
            raise SystemExit
        return whole(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(telling, "tell_all", dies)
    with pytest.raises(SystemExit):
        actions.tell_of_returns([returned.pk], now=morning(date(2025, 11, 10)))
    assert (told(users.member), told(users.other_member)) == (["contribution_credited"], [])
    work_off()  # the job of the set, begun again
    assert told(users.member) == told(users.other_member) == ["contribution_credited"]


@pytest.mark.parametrize(("days", "expected"), [(31, ["contribution_credited"]), (32, [])])
def test_an_old_funds_past_is_no_news(users: Users, fund: Employer, days: int, expected: list[str]):
    paid_on = date(2025, 11, 10)
    pay(report(fund, OCTOBER), day=paid_on, settled_on=paid_on + timedelta(days=days))
    assert len(queued("tell_settled")) == len(expected)
    work_off()
    assert told(users.member) == expected


def test_what_is_corrected_is_told_as_such(users: Users, fund: Employer):
    returned = report(fund, OCTOBER)
    pay(returned)
    returned.refresh_from_db()
    day = date(2025, 11, 20)
    change = Change(wage=4_900_000, back_pay=None, month=None, member_number=None)
    corrections.correct(returned, change, member_number=SARI, reason="Salah ketik", today=day, now=morning(day))
    work_off()
    assert told(users.member, "contribution") == ["contribution_credited", "contribution_corrected"]
    assert "Rp 4,900,000" in said(users.member, "contribution_corrected")
    assert told(users.other_member) == ["contribution_credited"]


def test_a_lower_wage_is_told_when_it_is_credited(users: Users, fund: Employer):
    give_contacts(users.member)
    for step in range(3):
        pay(report(fund, Month(2025, 7) + step))
    lower = report(fund, OCTOBER, sari=3_000_000)
    work_off()
    assert told(users.member, "wage") == []
    pay(lower)
    work_off()
    assert told(users.member, "wage") == ["wage_lower"]
    assert told(users.other_member, "wage") == []
    text = said(users.member, "wage_lower")
    assert "Rp 3,000,000" in text
    assert "Rp 5,000,000" in text
    assert [text for text in texts(PHONE) if "3.000.000" in text], "somebody must act, so by SMS too"


def test_who_has_no_account_is_told_nothing_and_costs_nothing(users: Users, fund: Employer):
    User.objects.filter(kind=User.Kind.MEMBER).update(is_active=False)
    returned = report(fund, OCTOBER)
    pay(returned)
    with CaptureQueriesContext(connection) as asked:
        assert actions.tell_of_returns([returned.pk], now=morning(date(2025, 11, 10))) == 0
    assert len(asked) == 1


def test_who_pays_for_himself_is_told(users: Users):
    enrol_self_employed([NewSelfEmployment(SARI, 3_000_000, True, "other", date(2025, 9, 1))])
    now = morning(date(2025, 11, 10))
    issued = billing.issue_self_employed(SARI, first=OCTOBER, months=1, now=now)
    code = issued.payment_code
    line = f"{code.code},{code.amount},2025-11-10,B1"
    bank = f"payment_code,amount,received_on,bank_reference\n{line}\n".encode()
    payments.take_in_bank_file(bank, today=date(2025, 11, 10), now=now)
    billing.drain(now=now)
    assert len(queued("tell_bills")) == 1
    work_off()
    assert told(users.member) == ["own_contribution_credited"]
    assert actions.tell_of_bills([bill.pk for bill in issued.bills], now=now) == 0


# Months that are not paid


def test_each_night_tells_once_of_what_was_due_three_days_ago(users: Users, fund: Employer):
    give_contacts(users.member)
    due = date(2025, 11, 17)  # the fifteenth is a Saturday
    for days in range(3):
        assert actions.tell_of_unpaid(due + timedelta(days=days), now=morning(due)) == 0, days
    night = due + timedelta(days=3)
    looked: list[int] = []
    assert actions.tell_of_unpaid(night, now=morning(night), progress=looked.append) == 2
    assert looked == [2]
    assert actions.tell_of_unpaid(night + timedelta(days=1), now=morning(night)) == 0
    assert told(users.member) == ["month_unpaid"]
    for fact in ("PT Contoh", "October 2025", "17 November 2025"):
        assert fact in said(users.member, "month_unpaid")
    assert any("belum membayar" in text for text in texts(PHONE))
    assert SARI not in str(Message.objects.values_list("cause", flat=True)), "a cause is readable"


def test_reported_and_not_paid_is_told_and_what_is_paid_or_old_is_not(users: Users, fund: Employer):
    report(fund, OCTOBER)
    night = date(2025, 11, 20)
    assert actions.tell_of_unpaid(night + timedelta(days=8), now=morning(night)) == 0, "eleven days ago"
    pay(report(fund, OCTOBER + 1))
    assert actions.tell_of_unpaid(date(2025, 12, 20), now=morning(night)) == 0
    assert actions.tell_of_unpaid(night, now=morning(night)) == 2


def test_one_part_after_the_other_reaches_everybody(users: Users, fund: Employer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    night = date(2025, 11, 20)
    assert actions.tell_of_unpaid(night, now=morning(night)) == 2


def test_an_operator_has_it_done_by_hand(users: Users, fund: Employer):
    done = CliRunner().invoke(main, ["notices", "run", "--day", "2025-11-20", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == {"day": "2025-11-20", "told": 2}
    done = CliRunner().invoke(main, ["notices", "run", "--day", "2025-11-20"])
    assert done.output == "As on 2025-11-20: 0 messages about months that are not paid.\n"
    assert CliRunner().invoke(main, ["notices", "run", "--day", "2999-01-01"]).exit_code == 2


# The yearly result


def test_a_result_and_its_adjustment_are_told_once(users: Users, fund: Employer):
    pay(report(fund, OCTOBER))
    now = datetime(2026, 2, 3, 4, tzinfo=UTC)
    development.credit(year=2025, rate="5.60", decree="Keputusan 1 (contoh)", now=now)
    run = DevelopmentRun.objects.get()
    assert queued("tell_development") == [{"run_id": run.pk}]
    assert [actions.tell_of_run(run.pk, now=now) for _ in range(2)] == [2, 0]
    assert told(users.member) == ["development_credited"]
    text = said(users.member, "development_credited")
    assert "5.60 percent" in text
    assert SARI not in text
    pay(report(fund, OCTOBER + 1), day=date(2025, 12, 10), settled_on=date(2026, 2, 4))
    assert development.adjust(now=datetime(2026, 2, 5, 4, tzinfo=UTC))
    assert len(queued("tell_development")) == 2
    work_off()
    assert told(users.member, "development") == ["development_credited", "development_adjusted"]


def test_the_result_of_a_year_long_past_is_no_news(users: Users, fund: Employer):
    pay(report(fund, OCTOBER))
    now = datetime(2026, 2, 3, 4, tzinfo=UTC)
    development.credit(year=2024, rate="5.60", decree="Keputusan 1 (contoh)", now=now)
    assert DevelopmentRun.objects.get().is_finished
    assert queued("tell_development") == []


# What a member or an officer does


def test_a_new_device_reaches_every_contact(users: Users):
    give_contacts(users.member)
    facts = {"address": "127.0.0.1", "place": "member"}
    now = morning(date(2026, 3, 2))
    sessions.note_log_in(users.member, user_agent="first", now=now, **facts)
    assert texts(PHONE) == []
    night = datetime(2026, 3, 2, 18, tzinfo=UTC)
    sessions.note_log_in(users.member, user_agent=CHROME, now=night, **facts)
    sessions.note_log_in(users.member, user_agent=CHROME, now=night + timedelta(hours=1), **facts)
    assert len(texts(PHONE)) == len(mails(EMAIL)) == 1, "once, and at night too"


def test_a_decided_request_and_one_whose_clock_is_nearly_over(users: Users):
    give_contacts(users.member)
    person, now = users.member.person, morning(date(2026, 3, 2))
    assert person is not None
    facts = {"what": "name", "name": "Sari Lestari", "why": "KTP"}
    case = casework.open_case("correction", person, facts, user=users.member, place="member", now=now)
    assert actions.tell_of_clocks(now=now + timedelta(hours=59)) == 0
    for hours in (61, 62):
        actions.tell_of_clocks(now=now + timedelta(hours=hours))
    assert told(users.member) == ["request_due"]
    assert "5 March 2026, 10:00 WIB" in said(users.member, "request_due")
    Case.objects.filter(pk=case.pk).update(opened_at=now)
    casework.read_case(case.pk, users.officer, reason="Peserta menelepon.", now=now)
    case.refresh_from_db()
    note = "Nama sudah kami perbaiki."
    casework.decide(case.pk, users.officer, accepted=True, note=note, seen=casework.queries.stamp(case), now=now)
    assert told(users.member) == ["request_due", "request_accepted"]
    assert note in said(users.member, "request_accepted")
    assert all(note not in text for text in (*texts(PHONE), *mails(EMAIL))), "the officer's words stay inside"
    assert len(texts(PHONE)) == 2


def test_a_card_and_a_statement_made_are_told(users: Users, fund: Employer, enter: Enter):
    give_contacts(users.member)
    pay(report(fund, OCTOBER))
    client = enter(users.member)
    assert client.post("/card/make/").status_code == 302
    assert client.post("/statement/", PERIOD).status_code == 200
    assert told(users.member, "card") == ["card_made"]
    assert told(users.member, "statement") == ["statement_made"]
    assert User.objects.get(pk=users.member.pk).unread == 2


def test_an_announcement_is_told_on_its_first_day(users: Users):
    today = date(2026, 3, 2)
    new = publications.NewAnnouncement("jam", "Jam buka", "Hours", "Isi", "Text", today + timedelta(days=1))
    row = publications.publish(new, now=morning(today))
    assert len(queued("tell_announcement")) == 1
    assert actions.tell_of_announcement(row.pk, today=today, now=morning(today)) == 0, "not shown yet"
    assert queries.announced(today) == []
    tomorrow = today + timedelta(days=1)
    assert queries.announced(tomorrow) == [row.pk]
    for _ in range(2):
        actions.tell_of_announcement(row.pk, today=tomorrow, now=morning(tomorrow))
    assert told(users.member) == told(users.other_member) == ["announcement"]
    assert queries.announced(tomorrow + timedelta(days=8)) == [], "old by then"
    assert len(queued("tell_announcement")) == 1, "ids only, and one job for all"


def test_an_announcement_shown_at_once_is_told_by_the_queue(users: Users):
    new = publications.NewAnnouncement("kini", "Kini", "Now", "Isi", "Text", timezone.localdate())
    publications.publish(new, now=timezone.now())
    work_off()
    assert told(users.member) == ["announcement"]


# A worker that is killed


def test_what_a_killed_worker_was_about_is_begun_again(clone: object):
    users = make_users()
    pay(report(hire(users), OCTOBER))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = 1 WHERE task_name = %s",
            ["lumbung.notices.actions.tell_settled"],
        )
    async_to_sync(actions.begin_again)(app.job_manager)
    (arguments,) = queued("tell_settled")
    actions.tell_settled(**arguments)
    assert told(users.member) == ["contribution_credited"]
