"""An officer opens a member's record by number, with a reason, and parts a number that was joined by mistake."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from bodies import plain
from django.test import Client
from django.utils import timezone
from door_users import Users
from letterbox import give_contacts, mails, texts

from lumbung.accounts.models import AccessEvent, NumberJoin, User
from lumbung.accounts.numbers import actions as numbers
from lumbung.casework.models import Reading
from lumbung.casework.queries import READ_FOR
from lumbung.registry.actions import NewPerson, register_persons
from lumbung.registry.models import MemberNumber

REASON = "Peserta bilang nomor itu bukan miliknya."
WHY = "KTP menunjukkan nomor itu milik orang lain."
OTHER = "10000000051"
Enter = Callable[[User], Client]


@pytest.fixture
def officer(users: Users, enter: Enter) -> Client:
    """An officer's browser, in English."""
    client = enter(users.officer)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def join(users: Users) -> NumberJoin:
    """A number that Sari joined; it hung on a row with her name and birth date."""
    row = register_persons([NewPerson("Sari Uji", date(1990, 1, 1), (OTHER,))])[0].person
    now = timezone.now() - timedelta(days=90)
    return numbers.join(users.member, row.member_numbers.get(), place="member", now=now)


def open_it(officer: Client, number: str = "10000000001", reason: str = REASON) -> str:
    return str(officer.post("/office/records/", {"number": number, "reason": reason}).get("Location", ""))


def test_a_joined_number_is_parted_with_a_note_and_the_member_is_told(
    users: Users, officer: Client, join: NumberJoin, enter: Enter
):
    give_contacts(users.member)
    record = open_it(officer, "100-0000 0001")
    shown = officer.get(record).content.decode()
    assert "Sari Uji" in shown
    assert "0051" in shown
    assert OTHER not in shown
    assert "Joined by the member" in shown
    path = f"{record}joins/{join.pk}/part/"
    assert officer.post(path, {"reason": "x"}).status_code == 400
    assert officer.post(path, {"reason": WHY})["Location"] == record
    assert MemberNumber.objects.get(pk=OTHER).person == join.source
    join.refresh_from_db()
    assert join.parted_by == users.officer
    shown = officer.get(record).content.decode()
    assert "The member is told" in shown
    assert "No number was joined" in shown
    assert officer.post(path, {"reason": WHY}).status_code == 404, "parted already"
    for told in (texts()[-1], mails()[-1]):
        assert "parted a member number" in told or "memisahkan" in told
        assert "0051" not in told
    lines = AccessEvent.objects.filter(person=users.member.person).order_by("pk").values_list("what", "actor")
    assert list(lines)[-2:] == [("record_read", users.officer.pk), ("numbers_parted", users.officer.pk)]
    activity = enter(users.member).get("/account/activity/").content.decode()
    assert REASON in activity
    assert WHY in activity


@pytest.mark.parametrize("number", ["10000000099", "12", "9" * 30, "abc", "10000000001x"])
def test_a_number_that_is_not_there_gets_one_answer_however_wrong_it_is(officer: Client, number: str):
    answer = officer.post("/office/records/", {"number": number, "reason": REASON})
    assert answer.status_code == 400
    other = officer.post("/office/records/", {"number": "10000000098", "reason": REASON})
    assert plain(answer, f'value="{number}"') == plain(other, 'value="10000000098"')
    assert "There is nobody with this member number" in answer.content.decode()
    assert not AccessEvent.objects.exists()
    assert not Reading.objects.exists()


def test_no_record_opens_without_a_reason_and_none_for_ever(users: Users, officer: Client, join: NumberJoin):
    assert open_it(officer, reason="x") == ""
    assert not Reading.objects.exists()
    record = open_it(officer)
    Reading.objects.update(at=timezone.now() - READ_FOR)
    for path in (record, f"{record}joins/{join.pk}/part/"):
        assert officer.get(path).status_code == 404
    assert officer.post(f"{record}joins/{join.pk}/part/", {"reason": WHY}).status_code == 404
    assert MemberNumber.objects.get(pk=OTHER).person == users.member.person


def test_a_record_parts_its_own_numbers_only(users: Users, officer: Client, join: NumberJoin):
    record = open_it(officer, "10000000002")
    assert "Joko Uji" in officer.get(record).content.decode()
    path = f"{record}joins/{join.pk}/part/"
    assert (officer.get(path).status_code, officer.post(path, {"reason": WHY}).status_code) == (404, 404)
    assert MemberNumber.objects.get(pk=OTHER).person == users.member.person


def test_a_record_opens_no_request_and_a_request_no_record(users: Users, officer: Client):
    from lumbung.casework import actions

    now = timezone.now()
    facts = {"phone": "+6281200000303"}
    case = actions.open_case("phone", users.member.person, facts, user=users.member, place="member", now=now)
    open_it(officer)
    assert "Sari" not in officer.get(f"/office/cases/{case.pk}/").content.decode()
    officer.post(f"/office/cases/{case.pk}/open/", {"reason": REASON})
    reading = Reading.objects.get(case=case)
    assert officer.get(f"/office/records/{reading.pk}/").status_code == 404


def test_looking_for_members_is_limited(officer: Client):
    answers = [officer.post("/office/records/", {"number": "10000000001", "reason": REASON}) for _ in range(31)]
    assert [answer.status_code for answer in answers[-2:]] == [302, 429]
