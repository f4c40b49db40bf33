"""What needs a person: a member asks, an officer opens it with a reason and decides with a note; all is told."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from bodies import plain
from budget import asked
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from door_users import Users
from letterbox import session_of
from proofs import proven

from lumbung.accounts.models import AccessEvent, User
from lumbung.casework import actions, queries
from lumbung.casework.errors import CaseIsClosed, NoteNeeded, NotReadBefore, ReasonNeeded
from lumbung.casework.models import Case
from lumbung.config.doors import MEMBER
from lumbung.registry.actions import NewPerson, register_persons

Enter = Callable[[User], Client]
REASON = "Peserta menelepon tentang namanya."
NOTE = "Nama sudah kami perbaiki sesuai KTP."


def ask(client: Client, **fields: str) -> Case:
    facts = {"what": "name", "right": "Sari Uji Lestari", "why": "Begitu di KTP saya.", **fields}
    answer = proven(client, MEMBER).post("/account/requests/correction/", facts)
    assert answer["Location"] == "/account/requests/", answer.content
    return Case.objects.latest("pk")


def text(client: Client, path: str) -> str:
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_correction_goes_from_the_member_to_the_officer_and_back(users: Users, enter: Enter):
    member, officer = enter(users.member), enter(users.officer)
    case = ask(member)
    assert timedelta(hours=71, minutes=59) < case.due_at - timezone.now() <= timedelta(hours=72), "3×24 hours"
    assert "Waits for an officer" in text(member, "/account/requests/")
    queue = text(officer, "/office/")
    assert "Correct name, birth date or KTP number" in queue
    assert "Sari" not in queue, "whom it is about shows only to who opens it"
    asked = text(officer, f"/office/cases/{case.pk}/")
    assert "Sari" not in asked
    officer.post(f"/office/cases/{case.pk}/open/", {"reason": REASON})
    shown = text(officer, f"/office/cases/{case.pk}/")
    assert "Sari Uji Lestari" in shown
    assert "10000000001" not in shown, "numbers are masked for officers too"
    assert "<dt>What is wrong</dt><dd>Name</dd>" in shown
    answer = officer.post(
        f"/office/cases/{case.pk}/decide/", {"decision": "accept", "note": NOTE, "seen": queries.stamp(case)}
    )
    assert answer["Location"] == "/office/"
    users.member.person.refresh_from_db()
    assert users.member.person.name == "Sari Uji Lestari"
    told = text(member, "/account/requests/")
    assert NOTE in told
    assert "Accepted" in told
    words = AccessEvent.objects.filter(person=users.member.person).order_by("pk").values_list("what", flat=True)
    assert list(words) == ["case_opened", "case_read", "case_decided"]
    assert AccessEvent.objects.get(what="case_read").reason == REASON


def test_a_correction_asks_for_the_password_first_and_keeps_nothing_that_was_typed(users: Users, enter: Enter):
    client = enter(users.member)
    facts = {"what": "nik", "right": "9901014101900001", "why": "Begitu di KTP saya."}
    for asks in (client.get, lambda path: client.post(path, facts)):
        answer = asks("/account/requests/correction/")
        assert answer["Location"] == "/reauthenticate/?next=%2Faccount%2Frequests%2Fcorrection%2F"
    assert facts["right"] not in str(dict(session_of(client)))
    assert not Case.objects.exists()
    assert proven(client, MEMBER).get("/account/requests/correction/").status_code == 200
    ask(client)


@pytest.mark.parametrize(
    ("what", "right", "kept"),
    [("birth_date", "2-1-1990", date(1990, 1, 2)), ("birth_date", "1990-01-02", date(1990, 1, 2))],
)
def test_a_birth_date_is_understood_as_people_write_it(
    users: Users, enter: Enter, what: str, right: str, kept: date
):
    case = ask(enter(users.member), what=what, right=right)
    decide(users, case, accepted=True)
    users.member.person.refresh_from_db()
    assert users.member.person.birth_date == kept


@pytest.mark.parametrize(
    ("what", "right"), [("nik", "123"), ("nik", "12345678901234AB"), ("birth_date", "31-02-1990"), ("name", "X")]
)
def test_what_can_not_be_right_is_refused_at_once(users: Users, enter: Enter, what: str, right: str):
    facts = {"what": what, "right": right, "why": "Begitu di KTP saya."}
    answer = proven(enter(users.member), MEMBER).post("/account/requests/correction/", facts)
    assert answer.status_code == 400
    assert not Case.objects.exists()


def test_a_nik_of_somebody_else_changes_nothing_and_leaves_the_case_open(users: Users, enter: Enter):
    register_persons([NewPerson("Tono Uji", date(1980, 1, 1), ("10000000009",), nik="9901010101800001")])
    case = ask(enter(users.member), what="nik", right="9901 0101 0180 0001")
    officer = enter(users.officer)
    officer.post(f"/office/cases/{case.pk}/open/", {"reason": REASON})
    answer = officer.post(
        f"/office/cases/{case.pk}/decide/", {"decision": "accept", "note": NOTE, "seen": queries.stamp(case)}
    )
    assert answer.status_code == 409
    case.refresh_from_db()
    assert case.is_open
    users.member.person.refresh_from_db()
    assert users.member.person.nik is None


def decide(users: Users, case: Case, *, accepted: bool) -> None:
    now = timezone.now()
    actions.read_case(case.pk, users.officer, reason=REASON, now=now)
    actions.decide(case.pk, users.officer, accepted=accepted, note=NOTE, seen=queries.stamp(case), now=now)


@pytest.mark.parametrize(("language", "said"), [("en", "31 December 1990"), ("id", "31 Desember 1990")])
def test_an_officer_reads_a_birth_date_as_a_date(users: Users, enter: Enter, language: str, said: str):
    case = ask(enter(users.member), what="birth_date", right="31-12-1990")
    officer = enter(users.officer)
    officer.post(f"/office/cases/{case.pk}/open/", {"reason": REASON})
    page = officer.get(f"/office/cases/{case.pk}/", headers={"Accept-Language": language}).content.decode()
    assert f"<dd>{said}</dd>" in page
    assert "1990-12-31" not in page


def test_many_requests_come_some_at_a_time(users: Users, enter: Enter):
    person, now, member = users.member.person, timezone.now(), enter(users.member)
    for number in range(25):
        facts = {"what": "name", "name": f"Sari {number}", "why": "KTP"}
        actions.open_case(
            "correction", person, facts, user=users.member, place="member", subject=str(number), now=now
        )
    pages = [member.get(f"/account/requests/?page={page}").content.decode() for page in (1, 2, 3, 99, "x")]
    assert [page.count("/withdraw/") for page in pages] == [10, 10, 5, 5, 10]
    assert 'href="?page=2"' in pages[0]
    assert 'href="?page=1"' in pages[1]
    answer, statements = asked(member, "/account/requests/?page=2")
    assert answer.status_code == 200
    assert len(statements) <= 5, statements


def test_a_refused_correction_changes_nothing_and_says_why(users: Users, enter: Enter):
    member = enter(users.member)
    decide(users, ask(member), accepted=False)
    users.member.person.refresh_from_db()
    assert users.member.person.name == "Sari Uji"
    assert NOTE in text(member, "/account/requests/")


def test_nobody_decides_without_a_reason_and_a_note(users: Users, enter: Enter):
    case = ask(enter(users.member))
    officer, now = enter(users.officer), timezone.now()
    with pytest.raises(ReasonNeeded):
        actions.read_case(case.pk, users.officer, reason="  ok   ", now=now)
    with pytest.raises(NoteNeeded):
        actions.decide(case.pk, users.officer, accepted=True, note=" ", seen=queries.stamp(case), now=now)
    with pytest.raises(NotReadBefore):
        actions.decide(case.pk, users.officer, accepted=True, note=NOTE, seen=queries.stamp(case), now=now)
    assert officer.post(f"/office/cases/{case.pk}/open/", {"reason": ""}).status_code == 400
    unread = officer.post(
        f"/office/cases/{case.pk}/decide/", {"decision": "accept", "note": NOTE, "seen": queries.stamp(case)}
    )
    assert unread.status_code in {302, 409}
    case.refresh_from_db()
    assert case.is_open


def test_a_reason_lasts_a_working_day(users: Users, enter: Enter):
    case = ask(enter(users.member))
    now = datetime(2026, 11, 30, 1, tzinfo=UTC)
    actions.read_case(case.pk, users.officer, reason=REASON, now=now)
    assert actions.was_read(case, users.officer, now + timedelta(hours=7, minutes=59))
    assert not actions.was_read(case, users.officer, now + timedelta(hours=8))


def test_a_reason_opens_one_request_and_no_other_of_the_same_person(users: Users, enter: Enter):
    first, officer = ask(enter(users.member)), enter(users.officer)
    second = actions.open_case(
        Case.Kind.PHONE, users.member.person, {"phone": "+6281200000303"}, user=users.member, place="member",
        now=timezone.now(),
    )  # fmt: skip
    officer.post(f"/office/cases/{first.pk}/open/", {"reason": REASON})
    assert "Sari" in text(officer, f"/office/cases/{first.pk}/")
    closed = text(officer, f"/office/cases/{second.pk}/")
    assert "Sari" not in closed
    assert "0303" not in closed
    decision = {"decision": "accept", "note": NOTE, "seen": queries.stamp(second)}
    answer = officer.post(f"/office/cases/{second.pk}/decide/", decision)
    assert (answer.status_code, answer["Location"]) == (302, f"/office/cases/{second.pk}/")
    second.refresh_from_db()
    assert second.is_open
    with pytest.raises(NotReadBefore):
        actions.decide(
            second.pk, users.officer, accepted=True, note=NOTE, seen=queries.stamp(second), now=timezone.now()
        )
    officer.post(f"/office/cases/{second.pk}/open/", {"reason": REASON})
    assert "0303" in text(officer, f"/office/cases/{second.pk}/")
    reasons = AccessEvent.objects.filter(person=users.member.person, what="case_read")
    assert [event.reason for event in reasons] == [REASON, REASON], "the member reads of each"


def test_a_member_without_a_phone_on_file_gets_one_by_an_officer(users: Users, enter: Enter):
    member, officer = proven(enter(users.member), MEMBER), enter(users.officer)
    assert users.member.person.phone is None
    member.post("/account/contacts/phone/office/", {"value": "0812 0000 0303"})
    case = Case.objects.get()
    officer.post(f"/office/cases/{case.pk}/open/", {"reason": REASON})
    decision = {"decision": "accept", "note": "Sudah kami cocokkan dengan KTP.", "seen": queries.stamp(case)}
    officer.post(f"/office/cases/{case.pk}/decide/", decision)
    users.member.person.refresh_from_db()
    assert users.member.person.phone == "+6281200000303"
    assert "Accepted" in text(member, "/account/requests/")


def test_two_officers_decide_once(users: Users, enter: Enter):
    case = ask(enter(users.member))
    decide(users, case, accepted=False)
    with pytest.raises(CaseIsClosed):
        decide(users, case, accepted=True)
    users.member.person.refresh_from_db()
    assert users.member.person.name == "Sari Uji"


def test_a_member_takes_a_request_back_and_asks_anew(users: Users, enter: Enter):
    member = enter(users.member)
    case = ask(member)
    assert ask(member, right="Sari Lestari").pk == case.pk, "one open request of a kind"
    member.post(f"/account/requests/{case.pk}/withdraw/")
    assert AccessEvent.objects.filter(what="case_withdrawn", place="member").count() == 1
    case.refresh_from_db()
    assert case.state == Case.State.WITHDRAWN
    assert "Answered" not in text(member, "/account/requests/"), "nobody answered it"
    assert ask(member).pk != case.pk


def told(answer: HttpResponse, number: int) -> str:
    """The page without the mask of its token and the number that was asked for."""
    return plain(answer, f"/{number}/")


def test_nobody_reaches_a_request_of_somebody_else(users: Users, enter: Enter):
    case = ask(enter(users.member))
    stranger = enter(users.other_member)
    theirs = stranger.post(f"/account/requests/{case.pk}/withdraw/")
    nobodys = stranger.post(f"/account/requests/{case.pk + 1000}/withdraw/")
    assert theirs.status_code == nobodys.status_code == 404
    assert told(theirs, case.pk) == told(nobodys, case.pk + 1000)
    case.refresh_from_db()
    assert case.is_open
    assert "Sari" not in text(stranger, "/account/requests/")


def test_an_officer_without_a_second_factor_gets_nowhere(users: Users, enter: Enter):
    case = ask(enter(users.member))
    officer = enter(users.officer)
    Authenticator.objects.filter(user=users.officer).delete()
    for path in ("/office/", "/office/decided/", f"/office/cases/{case.pk}/"):
        answer = officer.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/office/account/log-in/"), path
    for path in (f"/office/cases/{case.pk}/open/", f"/office/cases/{case.pk}/decide/"):
        assert officer.post(path, {"reason": REASON, "decision": "accept", "note": NOTE}).status_code == 302
    assert not AccessEvent.objects.filter(what="case_read").exists()


def test_the_most_urgent_comes_first_and_late_ones_are_said_to_be(users: Users, enter: Enter):
    now = timezone.now()
    for hours, user in ((100, users.member), (1, users.other_member)):
        actions.open_case(
            Case.Kind.PHONE, user.person, {"phone": "+62812"}, user=user, place="member",
            now=now - timedelta(hours=hours),
        )  # fmt: skip
    shown = text(enter(users.officer), "/office/")
    assert "1 request is past its time." in shown
    late, other = Case.objects.order_by("due_at")
    assert shown.index(f"Request {late.pk}") < shown.index(f"Request {other.pk}")


def test_what_the_member_changed_meanwhile_is_read_before_it_is_decided(users: Users, enter: Enter):
    member, officer = enter(users.member), enter(users.officer)
    case = ask(member)
    officer.post(f"/office/cases/{case.pk}/open/", {"reason": REASON})
    decision = {"decision": "accept", "note": NOTE, "seen": queries.stamp(case)}
    ask(member, right="Orang Lain Sama Sekali")
    answer = officer.post(f"/office/cases/{case.pk}/decide/", decision)
    assert answer.status_code == 409
    case.refresh_from_db()
    page = answer.content.decode()
    assert "Orang Lain Sama Sekali" in page
    assert queries.stamp(case) in page
    users.member.person.refresh_from_db()
    assert users.member.person.name == "Sari Uji"
    decision["seen"] = queries.stamp(case)
    assert officer.post(f"/office/cases/{case.pk}/decide/", decision).status_code == 302
