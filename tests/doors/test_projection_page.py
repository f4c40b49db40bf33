"""What may become of it: the law's own projection of the record, what-ifs in the page alone, helpful refusals."""

import re
from collections.abc import Callable

import pytest
from budget import asked
from django.conf import settings
from django.test import Client
from lives import LIVES, TODAY, Life, credit_year, months

from lumbung.accounts.models import User
from lumbung.projections import queries
from lumbung.standing.outlook import read as read_for
from lumbung.standing.queries import standing

Enter = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


def page(client: Client, data: dict[str, str] | None = None, *, status: int = 200) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer, statements = asked(client, "/projection/", data)
    assert answer.status_code == status
    assert len(statements) <= 5, statements
    return answer.content.decode()


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def rp(amount: int) -> str:
    return f"Rp {amount:,}"


@pytest.mark.parametrize("make", LIVES.values(), ids=list(LIVES))
def test_the_page_shows_what_the_laws_projection_gives(make: Callable[[], Life], enter: Enter) -> None:
    life = make()
    said = words(page(enter(life.user)))
    try:
        outlook = queries.outlook(life.user.person, today=TODAY)  # type: ignore[arg-type]
    except queries.NoWageReported:
        assert "No wage is known yet" in said
        return
    for scenario in outlook.scenarios.values():
        assert f"{rp(scenario.old_age.today)} {rp(scenario.old_age.future)}" in said
        if scenario.pension:
            assert f"{rp(scenario.pension.today)} {rp(scenario.pension.future)}" in said
        for year in scenario.years:
            assert rp(year.balance) in said


def test_it_starts_from_the_record_that_the_command_starts_from() -> None:
    life = months("sama", 30, employers=2, numbers=2)
    credit_year(2025)
    person = life.user.person
    assert person is not None
    for wage in (None, 7_000_000):
        known = queries.known_from(read_for(standing(person, today=TODAY)), today=TODAY, wage=wage)
        assert known == queries.known(person, today=TODAY, wage=wage)


def test_another_wage_age_and_assumption_are_reckoned_and_stand_in_no_address(enter: Enter) -> None:
    life = months("andai", 14, wage=6_000_000)
    client = enter(life.user)
    said = words(page(client, {"wage": "8.000.000", "age": "45", "middle_development": "3"}))
    expected = queries.outlook(
        life.user.person,  # type: ignore[arg-type]
        today=TODAY, wage=8_000_000, stops_work=TODAY.replace(year=2035, month=1, day=1),
        changed={"middle": {"development": "3"}},
    )  # fmt: skip
    for scenario in expected.scenarios.values():
        assert rp(scenario.old_age.future) in said
    assert "a wage of Rp 8,000,000 a month" in said
    assert 'method="post"' in page(client)
    assert client.get("/projection/?wage=8000000").content.decode().find("8,000,000") == -1


def test_years_from_now_are_another_way_to_say_when_work_stops(enter: Enter) -> None:
    life = months("tahun", 14)
    client = enter(life.user)
    said = words(page(client, {"years": "5"}))
    expected = queries.outlook(life.user.person, today=TODAY, stops_work=TODAY.replace(year=2031))  # type: ignore[arg-type]
    assert rp(expected.scenarios["middle"].old_age.future) in said


def test_a_figure_opens_into_its_derivation(enter: Enter) -> None:
    life = months("asal", 14)
    client = enter(life.user)
    assert 'id="derivation"' not in page(client)
    for what in ("middle-old_age", "low-pension"):
        text = page(client, {"explain": what})
        assert 'id="derivation"' in text
        assert "Law version" in text
    for nothing in ("", "middle", "middle-years", "never-old_age"):
        assert 'id="derivation"' not in page(client, {"explain": nothing})


def test_the_chart_and_its_table_say_the_same(enter: Enter) -> None:
    text = page(enter(months("gambar", 14).user))
    assert '<svg role="img"' in text
    assert "Old-age savings at the end of each year" in text
    assert len(re.findall(r'<path class="(low|middle|high)"', text)) == 3


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"wage": "banyak"}, "Write whole rupiah"),
        ({"age": "12"}, "Ensure this value is greater than or equal to 18."),
        ({"age": "50", "years": "5"}, "Say the age or the years, not both."),
        ({"low_inflation": "80"}, "Write a percentage"),
        ({"years": "-1"}, "Ensure this value is greater than or equal to 0."),
    ],
)
def test_what_can_not_be_is_said_at_its_field(enter: Enter, data: dict[str, str], problem: str) -> None:
    client = enter(months("keliru", 1).user)
    assert problem in words(page(client, data, status=400))


def test_who_has_no_wage_yet_may_say_one(enter: Enter) -> None:
    client = enter(LIVES["nothing"]().user)
    assert "No wage is known yet" in page(client)
    assert "No wage is known yet" not in page(client, {"wage": "5000000"})


def test_an_account_that_only_shows_may_still_ask_what_would_be(enter: Enter) -> None:
    said = words(page(enter(LIVES["frozen"]().user), {"wage": "5000000"}))
    assert "a wage of Rp 5,000,000 a month" in said
