"""What a member sees, and the law in public, in a real browser: every life's first page, each figure's reasons."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from lives import LIVES, Life, credit_year
from paid_months import FIRST_DAY, pay
from pairings import NARROW, pairings
from playwright.sync_api import Page
from test_browser import PHONE, SMALLEST, STICKS_OUT, browsing, follow, in_order, opened, serving
from test_casework_browser import cookie, picture

from conftest import make_users
from lumbung.accounts.models import User
from lumbung.law.month import Month
from lumbung.registry.actions import NewEmployment, start_employments

Sessions = dict[str, dict[str, str]]
SARIS = (
    *(f"/why/programme/{code}/" for code in ("JHT", "JP", "JKK", "JKM")),
    "/account/data/", "/profile/address/", "/profile/language/",
)  # fmt: skip
SPANS = (
    "/balance/?day_0=1&day_1=7&day_2=2026", "/balance/?day_0=1&day_1=7&day_2=2999", "/balance/difference/",
)  # fmt: skip
LAW = ("/law/", "/law/parameters/", "/law/parameters/jkk_rate/", "/law/parameters/pension_maximum/")
# What is typed into each calculator, by the input's id; the years of saving are the walk's. The pension is a near
# one: it has each line that a far one has, fewer times.
RECKONED: dict[str, dict[str, str]] = {
    "contribution": {"id_wage": "5.000.000"},
    "own-work": {"id_income": "2.000.000"},
    "old-age": {"id_wage": "5.000.000"},
    "pension": {
        "id_wage": "5.000.000", "id_born_0": "17", "id_born_1": "8", "id_born_2": "1972", "id_since": "2016",
    },
}  # fmt: skip
CHOSEN = {"id_since"}  # from a list
BORN = 1990  # Sari, on its first day
UNFOLDED = "document.querySelectorAll('details').forEach(one => { one.open = true })"
LARGE = "document.documentElement.style.fontSize = '200%'"


@pytest.fixture(scope="module")
def people(site_clone: Any) -> dict[str, User]:
    """By name the user of each life and Sari, in one database: these tests only look.

    Of what Sari earned since 2020, three months of 2025 are paid: one well, one late, one of a lower wage.
    """
    users = make_users()
    lives: dict[str, Life] = {name: make() for name, make in LIVES.items()}
    employer = users.employer.employer
    assert employer is not None
    start_employments(employer, [NewEmployment("10000000001", FIRST_DAY)])
    for month, wage, late in ((1, 5_000_000, 0), (2, 5_000_000, 20), (3, 3_000_000, 0)):
        pay(employer, Month(2025, month), {"10000000001": wage}, late=late)
    credit_year(2025)
    return {"sari": users.member, **{name: life.user for name, life in lives.items()}}


@pytest.fixture
def lived(people: dict[str, User]) -> Iterator[tuple[str, Sessions]]:
    """The demo's server, and by name the session of each of them, who came in just now."""
    with serving() as address:
        yield address, {name: cookie(user, address) for name, user in people.items()}


def walk(page: Page, site: str, sessions: Sessions, *, age: int, saving: int) -> Iterator[str]:
    """Go from page to page, open at each; says at which.

    Sari's future is reckoned up to that age, and old-age money for so many years of saving.
    """
    for name in LIVES:
        come_as(page, sessions[name])
        yield go(page, f"{site}/dashboard/", name)
    come_as(page, sessions["three numbers"])
    yield from figures(page, site, "three numbers")
    for path in SPANS:
        yield go(page, f"{site}{path}")
    come_as(page, sessions["sari"])
    yield from figures(page, site, "sari")
    for path in SARIS:
        yield go(page, f"{site}{path}")
    yield from months(page, site)
    yield from reckoned(page, site, age)
    page.context.clear_cookies()
    yield from law(page, site, saving)


def come_as(page: Page, session: dict[str, str]) -> None:
    page.context.clear_cookies()
    page.context.add_cookies([session])  # type: ignore[list-item]


