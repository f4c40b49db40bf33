"""Who opened my record: what, by whom as a role, when, where and why; the newest first, however much there is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from door_users import Users

from lumbung.accounts.access_events import DOORS, NOBODY, ROLES, WORDS
from lumbung.accounts.actions import note_access
from lumbung.accounts.models import AccessEvent, User
from lumbung.config.doors import DOORS as ROOMS

Enter = Callable[[User], Client]
START = datetime(2026, 1, 31, 17, 30, tzinfo=UTC)
REASON = "Peserta menelepon tentang alamatnya."


def page(client: Client, query: str = "", language: str = "en") -> str:
    answer = client.get(f"/account/access/{query}", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def looked(users: Users, number: int = 0, **more: object) -> AccessEvent:
    facts = {"user": users.member, "actor": users.officer, "place": "office", "reason": REASON, **more}
    return note_access("case_read", now=START + timedelta(minutes=number), **facts)  # type: ignore[arg-type]


def test_an_officer_shows_as_a_role_with_time_door_and_reason(users: Users, enter: Enter):
    looked(users)
    text = page(enter(users.member))
    for word in ("An officer opened your request.", "An officer of the fund", "In the fund's office", REASON):
        assert word.replace("'", "&#x27;") in text
    assert "1 February 2026, 00:30 WIB" in text, "by the fund's clock"
    assert "petugas.uji" not in text
    indonesian = page(enter(users.member), language="id")
    assert ">Petugas<" in indonesian
    assert "1 Februari 2026, 00:30 WIB" in indonesian


def test_own_deeds_are_told_apart_and_can_be_left_out(users: Users, enter: Enter):
    note_access("address_changed", user=users.member, actor=users.member, place="member", now=START)
    note_access("log_in_failed", user=users.member, place="member", now=START)
    client = enter(users.member)
    text = page(client)
    assert '<td data-label="Who">You</td>' in text
    assert "Not logged in, or with an account that is closed now" in text
    assert "Nobody else has opened your record." in page(client, "?by=others")
    looked(users)
    others = page(client, "?by=others")
    assert "An officer opened your request." in others
    assert "address" not in others.partition("<tbody>")[2].partition("</tbody>")[0]


def test_a_text_says_so_and_what_has_no_reason_takes_no_room_on_a_phone(users: Users, enter: Enter):
    note_access("locked", user=users.member, place="sms", now=START)
    client = enter(users.member)
    text = page(client)
    assert '<td data-label="Who">Whoever sent the text</td>' in text
    assert '<td class="void" data-label="Reason">–</td>' in text
    assert (
        "Whoever sent the text"
        in client.get("/account/activity/", headers={"Accept-Language": "en"}).content.decode()
    )
    looked(users)
    assert f'<td data-label="Reason">{REASON}</td>' in page(client)


def test_nobody_reads_of_another_member(users: Users, enter: Enter):
    looked(users)
    assert REASON not in page(enter(users.other_member))


def test_the_newest_comes_first_page_by_page_and_pages_keep_the_choice(users: Users, enter: Enter):
    for number in range(45):
        looked(users, number, reason=f"Alasan nomor {number:02d} di loket")
    client = enter(users.member)
    first, last = page(client), page(client, "?page=3&by=others")
    assert first.index("nomor 44") < first.index("nomor 43")
    assert "nomor 24" not in first
    assert "nomor 04" in last
    assert "Page 3 of 3" in last
    assert 'href="?by=others&amp;page=2"' in last
    assert "Page 3 of 3" in page(client, "?page=999")


@pytest.mark.parametrize("query", ["", "?by=others"])
def test_the_number_of_questions_does_not_grow(users: Users, enter: Enter, query: str):
    client = enter(users.member)

    def asked() -> int:
        page(client, query)
        with CaptureQueriesContext(connection) as context:
            page(client, query)
        return len(
            [each for each in context if "accounts_accessevent" in each["sql"] or "registry" in each["sql"]]
        )

    looked(users)
    few = asked()
    for number in range(60):
        looked(users, number)
    assert asked() == few <= 5


def test_every_word_role_and_door_is_there():
    assert {door.name for door in ROOMS} | {"cli", "mail"} == set(DOORS)
    assert set(NOBODY) <= set(DOORS)
    assert set(ROLES) == set(User.Kind)
    assert all(len(word) <= AccessEvent._meta.get_field("what").max_length for word in WORDS)  # type: ignore[operator]


@override_settings(LANGUAGE_CODE="id")
def test_the_account_page_leads_here(users: Users, enter: Enter):
    assert 'href="/account/access/"' in enter(users.member).get("/account/").content.decode()
