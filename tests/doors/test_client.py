"""The typed client and the pages agree on every figure, and a problem is one class with its code."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from html import unescape

import httpx
import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from door_users import PASSWORD, Users

from lumbung.law import calculators, version
from lumbung.law.derivation import written
from lumbung.law.parameter import parameters
from lumbung.portal.templatetags.lumbung import masked, month_name, rupiah
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