def go(page: Page, address: str, name: str = "") -> str:
    page.goto(address)
    assert page.url == address
    return f"{address.partition('//')[2].partition('/')[2]} {name}".strip()


def figures(page: Page, site: str, name: str) -> Iterator[str]:
    """The lines of the balance, the newest and the oldest of them opened, and what was reported for that one."""
    yield go(page, f"{site}/why/balance/", name)
    links = page.locator("main tbody th a")
    found = [links.first.get_attribute("href"), links.last.get_attribute("href")]
    for path in found:
        yield go(page, f"{site}{path}", name)
        assert page.locator("main .derivation").count(), "the law behind it"
    follow(page, "main a[href^='/why/contribution/']")
    yield f"contribution {name}"


def months(page: Page, site: str) -> Iterator[str]:
    """The history of a year, as each filter shows it."""
    yield go(page, f"{site}/history/?year=2025")
    found = page.locator("#id_state option").evaluate_all("all => all.map(one => one.value)")
    assert len(found) > 4, "months that are well, late, missing and of a lower wage"
    for state in found[1:]:
        yield go(page, f"{site}/history/?year=2025&state={state}")


def reckoned(page: Page, site: str, age: int) -> Iterator[str]:
    """What is worked out for Sari: from her record, and from her payslips."""
    yield go(page, f"{site}/projection/")
    page.evaluate(UNFOLDED)
    page.fill("#id_wage", "7.000.000")
    page.fill("#id_age", str(age))
    follow(page, "main form .buttons button")
    follow(page, "main button[name=explain] >> nth=0")
    assert page.locator("#derivation").count() == 1
    yield "projection explained"
    page.goto(f"{site}/wages/?year=2025")
    page.locator("[id^=id_wage][id$='2025-03']").fill("6.000.000")
    follow(page, "main form[method=post] .buttons button")
    assert page.locator("#result").count() == 1
    yield "wages compared"


def law(page: Page, site: str, saving: int) -> Iterator[str]:
    """The law in public, and the answer of each calculator."""
    for path in LAW:
        yield go(page, f"{site}{path}")
    for name, typed in RECKONED.items():
        page.goto(f"{site}/law/{name}/")
        if name == "old-age":
            page.fill("#id_years", str(saving))
        for field, value in typed.items():
            box = page.locator(f"#{field}")
            box.select_option(value) if field in CHOSEN else box.fill(value)
        follow(page, "main form .buttons button")
        assert page.locator("#result").count() == 1, name
        yield f"law {name} answered"


@pytest.mark.parametrize(("size", "language", "scheme"), pairings("phone-id", "desk-en", colours=True))
def test_every_page_is_in_order(
    lived: Any, chromium: str, chromium_arguments: list[str], size: tuple[int, int], language: str, scheme: str
):
    site, sessions = lived
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, size, color_scheme=scheme, locale={"id": "id-ID", "en": "en-GB"}[language])
        broken: list[str] = []
        page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
        # Each year more is the same lines again, which take axe a second; two years have all that 24 have, and
        # three of saving all that 20 have.
        age = timezone.localdate().year - BORN + 2
        for place in walk(page, site, sessions, age=age, saving=3):
            assert page.get_attribute("html", "lang") == language
            picture(page, f"home-{place.replace('/', '-').replace('?', '-')}-{language}")
            page.evaluate(UNFOLDED)
            in_order(page)
        assert [said for said in broken if "400" not in said] == []


@NARROW
def test_nothing_sticks_out_on_the_smallest_phone_without_script(
    lived: Any, chromium: str, chromium_arguments: list[str], larger: bool, locale: str
):
    site, sessions = lived
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, PHONE if larger else SMALLEST, java_script_enabled=False, locale=locale)
        for place in walk(page, site, sessions, age=60, saving=20):
            page.evaluate(UNFOLDED)
            if larger:
                page.evaluate(LARGE)
            assert page.evaluate(STICKS_OUT) == [], place
