"""The first page: three questions to the database however long the life, and the right figures for each life."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from budget import asked
from django.conf import settings
from django.test import Client
from django.utils import timezone
from lives import LIVES, TODAY, Life, forty_years, months, registered_yesterday, three_numbers

from lumbung.accounts.contacts.actions import note_change
from lumbung.accounts.models import User
from lumbung.casework.actions import open_case
from lumbung.casework.models import Case
from lumbung.law import accident, death
from lumbung.registry.actions import NewPerson, register_persons

Enter = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


def read(client: Client, path: str = "/dashboard/", language: str = "en") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def words(text: str) -> str:
    """A page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.mark.parametrize("make", LIVES.values(), ids=list(LIVES))
def test_every_life_asks_three_questions(make: Callable[[], Life], enter: Enter) -> None:
    client = enter(make().user)
    client.get("/dashboard/")
    answer, statements = asked(client, "/dashboard/")
    assert answer.status_code == 200
    assert len(statements) == 3, statements


@pytest.mark.parametrize("language", ["id", "en"])
def test_who_registered_yesterday_is_told_what_comes(enter: Enter, language: str) -> None:
    said = words(read(enter(registered_yesterday().user), language=language))
    assert {"id": "Rp 0 per 23 November 2026", "en": "Rp 0 on 23 November 2026"}[language] in said
    assert {"id": "Tidak aktif", "en": "Not active"}[language] in said
    assert {"id": "Perlu perhatian", "en": "Needs your attention"}[language] not in said


def test_each_programme_says_what_it_would_pay_today(enter: Enter) -> None:
    said = words(read(enter(months("cukup", 14, wage=6_000_000).user)))
    job = accident.accident(kind="death", wage=6_050_000, day=TODAY).total
    for figure in (
        "JHT Old age Rp 4,816,500 all of it from 1 January 2046",
        "14 months of 180 paid",
        f"JKK Work accident Rp {job:,}",
        f"JKM Death Rp {death.death(TODAY).total:,}",
        "Active",
        "PT Cukup 1",
        "October 2026",
    ):
        assert figure in said, figure


def test_forty_years_fit_and_are_told_without_a_fault(enter: Enter) -> None:
    life = forty_years()
    said = words(read(enter(life.user)))
    assert "136 months of 180 paid" in said
    assert "all of it from 7 December 2022" not in said
    assert "you may claim it now" in said  # born in December 1966, 56 in 2022


def test_three_numbers_are_one_balance(enter: Enter) -> None:
    life = three_numbers()
    said = words(read(enter(life.user)))
    assert "Your member numbers" in said
    assert "36 months of 180 paid" in said
    assert all(number not in said for number in life.numbers)


def test_who_took_his_money_sees_zero_and_what_was_paid_out(enter: Enter) -> None:
    said = words(read(enter(LIVES["paid out"]().user)))
    assert "Rp 0 on 23 November 2026" in said
    assert "Paid out to you − Rp 3,990,000" in said
    assert "No employer reports you as a worker now." in said
    assert "JP Pension Rp 2,100,000" in said


def test_what_waits_is_told_with_a_way_on(enter: Enter) -> None:
    life = LIVES["frozen"]()
    user, now = life.user, timezone.now()
    assert user.person is not None
    note_change(user, "phone", old="", new="+6281200000001", now=now - timedelta(hours=1))
    open_case(Case.Kind.CORRECTION, user.person, {"what": "name"}, user=user, place="member", now=now)
    register_persons([NewPerson(user.person.name, user.person.birth_date, ("10000000009",))])
    text = read(enter(user))
    waiting = re.search(r'<section class="notice warn waiting">(.*?)</section>', text)
    assert waiting is not None
    links = re.findall(r'<li>(.*?) <a href="([^"]+)">', waiting[1])
    assert [url for _, url in links] == [
        "/account/contacts/", "/account/contacts/", "/numbers/", "/account/requests/",
    ]  # fmt: skip
    assert links[0][0].startswith("Your account only shows until ")
    assert "no money can be paid out" in links[1][0]
    assert "Correct name, birth date or KTP number" in links[3][0]


def test_a_month_that_is_missing_is_told(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    life = months("bolong", 12)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2027, 1, 20))
    text = read(enter(life.user))
    assert "2 months are not in order, the newest is December 2026." in text
    assert 'href="/history/"' in text


def test_nobody_elses_figures_stand_on_the_page(enter: Enter) -> None:
    mine, others = months("saya", 3), months("orang.lain", 5, wage=9_000_000)
    text = read(enter(mine.user))
    assert "Orang Lain" not in text
    assert others.numbers[0] not in text
    assert mine.numbers[0] not in text
