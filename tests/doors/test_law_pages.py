"""The law in public: reckoned without log-in and script, in both languages, by the law alone; nothing is kept."""

import re
from datetime import date
from html import unescape

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation
from django.utils.html import escape
from door_users import Users

from lumbung.law import calculators, version
from lumbung.law.derivation import render, written
from lumbung.law.month import Month
from lumbung.law.parameter import parameters
from lumbung.portal.law import chapters
from lumbung.portal.law.forms import RISKS, SCENARIOS, SECTORS
from lumbung.portal.law.views import PAGES

LANGUAGES = ("id", "en")
MONTH = {"month": "10", "year": "2026"}
EMPLOYED = {"wage": "8.000.000", "risk_class": "II", **MONTH}
OWN = {"income": "Rp 2.000.000", "sector": "other", **MONTH}
OLD_AGE = {"wage": "5000000", "years": "30", "opening": "", "rate": "5,7"}
PENSION = {
    "born_day": "2",
    "born_month": "3",
    "born_year": "1985",
    "wage": "6.000.000",
    "since": "2016",
    "scenario": "middle",
}
ASKED = {"contribution": EMPLOYED, "own-work": OWN, "old-age": OLD_AGE, "pension": PENSION}


def in_language(language: str) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def ask(page: str, facts: dict[str, str], language: str = "en") -> HttpResponse:
    return in_language(language).post(f"/law/{page}/", facts)


