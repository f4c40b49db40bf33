"""The history of contributions: a year at a time, with what is wrong in words, as a page and as files."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from door_users import PASSWORD, Users
from paid_months import FIRST_DAY, pay
from test_pages import read

from lumbung import prepared
from lumbung.accounts import actions
from lumbung.accounts.models import User
from lumbung.contributions.lines import actions as lines
from lumbung.contributions.models import Return
from lumbung.law.contributions import assess
from lumbung.law.month import Month
from lumbung.papers import drawing
from lumbung.payments.actions import issue_code
from lumbung.registry.actions import (
    NewEmployment,
    NewPerson,
    NewSelfEmployment,
    enrol_self_employed,
    register_employer,
    register_persons,
    start_employments,
)
from lumbung.registry.models import Employer

Enter = Callable[[User], Client]
TODAY = date(2025, 11, 23)
NUMBERS = ("20000000001", "20000000002", "20000000003")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


def member(*numbers: str, name: str = "Wati Uji", username: str = "wati") -> User:
    person = register_persons([NewPerson(name, date(1980, 3, 3), numbers)])[0].person
    return actions.make_member_user(person, username, PASSWORD)


def employer(place: int = 0) -> Employer:
    return register_employer(
        full_number=f"9000001{place}-000", name=f"PT Contoh {place}", risk_class="II", size="medium"
    )


def hired(where: Employer, number: str, starts: date = FIRST_DAY, ended: date | None = None) -> None:
    start_employments(where, [NewEmployment(number, starts, ended)])


def months_on(text: str) -> list[str]:
    return re.findall(r'role="rowheader">([^<]+)<', text)


def tags_on(text: str) -> list[str]:
    return re.findall(r'class="told"[^>]*><span class="tag [a-z]*">([^<]+)<', text)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "id",
            ["Oktober 2025", "PT Contoh", "Rp 5.000.000", "Rp 185.000", "Rp 100.000", "Rp 50.000", "10 Nov 2025"],
        ),
        (
            "en",
            ["October 2025", "PT Contoh", "Rp 5,000,000", "Rp 185,000", "Rp 100,000", "Rp 50,000", "10 Nov 2025"],
        ),
    ],
)
def test_a_paid_month_shows_every_share(paid: Users, enter: Enter, language: str, words: list[str]):
    text = read(enter(paid.member), "/history/", language)
    for word in [*words, "Rp 27.000" if language == "id" else "Rp 27,000"]:  # JKK of class II, and JKM below
        assert word in text
    assert ("Rp 15.000" if language == "id" else "Rp 15,000") in text
    assert months_on(text)[0] == "November 2025"
    assert "7.000.000" not in text.replace(",", "."), "that is another member's wage"


def test_what_is_missing_says_so_in_words_and_who_must_act(paid: Users, enter: Enter):
    text = read(enter(paid.member), "/history/", "en")
    assert tags_on(text) == ["Not due yet", "Paid", *["Not reported"] * 9]
    assert "9 months of 2025 need attention." in text
    assert "Your employer should have reported and paid it by 15 October 2025" in text
    assert "Your employer must report and pay it by 15 December 2025." in text
    assert "Pemberi kerja Anda seharusnya melapor" in read(enter(paid.member), "/history/", "id")


def test_a_member_with_nothing_reads_what_will_come(users: Users, enter: Enter):
    client = enter(users.member)
    assert "Nothing has been paid for you yet" in read(client, "/history/", "en")
    for kind in ("csv", "pdf"):
        assert client.get(f"/history/contributions.{kind}").status_code == 200
    assert client.get("/history/?year=2025&state=missing&employer=1").status_code == 200


def test_who_has_nothing_finds_the_next_step_on_each_empty_page(users: Users, enter: Enter):
    client = enter(users.member)
    for path in ("/history/", "/wages/", "/why/balance/"):
        assert '<a class="button second" href="/numbers/">Join another number</a>' in read(client, path, "en"), (
            path
        )


def test_who_was_hired_today_owes_nobody_anything(users: Users, enter: Enter):
    hired(users.employer.employer, "10000000001", TODAY)
    text = read(enter(users.member), "/history/", "en")
    assert (months_on(text), tags_on(text)) == (["November 2025"], ["Not due yet"])
    assert "Nothing of 2025 needs attention." in text


def test_years_come_one_at_a_time(users: Users, enter: Enter):
    wati, work = member(NUMBERS[0]), employer()
    hired(work, NUMBERS[0], date(2024, 11, 1))
    for step in range(12):
        pay(work, Month(2024, 11) + step, {NUMBERS[0]: 6_000_000})
    client = enter(wati)
    newest, older = read(client, "/history/", "en"), read(client, "/history/?year=2024", "en")
    assert (months_on(newest)[0], len(months_on(newest))) == ("November 2025", 11)
    assert months_on(older) == ["December 2024", "November 2024"]
    assert 'href="?year=2024"' in newest
    assert 'href="?year=2025"' in older
    for odd in ("1999", "abc", "-1", "99999", ""):
        assert months_on(read(client, f"/history/?year={odd}", "en")) == months_on(newest)


def test_a_state_and_an_employer_can_be_chosen(users: Users, enter: Enter):
    wati, one, other = member(NUMBERS[0]), employer(), employer(1)
    for work in (one, other):
        hired(work, NUMBERS[0], date(2025, 8, 1))
    pay(one, Month(2025, 8), {NUMBERS[0]: 6_000_000})
    pay(other, Month(2025, 9), {NUMBERS[0]: 3_000_000})
    pay(other, Month(2025, 8), {NUMBERS[0]: 3_000_000}, late=60)
    client = enter(wati)
    assert len(months_on(read(client, "/history/", "en"))) == 8
    chosen = read(client, f"/history/?year=2025&employer={other.pk}", "en")
    assert tags_on(chosen) == ["Not due yet", "Not reported", "Paid", "Paid late"]
    assert "PT Contoh 0</span>" not in chosen
    assert tags_on(read(client, "/history/?state=paid", "en")) == ["Paid", "Paid"]
    assert set(tags_on(read(client, "/history/?state=attention", "en"))) == {"Not reported"}
    assert "No month is like this" in read(client, f"/history/?state=paid_late&employer={one.pk}", "en")
    nonsense = read(client, "/history/?state=<b>&employer=999999", "en")
    assert "<b>" not in nonsense
    assert len(months_on(nonsense)) == 8


def test_three_joined_numbers_say_whose_each_month_is(users: Users, enter: Enter):
    wati, work = member(*NUMBERS), employer()
    for number in NUMBERS:
        hired(work, number, date(2025, 10, 1))
    text = read(enter(wati), "/history/", "en")
    for ending in ("0001", "0002", "0003"):
        assert f"•••••••{ending}" in text
    assert not [number for number in NUMBERS if number in text]
    assert len(months_on(text)) == 6


def test_who_insures_himself_reads_what_he_must_do(users: Users, enter: Enter):
    wati = member(NUMBERS[0])
    enrol_self_employed([NewSelfEmployment(NUMBERS[0], 2_000_000, old_age=True, sector="other", starts=TODAY)])
    text = read(enter(wati), "/history/", "en")
    assert tags_on(text) == ["Not due yet"]
    assert "You pay it by 23 November 2025." in text
    assert "Paid by yourself" in text


def rows_of(client: Client, query: str = "", language: str = "en") -> list[dict[str, str]]:
    client.cookies["lumbung_language"] = language
    answer = client.get(f"/history/contributions.csv{query}", headers={"Accept-Language": language})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if text.count(";") > text.count(",") else ","))


def test_a_year_or_everything_as_a_table(users: Users, enter: Enter):
    wati, work = member(NUMBERS[0]), employer()
    Employer.objects.filter(pk=work.pk).update(name="=PT Rumus")
    hired(work, NUMBERS[0], date(2024, 12, 1))
    pay(work, Month(2024, 12), {NUMBERS[0]: 6_000_000})
    client = enter(wati)
    everything, year = rows_of(client), rows_of(client, "?year=2024")
    assert len(everything) == 12
    (paid,) = year
    assert (paid["Month"], paid["State"], paid["Wage"], paid["JHT, from employer"]) == (
        "2024-12",
        "Paid",
        "6000000",
        "222000",
    )
    assert (paid["Paid"], paid["Expected"], paid["Paid on"]) == ("572400", "572400", "2025-01-10")
    assert paid["Employer"] == "'=PT Rumus", "no spreadsheet takes a name for a formula"
    assert paid["Member number"] == "•••••••0001"
    assert everything[1]["Who must act"] == "Your employer"
    assert everything[1]["By when"] == "Now"
    assert everything[1]["Expected"] == "572400", "by the wage of the months before"


def test_the_pdf_says_what_the_page_says(users: Users, enter: Enter):
    wati, work = member(NUMBERS[0], name='Wati #set "Uji'), employer()
    hired(work, NUMBERS[0], date(2024, 12, 1))
    pay(work, Month(2024, 12), {NUMBERS[0]: 6_000_000})
    answer = enter(wati).get("/history/contributions.pdf", headers={"Accept-Language": "en"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].endswith('.pdf"')
    assert answer.content.startswith(b"%PDF-")
    assert answer.content.rstrip().endswith(b"%%EOF")


def test_pdfs_are_bounded_as_papers_are(
    users: Users, enter: Enter, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    wati, work = member(NUMBERS[0]), employer()
    hired(work, NUMBERS[0], date(2024, 12, 1))
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "make_paper": "2/10m/user"}
    client = enter(wati)
    with monkeypatch.context() as busy:
        busy.setattr("lumbung.papers.drawing._places", BoundedSemaphore(1))
        busy.setattr("lumbung.papers.drawing._turns", BoundedSemaphore(1))
        with drawing.turn():
            answer = client.get("/history/contributions.pdf", headers={"Accept-Language": "en"})
    assert answer["Location"] == "/history/"
    assert "Many people are having papers made just now." in read(client, "/history/", "en")
    assert [client.get("/history/contributions.pdf").status_code for _ in range(2)] == [200, 429]
    assert client.get("/history/contributions.csv").status_code == 200


def test_forty_years_cost_what_one_does(users: Users, enter: Enter, monkeypatch: pytest.MonkeyPatch):
    """As many statements, and as many lines looked at, for 480 months behind the year as for none."""
    work = employer()
    budi, wati = member(NUMBERS[1], name="Budi Uji", username="budi"), member(NUMBERS[0])
    long_ago(work, NUMBERS[0], 480)
    hired(work, NUMBERS[0], date(1985, 8, 1))
    hired(work, NUMBERS[1], date(2025, 8, 1))
    for step in range(3):
        pay(work, Month(2025, 8) + step, {NUMBERS[0]: 6_000_000, NUMBERS[1]: 6_000_000})
    said: list[tuple[str, Any]] = []
    rows = prepared.rows
    monkeypatch.setattr(prepared, "rows", lambda sql, facts: said.append((sql, facts)) or rows(sql, facts))
    counts = []
    for user in (budi, wati):
        client = enter(user)
        client.get("/history/")  # whatever is noted at most once in five minutes
        said.clear()
        with CaptureQueriesContext(connection) as seen:
            text = read(client, "/history/", "en")
        assert "August 2025" in text
        counts.append((len(about_months(said)), len(seen) + len(said), lines_read(said)))
    (short, _, few), (long, all_of_them, looked_at) = counts
    assert short == long == 2
    assert counts[0][1] == all_of_them <= 10, "session, user, activity and three about the member"
    assert few <= looked_at <= 3 + 7 + 12, "the year and the one before it, of 483 lines"
    assert '<option value="2015">' in text
    said.clear()
    client.get("/history/contributions.csv")
    assert len(about_months(said)) == 2


def long_ago(work: Employer, number: str, months: int) -> None:
    """Months as they stand in the books after years of use, up to July 2025."""
    first = Month(2025, 8) - months
    at = datetime(2020, 1, 1, tzinfo=UTC)
    codes = [issue_code(amount=1000, due=TODAY, now=at) for _ in range(months)]
    returns = Return.objects.bulk_create(
        Return(
            employer=work, month=(first + step).first_day, digest=step.to_bytes(4, "big"), received_at=at,
            law_version="", members=1, total=1000, state="settled", payment_code=code, entry_id=1, paid_on=TODAY,
        )
        for step, code in enumerate(codes)
    )  # fmt: skip
    assessment = assess(wage=5_000_000, month=Month(2025, 7), risk_class="II")
    for returned in returns:
        lines.copy(returned.pk, [(number, 1, 5_000_000, 0, assessment, False)])


def about_months(said: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [one for one in said if re.search("contributions_return|registry_employment", one[0])]


def lines_read(said: list[tuple[str, Any]]) -> int:
    """How many lines of returns the page's statement looks at, by the plan that PostgreSQL runs."""
    ((statement, facts),) = [one for one in said if "generate_series" in one[0]]
    with connection.cursor() as cursor:
        # So small a table may as well be read whole, and now and then is; what counts is that it need not be.
        for whole in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{whole} = off")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", facts)
        plan = cursor.fetchone()[0]
    found: list[int] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if node.get("Relation Name") == "contributions_returnline":
                read_rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
                found.append(round(read_rows * node["Actual Loops"]))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json.loads(plan) if isinstance(plan, str) else plan)
    return sum(found)


def test_five_employers_stand_beside_each_other(users: Users, enter: Enter):
    wati = member(NUMBERS[0])
    for place in range(5):
        hired(employer(place), NUMBERS[0], TODAY - timedelta(days=40))
    text = read(enter(wati), "/history/", "en")
    assert len(months_on(text)) == 10
    assert text.count('<option value="') >= 5
