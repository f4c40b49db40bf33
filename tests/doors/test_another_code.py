"""The code that an officer hands over: never lost without a word, given again or taken back with a reason."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from door_users import Users
from letterbox import NEW_PASSWORD, give_contacts, mails, texts

from lumbung import access
from lumbung.accounts.models import AccessEvent, RecoveryCode, User
from lumbung.accounts.recovery import actions as recovery
from lumbung.accounts.recovery import codes
from lumbung.casework import actions, queries
from lumbung.casework.errors import NoCodeToGive, NotReadBefore
from lumbung.casework.models import Case
from lumbung.casework.recovery.actions import give_another_code
from lumbung.casework.recovery.queries import handed

REASON, NOTE = "Peserta berdiri di loket 3.", "Sudah kami periksa di loket 3."
AGAIN = "Kertas dengan kodenya hilang."
Enter = Callable[[User], Client]


@pytest.fixture
def officer(users: Users, enter: Enter) -> Client:
    """An officer's browser, in English."""
    client = enter(users.officer)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def case(users: Users, officer: Client) -> Case:
    """Sari's request to be let in again, which the officer has opened."""
    give_contacts(users.member)
    person, now = access.person(users.member), timezone.now()
    facts = {"way": "counter", "reach": ""}
    opened = actions.open_case(Case.Kind.RECOVERY, person, facts, user=users.member, place="member", now=now)
    officer.post(f"/office/cases/{opened.pk}/open/", {"reason": REASON})
    return opened


def decide(officer: Client, case: Case) -> HttpResponse:
    sent = {"decision": "accept", "note": NOTE, "seen": queries.stamp(case)}
    return officer.post(f"/office/cases/{case.pk}/decide/", sent)


def page(officer: Client, case: Case) -> str:
    return str(officer.get(f"/office/cases/{case.pk}/").content.decode())


def seen(officer: Client, case: Case) -> str:
    found = re.search(r'name="code_seen" value="(\d+)"', page(officer, case))
    assert found
    return found[1]


def ask(officer: Client, case: Case, deed: str = "give", **changed: str) -> HttpResponse:
    sent = {"deed": deed, "reason": AGAIN, "code_seen": changed.pop("code_seen", None) or seen(officer, case)}
    return officer.post(f"/office/cases/{case.pk}/code/", {**sent, **changed})


def shown(answer: HttpResponse) -> str:
    found = re.search(r'class="secret-key">([A-Z0-9]{5}-[A-Z0-9]{5})<', answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def opens(code: str) -> bool:
    facts = {"number": "10000000001", "born_day": "01-01-1990", "born_month": "", "born_year": "", "code": code}
    return Client().post("/recover/officer-code/", facts).get("Location", "") == "/recover/contact/"


def test_a_form_that_is_sent_twice_loses_no_code_without_a_word(officer: Client, case: Case):
    first = shown(decide(officer, case))
    again = decide(officer, case)
    assert again["Location"] == f"/office/cases/{case.pk}/"
    assert RecoveryCode.objects.count() == 1, "one request, one code"
    told = page(officer, case)
    assert "closed already" in told
    assert "Give another code" in told
    assert first not in told
    other = shown(ask(officer, case))
    assert not opens(first), "only the newest is good"
    assert opens(other)


def test_another_code_has_a_reason_that_the_member_reads_and_is_told_everywhere(
    officer: Client, case: Case, users: Users, enter: Enter
):
    decide(officer, case)
    before = len(texts()), len(mails())
    assert ask(officer, case, reason="x").status_code == 400
    assert RecoveryCode.objects.count() == 1
    code = shown(ask(officer, case))
    assert (len(texts()), len(mails())) == (before[0] + 1, before[1] + 1)
    assert code not in texts()[-1] + mails()[-1]
    events = AccessEvent.objects.filter(person=case.person, what="code_given").order_by("pk")
    assert [event.reason for event in events] == [None, AGAIN]
    assert AGAIN in enter(users.member).get("/account/activity/").content.decode()
    assert codes.normal(code).encode() not in b"".join(bytes(row.code_hash) for row in RecoveryCode.objects.all())


def test_a_second_click_on_another_code_gives_no_second_one(officer: Client, case: Case):
    decide(officer, case)
    number = seen(officer, case)
    code = shown(ask(officer, case, code_seen=number))
    answer = ask(officer, case, code_seen=number)
    assert answer.status_code == 409
    assert "a newer code was given" in answer.content.decode()
    assert RecoveryCode.objects.count() == 2
    assert opens(code)


def test_a_code_is_taken_back_with_a_reason_and_the_member_is_told(officer: Client, case: Case):
    code = shown(decide(officer, case))
    before = len(texts())
    assert ask(officer, case, "withdraw")["Location"] == f"/office/cases/{case.pk}/"
    assert not opens(code)
    assert len(texts()) == before + 1
    assert AccessEvent.objects.get(what="code_withdrawn").reason == AGAIN
    told = page(officer, case)
    assert "Taken back" in told
    assert 'value="withdraw"' not in told
    assert ask(officer, case, "withdraw").status_code == 409
    assert opens(shown(ask(officer, case))), "another one can still be given"


def test_nobody_gives_a_code_for_a_request_that_he_has_not_opened(officer: Client, case: Case, users: Users):
    decide(officer, case)
    number = seen(officer, case)
    Case.objects.get(pk=case.pk).readings.all().delete()
    answer = ask(officer, case, code_seen=number)
    assert answer["Location"] == f"/office/cases/{case.pk}/"
    assert "secret-key" not in page(officer, case)
    assert "Sari" not in page(officer, case)
    with pytest.raises(NotReadBefore):
        give_another_code(case.pk, users.officer, reason=AGAIN, seen=int(number), now=timezone.now())
    assert RecoveryCode.objects.count() == 1


@pytest.mark.parametrize("ends", ["refused", "used", "a week", "asked again"])
def test_no_other_code_follows_when_it_should_not(officer: Client, case: Case, users: Users, ends: str):
    now = timezone.now()
    if ends == "refused":
        stamp = queries.stamp(case)
        actions.decide(case.pk, users.officer, accepted=False, note=NOTE, seen=stamp, now=now)
    else:
        code = shown(decide(officer, case))
    if ends == "used":
        given = recovery.try_code(number="10000000001", born=case.person.birth_date, code=code, now=now)
        start = recovery.NewStart(NEW_PASSWORD, phone="+6281200000303")
        recovery.recover(given.pk, start, now=now, place="member")
    later = now + timedelta(days=7 if ends == "a week" else 0, seconds=1)
    if ends == "asked again":
        facts = {"way": "counter", "reach": ""}
        actions.open_case("recovery", case.person, facts, user=users.member, place="member", now=later)
    actions.read_case(case.pk, users.officer, reason=REASON, now=later)
    case.refresh_from_db()
    found = handed(case, later)
    assert found is None or not found.may_give
    with pytest.raises(NoCodeToGive):
        give_another_code(case.pk, users.officer, reason=AGAIN, seen=found.code_id if found else 0, now=later)
    assert RecoveryCode.objects.count() == (0 if ends == "refused" else 1)