def plain(answer: HttpResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def by_law(page: str) -> calculators.Result:
    """The same question asked of the law itself."""
    october = Month(2026, 10)
    if page == "contribution":
        return calculators.contribution(segment="PU", month=october, wage=8_000_000, risk_class="II")
    if page == "own-work":
        return calculators.contribution(segment="BPU", month=october, income=2_000_000)
    if page == "old-age":
        return calculators.old_age(wage=5_000_000, years=30, rate="5.7")
    today = timezone.localdate()
    return calculators.pension_at(born=date(1985, 3, 2), wage=6_000_000, since=2016, today=today)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ASKED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_shows_the_laws_figures_and_their_derivation(page: str, language: str):
    answer = ask(page, ASKED[page], language)
    assert answer.status_code == 200
    found = by_law(page)
    with translation.override(language):
        for figure in found.figures:
            told = written(calculators.shown(figure), translation.gettext)
            assert f"{translation.gettext(figure.label)} {told}" in plain(answer)
        for note in found.notes:
            assert translation.gettext(calculators.NOTES[note]) in plain(answer)
        assert render(found.derivation, "html", translation.gettext) in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("page", ASKED)
def test_what_was_typed_is_posted_without_a_token_and_kept_by_nobody(page: str):
    answer = ask(page, ASKED[page])
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert f'<form method="post" action="/law/{page}/#result" novalidate>' in answer.content.decode()
    assert "csrfmiddlewaretoken" not in answer.content.decode()
    empty = in_language("en").get(f"/law/{page}/", ASKED[page])  # an address with facts is not read
    assert "result" not in re.findall(r'id="([a-z]+)"', empty.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", *(f"{page}/" for page in ASKED), "parameters/", "parameters/jkk_rate/"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_everybodys_and_may_be_kept(path: str, language: str):
    answer = in_language(language).get(f"/law/{path}")
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.content.decode()
    assert set(answer["Cache-Control"].split(", ")) == {"public", "no-cache"}
    again = in_language(language)
    assert again.get(f"/law/{path}", headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "changed", "sentence"),
    [
        ("contribution", {"wage": ""}, "Wage a month: Fill this in."),
        ("contribution", {"wage": "delapan juta"}, "Write whole rupiah in digits, like 5000000 or 5.000.000."),
        ("contribution", {"wage": "8.00.000"}, "Write whole rupiah in digits, like 5000000 or 5.000.000."),
        ("contribution", {"wage": "-5"}, "Write whole rupiah in digits, like 5000000 or 5.000.000."),
        ("contribution", {"wage": "9" * 15}, "This amount is too large. Check the zeros."),
        ("contribution", {"risk_class": "VI"}, "This is not among the answers. Choose one of them."),
        ("contribution", {"month": "5", "year": "2015"}, "nothing is in force before 2015-07-01"),
        ("contribution", {"month": "12", "year": "2027"}, "nobody knows the value from 2027-03-01 on"),
        ("old-age", {"years": "51"}, "Write a number of years from 1 to 50."),
        ("old-age", {"years": "x"}, "Write a number in digits."),
        ("old-age", {"rate": "21"}, "Write a percentage, like 5 or 5,7."),
        ("old-age", {"rate": "5.7.1"}, "Write a percentage, like 5 or 5,7."),
        ("pension", {"born_month": "13"}, "The month must be a number from 1 to 12, or its name."),
        ("pension", {"born_year": "2017"}, "You were not born yet. Check the year and the birth date."),
    ],
)
def test_a_slip_of_the_pen_is_said_plainly(page: str, changed: dict[str, str], sentence: str):
    years = {"year": "2027"} if changed.get("year") == "2027" else {}
    answer = ask(page, {**ASKED[page], **changed, **years})
    assert answer.status_code == 200
    said = plain(answer)
    assert "There is a problem" in said
    assert sentence in said
    assert "The answer" not in said


@pytest.mark.django_db
@pytest.mark.parametrize("written_as", ["8000000", "8.000.000", "8,000,000", "Rp8.000.000", "rp. 8 000 000,-"])
def test_an_amount_may_be_written_in_every_usual_way(written_as: str):
    assert "Rp 763,200" in plain(ask("contribution", {**EMPLOYED, "wage": written_as}))


@pytest.mark.django_db
def test_who_was_too_old_for_a_pension_is_told_so():
    answer = ask("pension", {**PENSION, "born_year": "1950"})
    assert "The pension age was reached before the pension programme began." in plain(answer)


@pytest.mark.django_db
def test_what_is_typed_can_not_become_markup():
    answer = ask("contribution", {**EMPLOYED, "wage": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.content.decode()


def test_who_asks_too_often_waits(db: None, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "law": "1/m/ip"}
    assert [ask("old-age", OLD_AGE).status_code for _ in range(2)] == [200, 429]
    assert in_language("en").get("/law/old-age/").status_code == 200  # reading is not reckoning


def test_a_member_whose_account_only_shows_may_still_reckon(users: Users, enter, monkeypatch: pytest.MonkeyPatch):
    from lumbung.config import read_only

    browser = enter(users.member)
    monkeypatch.setattr(read_only.queries, "read_only_until", lambda user, now: object())
    for page, facts in ASKED.items():
        assert browser.post(f"/law/{page}/", facts).status_code == 200


# The law we use


def test_every_parameter_stands_in_one_chapter():
    for title, names in chapters.CHAPTERS.items():
        assert any(chapters.chapter_of(name) == title for name in parameters()), (title, names)
    told = chapters.all_chapters(date(2026, 11, 29), lambda sentence: sentence)
    assert sorted(number.name for _, numbers in told for number in numbers) == sorted(parameters())


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_names_every_number_with_what_holds_today(language: str):
    page = in_language(language).get("/law/parameters/").content.decode()
    for name in parameters():
        assert f'href="/law/parameters/{name}/"' in page
    assert ("3.7 %" if language == "en" else "3,7 %") in page
    assert version() in page


@pytest.mark.django_db
def test_a_number_shows_all_its_values_with_their_sources():
    client = in_language("en")
    for name, each in parameters().items():
        page = client.get(f"/law/parameters/{name}/").content.decode()
        for value in each.values:
            assert escape(value.source.title) in page, name
            assert value.source.url is None or escape(value.source.url) in page, name
        unknown = sum(value.content is None for value in each.values)
        unseen = sum(not value.source.is_confirmed for value in each.values)
        assert page.count("Not known") == unknown, name
        assert page.count("No text of the law was seen for it") == unseen, name


ENGLISH = re.compile(
    r"\b(the|of|and|from|with|by|for|was|found|art|annex|letter|its|not|which|who|also|law)\b", re.I
)


@pytest.mark.django_db
def test_a_number_is_told_in_indonesian_alone():
    client = in_language("id")
    for name in parameters():
        page = client.get(f"/law/parameters/{name}/").content.decode()
        shown = unescape(re.sub(r"<[^>]+>", " ", page[page.index("<h1") : page.index("</main>")]))
        assert ENGLISH.findall(shown) == [], name
        assert not re.search(r"\b[a-z]+_[a-z]+\b|K-high|K-med|sourced", shown), name


@pytest.mark.django_db
def test_a_number_that_changed_has_a_chart_beside_its_table():
    page = in_language("en").get("/law/parameters/pension_wage_cap/").content.decode()
    assert '<svg role="img"' in page
    assert "Rp 11,086,300" in page
    assert (
        "<svg" not in in_language("en").get("/law/parameters/disability_table/").content.decode().split("<main")[1]
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nothing", "jkk-rate", "JKK_RATE"])
def test_a_number_that_there_is_not_is_not_there(name: str):
    assert Client().get(f"/law/parameters/{name}/").status_code == 404


@pytest.mark.django_db
def test_the_first_page_and_every_foot_lead_to_the_law():
    assert Client().get("/").content.decode().count('href="/law/"') == 2
    assert Client().get("/help/").content.decode().count('href="/law/"') == 1


def test_the_words_of_the_forms_are_those_of_the_law():
    assert set(RISKS) == set(parameters()["jkk_rate"].latest().content)
    assert set(SCENARIOS) == set(parameters()["projection_assumptions"].latest().content)
    assert set(SECTORS) == {"transport", "other"}
    assert [page.address for page in PAGES] == [f"portal:law_{page.name}" for page in PAGES]
