"""The typed client and the pages agree on every figure, and a problem is one class with its code."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from html import unescape
from pathlib import Path

import httpx
import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation
from door_users import PASSWORD, Users
from papercheck import code_in, code_in_pdf

from lumbung import maintenance
from lumbung.accounts.inbox import actions as inbox
from lumbung.contributions.gaps import queries as gaps
from lumbung.law import calculators, version
from lumbung.law.derivation import written
from lumbung.law.parameter import parameters
from lumbung.ledger import queries as books
from lumbung.maintenance import Maintenance
from lumbung.masking import masked
from lumbung.papers import contents, signing
from lumbung.portal.history import rows
from lumbung.wording import day_name, month_name, rupiah
from lumbung_client import Law, LogInNeeded, Member, Problem, SecondStepNeeded

ADDRESS = "http://localhost"
FORMS = {
    "contribution": {"wage": "8000000", "risk_class": "II", "month": "10", "year": "2026"},
    "own_work": {"income": "2000000", "sector": "other", "month": "10", "year": "2026"},
    "old_age": {"wage": "5000000", "years": "30", "rate": "5.7"},
    "pension": {
        "born_day": "2", "born_month": "3", "born_year": "1985", "wage": "6000000", "since": "2016",
        "scenario": "middle",
    },
}  # fmt: skip
ASKED = {
    "contribution": {"wage": 8000000, "month": "2026-10", "risk_class": "II"},
    "own_work": {"income": 2000000, "month": "2026-10"},
    "old_age": {"wage": 5000000, "years": 30, "rate": "5.7"},
    "pension": {"born": "1985-03-02", "wage": 6000000, "since": 2016},
}


@pytest.fixture(autouse=True)
def no_limits_left_over(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def transport(served: Callable[..., list[bytes]]) -> httpx.WSGITransport:
    return httpx.WSGITransport(app=served)


@pytest.fixture
def law(transport: httpx.WSGITransport) -> Iterator[Law]:
    with Law(ADDRESS, transport=transport) as law:
        yield law


@pytest.fixture
def me(paid: Users, transport: httpx.WSGITransport) -> Iterator[Member]:
    with Member(ADDRESS, transport=transport) as me:
        me.log_in("sari", PASSWORD)
        yield me


def plain(page: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.decode())).split())


@pytest.mark.parametrize("page", FORMS)
def test_the_law_is_the_same_on_pages_and_in_the_client(law: Law, page: str):
    found = getattr(law, page)(**ASKED[page])
    shown = plain(
        Client(headers={"Accept-Language": "en"}).post(f"/law/{page.replace('_', '-')}/", FORMS[page]).content
    )
    assert found.law_version == version()
    for figure in found.figures:
        value = calculators.shown(calculators.Figure(figure.name, figure.label, figure.value, figure.unit))
        assert f"{figure.label} {written(value)}" in shown
    for text in found.notes.values():
        assert text in shown


def test_a_derivation_comes_with_exact_values_and_clauses(law: Law):
    found = law.contribution(**ASKED["contribution"])
    steps = {step.name: step for step in found.derivation.walk()}
    assert steps["jkk_rate"].value == Fraction(54, 10000)
    assert steps["jkk_rate"].clause.start == date(2015, 7, 1)
    assert found.derivation.value == found.amount("total")
    assert law.contribution(**ASKED["contribution"], explain=False).derivation is None
    day = {figure.name: figure.value for figure in law.pension(**ASKED["pension"]).figures}["right_from"]
    assert isinstance(day, date)


def test_every_number_of_the_law_is_the_laws(law: Law):
    told = {each.name: each for each in law.parameters()}
    assert set(told) == set(parameters())
    for name, each in parameters().items():
        assert [value.start for value in told[name].values] == [value.start for value in each.values]
    assert law.parameters() == tuple(told.values())  # the second time from what was kept
    assert law.parameter("pension_wage_cap").cases


def test_what_is_refused_is_a_problem_with_its_code(law: Law, transport: httpx.WSGITransport):
    with pytest.raises(Problem) as refused:
        law.contribution(wage=1, month="2015-01", risk_class="I")
    assert (refused.value.status, refused.value.code) == (422, "not_yet_in_force")
    with pytest.raises(Problem) as refused:
        law.parameter("nothing")
    assert refused.value.code == "not_found"
    with pytest.raises(LogInNeeded):
        Member(ADDRESS, transport=transport).balance()
    with pytest.raises(Problem) as refused:
        Member(ADDRESS, transport=transport).log_in("nobody", "x")
    assert refused.value.code == "username_password_mismatch"


def test_what_no_operation_answers_itself_is_a_problem_too(
    transport: httpx.WSGITransport, settings: LazySettings, tmp_path: Path
):
    with Law(ADDRESS, language="\0", transport=transport) as law, pytest.raises(Problem) as refused:
        law.parameters()
    assert (refused.value.status, refused.value.code, refused.value.retry_seconds) == (400, "bad_request", None)
    settings.LUMBUNG_MAINTENANCE_FILE = str(tmp_path / "closed.json")
    maintenance.switch_on(tmp_path / "closed.json", Maintenance())
    for ask in (Law(ADDRESS, transport=transport).parameters, Member(ADDRESS, transport=transport).balance):
        with pytest.raises(Problem) as refused:
            ask()
        assert (refused.value.status, refused.value.code, refused.value.retry_seconds) == (503, "maintenance", 120)


def test_balance_and_cover_are_those_of_the_dashboard(me: Member, paid: Users, enter):
    found = me.balance()
    page = plain(enter(paid.member).get("/dashboard/", headers={"Accept-Language": "en"}).content)
    with translation.override("en"):
        assert rupiah(found.old_age_balance) in page
        assert month_name(date.fromisoformat(f"{found.last_month_paid}-01")) in page
    assert found.old_age_balance == sum(each.old_age_balance for each in found.accounts)
    assert me.account().member_numbers == tuple(each.member_number for each in found.accounts)
    assert masked("10000000001") in page
    assert me.account().name in page


def test_each_month_is_that_of_the_history(me: Member, paid: Users, enter):
    page = plain(enter(paid.member).get("/history/?year=2025", headers={"Accept-Language": "en"}).content)
    months = list(me.history(page=1))
    assert [each.month for each in months] == ["2025-10"]
    with translation.override("en"):
        for each in months:
            for amount in (each.wage, each.jht_employer, each.jht_member, each.jp_employer, each.jp_member):
                assert rupiah(amount) in page
            for amount in (each.jkk, each.jkm):
                assert rupiah(amount) in page
            assert each.employer in page


def test_what_is_true_of_each_month_is_that_of_the_history(me: Member, paid: Users):
    record = gaps.record(["10000000001"], year=2025, today=timezone.localdate())
    found = me.months(2025)
    with translation.override("en"):
        shown = [row for row in rows.of(record) if row.wrong is None]
    assert (found.year, found.years) == (record.year, record.years)
    assert len(found.months) == len(shown) > 1
    assert {each.state for each in found.months} >= {"paid", "missing"}
    for each, row in zip(found.months, shown, strict=True):
        assert (each.month, each.employer) == (str(row.month), row.payer)
        assert (each.sentence, each.is_problem) == (row.sentence, row.is_problem)
        assert (each.expected, each.paid, each.waiting) == (row.expected, row.paid, row.waiting)
        assert (each.who == "nobody", each.by, each.due) == (row.needs_nobody, row.by, row.due)
        line = row.line
        assert (each.wage, each.reported, each.paid_on) == (
            (line.wage, line.total, line.paid_on) if line else (None, None, None)
        )
    assert me.months().year == record.years[0]


def test_card_and_statement_are_those_of_the_pages(me: Member, paid: Users, enter, tmp_path: Path):
    assert me.card() is None
    made = me.make_card()
    assert me.card() == made
    page = plain(enter(paid.member).get("/card/", headers={"Accept-Language": "en"}).content)
    assert made.text in page
    assert made.name in page
    with translation.override("en"):
        assert day_name(made.valid_on) in page
        assert day_name(made.last_day) in page
    assert code_in(me.card_png("id")) == made.text
    assert code_in_pdf(me.card_pdf(), tmp_path) == made.text
    last = date(2025, 11, 30)
    statement = me.statement(first=date(2025, 1, 1), last=last, language="en")
    said = contents.from_payload(signing.claimed(code_in_pdf(statement, tmp_path)))
    assert said.closing == books.balance("10000000001", last).old_age_balance == 285_000
    with pytest.raises(Problem) as refused:
        me.statement(last=date(2099, 1, 1))
    assert refused.value.code == "bad_period"


def test_the_inbox_is_that_of_the_page(me: Member, paid: Users, enter):
    for word in ("account_made", "password_reset", "account_made"):
        inbox.tell(paid.member, word, now=timezone.now(), at=timezone.now())
    found = list(me.notices(page=2))
    assert [each.id for each in found] == list(
        paid.member.messages.order_by("-made_at", "-pk").values_list("pk", flat=True)
    )
    page = plain(enter(paid.member).get("/inbox/", headers={"Accept-Language": "en"}).content)
    assert all(each.title in page for each in found)
    assert me.unread() == len(found)
    assert me.notice(found[0].id) == found[0]
    assert me.mark_read(found[0].id) == len(found) - 1
    assert not me.notice(found[0].id).is_new
    assert me.mark_read() == me.unread() == 0


def test_a_session_holds_the_scopes_that_were_asked_for(paid: Users, transport: httpx.WSGITransport):
    with Member(ADDRESS, transport=transport) as me:
        me.log_in("sari", PASSWORD, scopes=["account", "notices"])
        assert me.account().scopes == ("account", "notices")
        assert list(me.notices()) == []
        with pytest.raises(Problem) as refused:
            me.balance()
        assert (refused.value.status, refused.value.code) == (403, "scope_needed")


def test_a_second_step_goes_on_with_the_same_object(paid: Users, transport: httpx.WSGITransport):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(paid.member, secret)
    me = Member(ADDRESS, transport=transport)
    with pytest.raises(SecondStepNeeded):
        me.log_in("sari", PASSWORD)
    me.second_step(totp.format_hotp_value(totp.hotp_value(secret, list(totp.yield_hotp_counters_from_time())[1])))
    assert me.account().username == "sari"
    me.log_out()
    with pytest.raises(LogInNeeded):
        me.account()
