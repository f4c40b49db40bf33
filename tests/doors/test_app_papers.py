"""A member's app makes and reads the same papers as the pages, within the same limits."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from app_phone import App, app_of
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone
from door_users import Users
from papercheck import code_in, code_in_pdf, verdict_of
from pyhanko.pdf_utils.reader import PdfFileReader
from test_cards import text_of
from test_statements import OCTOBER, status_of, words

from lumbung.accounts.models import AccessEvent, ContactChange, ReadOnly, User
from lumbung.api.v1 import papers as schema
from lumbung.papers import drawing
from lumbung.papers.checking import Verdict
from lumbung.papers.models import Paper

Enter = Callable[[User], Client]
PERIOD = {"first": "2025-01-01", "last": "2025-11-30", "language": "en"}


@pytest.fixture(autouse=True)
def no_limits_left_over(db: None) -> None:
    cache.clear()


@pytest.fixture
def app(paid: Users) -> App:
    return app_of("sari")


@pytest.fixture
def browser(paid: Users, enter: Enter) -> Client:
    client = enter(paid.member)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def refusal(answer: HttpResponse) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    return answer.status_code, answer.json()["code"]


def test_a_card_made_by_an_app_is_the_one_of_the_page(app: App, browser: Client, tmp_path: Path):
    for path in ("/card", "/card/pdf", "/card/png"):
        assert refusal(app.get(path)) == (404, "no_card")
    made = app.send("post", "/card")
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    card = made.json()
    schema.MembershipCard.model_validate(card)
    assert card == app.get("/card").json()
    assert (card["name"], card["member_numbers"]) == ("Sari Uji", ["0001"])
    assert card["text"] == text_of(browser)
    assert verdict_of(card["text"]) == Verdict.NEWEST
    assert "10000000001" not in str(card)
    assert code_in(app.get("/card/png").content) == card["text"]
    assert code_in_pdf(app.get("/card/pdf").content, tmp_path) == card["text"]
    assert list(AccessEvent.objects.filter(what="card_made").values_list("place", flat=True)) == ["app"]
    assert "card was made" in browser.get("/account/activity/").content.decode()


def test_a_card_made_anew_replaces_the_one_before_at_both_doors(app: App, browser: Client):
    old = app.send("post", "/card").json()["text"]
    browser.post("/card/make/")
    assert app.get("/card").json()["text"] == text_of(browser) != old
    assert verdict_of(old) == Verdict.REPLACED
    browser.post("/card/withdraw/")
    assert refusal(app.get("/card")) == (404, "no_card")


def test_what_the_app_has_already_is_neither_drawn_nor_sent_again(app: App, monkeypatch: pytest.MonkeyPatch):
    app.send("post", "/card")
    given = {path: app.get(path) for path in ("/card", "/card/pdf", "/card/png", "/card/png?language=en")}
    assert len({answer["ETag"] for answer in given.values()}) == 4
    monkeypatch.setattr(drawing, "compiled", None)
    for path, answer in given.items():
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        again = app.get(path, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    app.send("post", "/card")
    monkeypatch.undo()
    for path in ("/card", "/card/png"):
        assert app.get(path, headers={"If-None-Match": given[path]["ETag"]}).status_code == 200


def test_a_file_comes_in_the_language_asked_for(app: App):
    app.send("post", "/card")
    told = {said: words(app.get(f"/card/pdf?language={said}").content) for said in ("id", "en")}
    assert "Membership card" in told["en"]
    assert told["id"] == words(app.get("/card/pdf", headers={"Accept-Language": "id"}).content) != told["en"]
    assert refusal(app.get("/card/pdf?language=fr")) == (422, "bad_request")


def test_a_statement_is_the_one_of_the_page_and_signed(app: App, browser: Client):
    answer = app.send("post", "/statement", PERIOD)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "no-store"
    assert "statement-2025-01-01-2025-11-30.pdf" in answer["Content-Disposition"]
    assert status_of(answer.content).bottom_line
    (signature,) = PdfFileReader(BytesIO(answer.content)).embedded_signatures
    assert signature.field_name == "Fund"
    assert figures(answer.content) == figures(browser.post("/statement/", OCTOBER).content)
    assert "285,000" in figures(answer.content)
    noted = AccessEvent.objects.filter(what="statement_made").order_by("pk")
    assert [event.place for event in noted] == ["app", "member"]


def figures(pdf: bytes) -> str:
    """All that a statement says, but for its own number and the minute in which it was made."""
    text = words(pdf)
    for reference in Paper.objects.values_list("reference", flat=True):
        text = text.replace(reference, "")
    return re.sub(r"\b\d\d[.:]\d\d\b", "", text)


def test_a_statement_of_everything_needs_no_first_day(app: App):
    answer = app.send("post", "/statement", {"last": "2025-12-31"}, headers={"Accept-Language": "id"})
    assert "Rincian saldo" in words(answer.content)


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"last": "2099-12-31"}, 422, "bad_period"),
        ({"first": "2025-12-01"}, 422, "bad_period"),
        ({"last": "2025-02-31"}, 422, "bad_request"),
        ({"last": None}, 422, "bad_request"),
        ({"language": "fr"}, 422, "bad_request"),
        ({"number": "10000000002"}, 422, "bad_request"),
    ],
)
def test_what_is_no_period_is_a_problem(app: App, changed: dict[str, str], status: int, code: str):
    assert refusal(app.send("post", "/statement", PERIOD | changed)) == (status, code)
    assert not Paper.objects.exists()


def test_when_all_turns_are_taken_it_says_when_to_come_again(app: App, monkeypatch: pytest.MonkeyPatch):
    full = BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(drawing, "_places", full)
    answer = app.send("post", "/statement", PERIOD)
    assert refusal(answer) == (503, "too_busy")
    assert int(answer["Retry-After"]) > 0
    assert not Paper.objects.exists()


def test_papers_of_app_and_pages_are_counted_together(app: App, browser: Client):
    with override_settings(ACCOUNT_RATE_LIMITS={**settings.ACCOUNT_RATE_LIMITS, "make_paper": "2/10m/user"}):
        assert browser.post("/card/make/").status_code == 302
        assert app.get("/card/png").status_code == 200
        for answer in (
            app.send("post", "/card"),
            app.send("post", "/statement", PERIOD),
            app.get("/card/pdf"),
        ):
            assert refusal(answer) == (429, "too_many_requests")
            assert 500 < int(answer["Retry-After"]) <= 600, "the true wait"
        assert browser.post("/statement/", OCTOBER).status_code == 429
        assert app.get("/card").status_code == 200, "reading what is there costs nothing"
        assert app_of("joko").send("post", "/card").status_code == 201


def test_while_the_account_only_shows_a_first_card_can_be_made_and_none_replaced(paid: Users, app: App):
    now = timezone.now()
    until = now + timedelta(days=6)
    ReadOnly.objects.create(user=paid.member, cause="recovered", since=now, until=until)
    assert app.send("post", "/card").status_code == 201
    again = app.send("post", "/card")
    assert refusal(again) == (403, "only_shows")
    assert again.json()["until"][:16] == until.isoformat()[:16]
    assert Paper.objects.count() == 1
    assert app.send("post", "/statement", PERIOD).status_code == 200


def test_a_time_of_cooling_off_bars_what_moves_money_and_no_paper(paid: Users, app: App, browser: Client):
    now = timezone.now()
    facts = {"kind": "phone", "old": "", "new": "•••1", "changed_at": now, "cools_until": now + timedelta(days=7)}
    ContactChange.objects.create(user=paid.member, **facts)
    assert browser.post("/card/make/").status_code == 302
    assert app.send("post", "/card").status_code == 201
    assert app.send("post", "/statement", PERIOD).status_code == 200


def test_a_card_of_who_is_not_covered_says_so(users: Users):
    card = app_of("sari").send("post", "/card").json()
    assert (card["active"], card["programmes"]) == (False, [])
    assert date.fromisoformat(card["valid_on"]) == timezone.localdate()
