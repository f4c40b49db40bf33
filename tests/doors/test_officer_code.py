"""Phone and e-mail are lost: a request to the office, the officer's code, a new start, and who is told."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from door_users import PASSWORD, Users
from hypothesis import HealthCheck, given
from hypothesis import settings as run
from hypothesis import strategies as st
from letterbox import (
    EMAIL,
    NEW_PASSWORD,
    OTHER_PHONE,
    PHONE,
    Clock,
    code_in,
    give_contacts,
    mails,
    other_than,
    session_of,
    texts,
    told,
)
from sms_phone import work_off

from lumbung import access
from lumbung.accounts import queries
from lumbung.accounts.actions import set_phone
from lumbung.accounts.models import AccessEvent, ContactChange, Phone, ReadOnly, RecoveryCode, RecoveryTries, User
from lumbung.accounts.recovery import actions, codes
from lumbung.accounts.recovery.errors import CodeNotGood, NoAccount
from lumbung.casework import actions as casework
from lumbung.casework import queries as cases
from lumbung.casework.models import Case
from lumbung.registry.actions import NewPerson, register_persons
from lumbung.registry.models import Person

NIK = "9901014101900001"
NEW_PHONE, NEW_EMAIL = "+6281200000303", "sari.baru@contoh.test"
FACTS = {
    "number": "10000000001",
    "nik": NIK,
    "born_day": "01-01-1990",
    "born_month": "",
    "born_year": "",
    "name": "Sari Uji",
    "way": "counter",
    "reach": "",
}
Enter = Callable[[User], Client]


@pytest.fixture
def sari(users: Users) -> User:
    """Sari, who has a KTP number on file and lost both her contacts."""
    from lumbung.encryption import blind_index

    give_contacts(users.member)
    index = blind_index(NIK, context="nik")
    person = access.person(users.member)
    person.nik, person.nik_index = NIK, index
    person.save(update_fields=["nik", "nik_index"])
    return users.member


@pytest.fixture
def code(users: Users, sari: User) -> str:
    """The code that an officer gave Sari."""
    return actions.give_code(access.person(sari), users.officer, now=timezone.now())


def birth(day: str) -> dict[str, str]:
    """The three boxes, filled as who types the whole date into the first."""
    return {"born_day": day, "born_month": "", "born_year": ""}


def request_it(client: Client, **changed: str) -> tuple[int, str]:
    answer = client.post("/recover/both/", {**FACTS, **changed})
    return answer.status_code, str(answer.get("Location", ""))


def give(client: Client, code: str, *, number: str = "10000000001", born: str = "01-01-1990") -> str:
    """Type the officer's code; where it leads, "" when the page refuses."""
    facts = {"number": number, **birth(born), "code": code}
    return str(client.post("/recover/officer-code/", facts).get("Location", ""))


def confirm(client: Client, kind: str = "phone", value: str = NEW_PHONE) -> str:
    client.post("/recover/contact/", {"kind": kind, "value": value})
    come = texts(value) if kind == "phone" else mails(value)
    return str(client.post("/recover/contact/code/", {"code": code_in(come[-1])}).get("Location", ""))


def finish(client: Client, password: str = NEW_PASSWORD, **more: str) -> str:
    facts = {"password": password, **more}
    return str(client.post("/recover/new-start/", facts).get("Location", ""))


def start_anew(client: Client, code: str, **more: str) -> str:
    assert give(client, code) == "/recover/contact/"
    assert confirm(client) == "/recover/new-start/"
    return finish(client, **more)


def decide(case: Case, officer: User, *, accepted: bool) -> casework.Outcome:
    seen, now = cases.stamp(case), timezone.now()
    return casework.decide(case.pk, officer, accepted=accepted, note="Seen at counter 3", seen=seen, now=now)


def can_log_in(password: str, username: str = "sari") -> bool:
    return Client().post("/login/", {"login": username, "password": password}).status_code == 302


# The request


def test_the_right_facts_open_one_case_and_old_channels_are_told(users: Users, sari: User):
    assert request_it(Client()) == (302, "/recover/both/sent/")
    assert request_it(Client(), name="SARI  UJI", way="video", reach="0812 9999 0000") == (
        302,
        "/recover/both/sent/",
    )
    work_off()
    case = Case.objects.get()
    assert (case.kind, case.person, case.user) == ("recovery", access.person(sari), sari)
    assert '"video"' in case.facts
    assert (len(texts()), len(mails())) == (1, 1)
    assert AccessEvent.objects.filter(what="case_opened").count() == 2


def test_every_answer_to_a_request_is_the_same(users: Users, sari: User):
    wrong = [{}, {"number": "10000000002"}, {"number": "99999999999"}, {"nik": NIK[:-1] + "2"}]
    wrong += [{"born_day": "02-01-1990"}, {"name": "Joko Uji"}]
    seen = set()
    for step, changed in enumerate(wrong):
        client = Client(REMOTE_ADDR=f"10.20.0.{step}")
        answer = client.post("/recover/both/", {**FACTS, **changed})
        seen.add((told(answer), told(client.get(answer["Location"]))))
    work_off()
    assert len(seen) == 1
    assert Case.objects.count() == 1


def test_a_person_without_an_account_opens_no_case(users: Users, sari: User):
    person = register_persons([NewPerson("Tuti Uji", date(1990, 1, 1), ("10000000003",), nik="9901014101900003")])
    assert request_it(Client(), number="10000000003", nik="9901014101900003", name="Tuti Uji")[0] == 302
    work_off()
    assert not Case.objects.exists()
    with pytest.raises(NoAccount):
        actions.give_code(person[0].person, users.officer, now=timezone.now())


def test_facts_in_the_queue_are_sealed_and_a_wrong_shape_is_told_at_once(users: Users, sari: User):
    request_it(Client())
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(args::text, ' ') FROM procrastinate_jobs")
        (args,) = cursor.fetchone()
    for value in (NIK, "1990", "Sari", "10000000001"):
        assert value not in args
    for changed in ({"nik": "123"}, {"number": "12"}, {"born_day": "31-02-1990"}, {"way": "video"}, {"name": ""}):
        assert request_it(Client(), **changed) == (200, "")


def test_requests_are_limited_by_number(users: Users, sari: User):
    for step in range(5):
        assert request_it(Client(REMOTE_ADDR=f"10.21.0.{step}"))[0] == 302
    assert request_it(Client(REMOTE_ADDR="10.21.0.9"))[0] == 429


# The officer


def test_a_case_is_accepted_by_giving_a_code(users: Users, sari: User):
    request_it(Client())
    work_off()
    case, now = Case.objects.get(), timezone.now()
    casework.read_case(case.pk, users.officer, reason="Stands at counter 3 with KTP", now=now)
    outcome = decide(case, users.officer, accepted=True)
    assert outcome.case.state == "accepted"
    assert outcome.to_hand_over is not None
    assert give(Client(), outcome.to_hand_over) == "/recover/contact/"


def test_a_case_that_is_refused_or_was_not_read_gives_no_code(users: Users, sari: User):
    request_it(Client())
    work_off()
    case, now = Case.objects.get(), timezone.now()
    with pytest.raises(casework.NotReadBefore):
        decide(case, users.officer, accepted=True)
    casework.read_case(case.pk, users.officer, reason="Stands at counter 3 with KTP", now=now)
    decide(case, users.officer, accepted=False)
    assert not RecoveryCode.objects.exists()


def test_only_a_digest_is_kept_and_giving_is_noted_and_told(users: Users, sari: User, code: str):
    kept = RecoveryCode.objects.get()
    assert codes.normal(code).encode() not in bytes(kept.code_hash)
    assert kept.given_by == users.officer
    event = AccessEvent.objects.get(what="code_given")
    assert (event.person, event.actor) == (access.person(sari), users.officer)
    assert len(texts()) == len(mails()) == 1
    assert code not in texts()[0] + mails()[0]


# The new start


def test_a_new_start(users: Users, sari: User, code: str, enter: Enter):
    elsewhere, client = enter(sari), Client()
    assert give(client, code.lower().replace("-", " ")) == "/recover/contact/"
    assert confirm(client) == "/recover/new-start/"
    assert confirm(client, "email", NEW_EMAIL) == "/recover/new-start/"
    assert "sari" in client.get("/recover/new-start/").content.decode()
    assert finish(client, "short") == ""
    assert finish(client) == "/recover/done/"
    assert client.get("/recover/done/").status_code == 200

    assert can_log_in(NEW_PASSWORD)
    assert not can_log_in(PASSWORD)
    assert elsewhere.get("/dashboard/").status_code == client.get("/dashboard/").status_code == 302
    person, now = Person.objects.get(user=sari), timezone.now()
    assert (person.phone, person.email) == (NEW_PHONE, NEW_EMAIL)
    assert Phone.objects.get(user=sari).number == NEW_PHONE
    assert EmailAddress.objects.get(user=sari).email == NEW_EMAIL
    time = queries.read_only_until(sari, now)
    assert time is not None
    assert time.until - time.since == timedelta(days=7)
    assert queries.cooling_off(sari, now) is not None
    assert ContactChange.objects.count() == 2
    for old in (texts(PHONE)[-1], mails(EMAIL)[-1]):
        assert "http" not in old
        assert NEW_PHONE not in old
        assert NEW_EMAIL not in old
    assert texts(NEW_PHONE)[-1] == texts(PHONE)[-1]
    words = set(AccessEvent.objects.filter(person=person).values_list("what", flat=True))
    assert {"code_given", "recovered", "read_only"} <= words


def test_one_contact_is_enough_and_the_lost_ones_are_forgotten(users: Users, sari: User, code: str):
    assert start_anew(Client(), code) == "/recover/done/"
    person = Person.objects.get(user=sari)
    assert (person.phone, person.email) == (NEW_PHONE, None)
    assert not EmailAddress.objects.filter(user=sari).exists()
    sari.refresh_from_db()
    assert sari.email == ""
    assert access.member_number_for_phone(PHONE, "10000000001") is None, "the old phone gets no balance any more"


@pytest.mark.parametrize("kept", [True, False])
def test_of_second_factors_only_a_passkey_that_is_at_hand_stays(users: Users, sari: User, code: str, kept: bool):
    TOTP.activate(sari, generate_totp_secret())
    RecoveryCodes.activate(sari)
    Authenticator.objects.create(user=sari, type="webauthn", data={"name": "key", "credential": {}})
    client = Client()
    give(client, code)
    confirm(client)
    assert "keep_passkeys" in client.get("/recover/new-start/").content.decode()
    finish(client, **({"keep_passkeys": "on"} if kept else {}))
    left = set(Authenticator.objects.filter(user=sari).values_list("type", flat=True))
    assert left == ({"webauthn"} if kept else set())
    assert AccessEvent.objects.filter(what="factor_removed").exists()


def test_without_passkeys_nobody_is_asked_about_them(users: Users, sari: User, code: str):
    client = Client()
    give(client, code)
    confirm(client)
    assert "keep_passkeys" not in client.get("/recover/new-start/").content.decode()


class LongAlone:
    """A policy that lets a short password stand beside a second factor."""

    def validate(self, password: str, user: User) -> None:
        if len(password) < 15 and not Authenticator.objects.filter(user=user).exists():
            raise ValidationError("Too short alone.")

    def get_help_text(self) -> str:
        return ""


@pytest.mark.parametrize("kept", [True, False])
def test_a_password_must_be_good_enough_without_the_factors_that_go(
    users: Users, sari: User, code: str, kept: bool, settings: Any
):
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": f"{__name__}.LongAlone"}]
    Authenticator.objects.create(user=sari, type="webauthn", data={"name": "key", "credential": {}})
    client = Client()
    give(client, code)
    confirm(client)
    short = "padi-sagu"
    assert finish(client, short, **({"keep_passkeys": "on"} if kept else {})) == ("/recover/done/" if kept else "")
    assert can_log_in(PASSWORD) != kept
    if not kept:
        assert finish(client) == "/recover/done/", "nothing was used up"


def test_a_contact_taken_in_the_last_moment_is_asked_for_again(users: Users, sari: User, code: str):
    client = Client()
    give(client, code)
    confirm(client)
    set_phone(users.other_member, NEW_PHONE, verified_at=timezone.now())
    assert finish(client) == finish(client) == "/recover/contact/"
    assert can_log_in(PASSWORD)
    confirm(client, "email", NEW_EMAIL)
    assert finish(client) == "/recover/done/"


# Wrong, late, used, taken back, guessed


def test_every_wrong_answer_reads_alike(users: Users, sari: User, code: str):
    other = actions.give_code(access.person(users.other_member), users.officer, now=timezone.now())
    tries = [
        ("10000000001", "01-01-1990", other),
        ("10000000001", "02-01-1990", code),
        ("10000000002", "02-02-1991", code),
        ("10000000002", "01-01-1990", code),
        ("99999999999", "01-01-1990", code),
    ]
    seen = set()
    for step, (number, born, typed) in enumerate(tries):
        facts = {"number": number, **birth(born), "code": typed}
        answer = Client(REMOTE_ADDR=f"10.22.0.{step}").post("/recover/officer-code/", facts)
        seen.add(told(answer, number, born, typed))
    assert len(seen) == 1
    assert give(Client(), code) == "/recover/contact/"


def test_five_wrong_tries_close_the_code(users: Users, sari: User, code: str):
    for step in range(5):
        assert give(Client(REMOTE_ADDR=f"10.23.0.{step}"), "AAAAA-AAAAA") == ""
    assert give(Client(), code) == ""
    new = actions.give_code(access.person(sari), users.officer, now=timezone.now())
    assert give(Client(), new) == "/recover/contact/"


def test_a_stranger_without_the_birth_date_uses_up_no_tries(users: Users, sari: User, code: str):
    for step in range(9):
        give(Client(REMOTE_ADDR=f"10.24.0.{step}"), "AAAAA-AAAAA", born="02-01-1990")
    assert give(Client(), code) == "/recover/contact/"
    assert (
        Client(REMOTE_ADDR="10.24.0.99")
        .post("/recover/officer-code/", {"number": "10000000001", **birth("02-01-1990"), "code": "AAAAA"})
        .status_code
        == 429
    )


def test_a_right_code_is_no_wrong_try_and_tries_are_forgotten(users: Users, sari: User, code: str, clock: Clock):
    for step in range(6):
        assert give(Client(REMOTE_ADDR=f"10.28.0.{step}"), code) == "/recover/contact/"
    assert give(Client(REMOTE_ADDR="10.28.0.9"), "AAAAA-AAAAA") == ""
    assert RecoveryTries.objects.get().count == 1
    clock(timedelta(hours=72, seconds=1))
    actions.forget_tries(timestamp=0)
    assert not RecoveryTries.objects.exists()


def test_a_code_lasts_72_hours(users: Users, sari: User, code: str, clock: Clock):
    clock(timedelta(hours=71, minutes=59))
    assert give(Client(), code) == "/recover/contact/"
    clock(timedelta(minutes=2))
    assert give(Client(REMOTE_ADDR="10.25.0.1"), code) == ""


def test_a_code_is_used_once_even_by_two_who_typed_it(users: Users, sari: User, code: str):
    first, second = Client(), Client(REMOTE_ADDR="10.26.0.1")
    for client, phone in ((first, NEW_PHONE), (second, "+6281200000404")):
        give(client, code)
        confirm(client, value=phone)
    assert finish(first) == "/recover/done/"
    assert finish(second, "another-long-one-entirely") == "/recover/officer-code/"
    assert give(Client(REMOTE_ADDR="10.26.0.2"), code) == ""
    assert can_log_in(NEW_PASSWORD)
    assert ReadOnly.objects.count() == 1


def test_a_code_taken_back_or_replaced_is_over_for_who_is_half_way(users: Users, sari: User, code: str):
    client = Client()
    give(client, code)
    confirm(client)
    assert actions.withdraw_code(access.person(sari), users.officer, now=timezone.now())
    assert not actions.withdraw_code(access.person(sari), users.officer, now=timezone.now())
    assert AccessEvent.objects.filter(what="code_withdrawn", actor=users.officer).count() == 1
    assert client.get("/recover/contact/")["Location"] == finish(client) == "/recover/officer-code/"
    assert give(Client(REMOTE_ADDR="10.27.0.1"), code) == ""
    assert can_log_in(PASSWORD)
    first = actions.give_code(access.person(sari), users.officer, now=timezone.now())
    second = actions.give_code(access.person(sari), users.officer, now=timezone.now())
    assert give(Client(REMOTE_ADDR="10.27.0.2"), first) == ""
    assert give(Client(REMOTE_ADDR="10.27.0.3"), second) == "/recover/contact/"


def test_the_steps_after_the_code_take_half_an_hour_at_most(users: Users, sari: User, code: str, clock: Clock):
    client = Client()
    give(client, code)
    confirm(client)
    clock(timedelta(minutes=30, seconds=1))
    for path in ("/recover/contact/", "/recover/contact/code/", "/recover/new-start/"):
        assert client.get(path)["Location"] == "/recover/officer-code/"


def test_no_step_can_be_left_out(users: Users, sari: User, code: str):
    stranger = Client()
    for path in ("/recover/contact/", "/recover/contact/code/", "/recover/new-start/"):
        for answer in (stranger.get(path), stranger.post(path, {"value": NEW_PHONE, "code": "1"})):
            assert (answer.status_code, answer["Location"]) == (302, "/recover/officer-code/")
    client = Client()
    give(client, code)
    assert finish(client) == "/recover/contact/", "no password without a contact"
    with pytest.raises(AssertionError):
        actions.recover(
            RecoveryCode.objects.get().pk, actions.NewStart(NEW_PASSWORD), now=timezone.now(), place="x"
        )


def test_a_wrong_contact_code_and_a_taken_contact_change_nothing(users: Users, sari: User, code: str):
    give_contacts(users.other_member, phone=OTHER_PHONE, email=None)
    client = Client()
    give(client, code)
    client.post("/recover/contact/", {"kind": "phone", "value": OTHER_PHONE})
    with pytest.raises(ValueError, match="unpack"):
        code_in(texts(OTHER_PHONE)[0])
    client.post("/recover/contact/", {"kind": "phone", "value": NEW_PHONE})
    right = code_in(texts(NEW_PHONE)[0])
    for _ in range(3):
        client.post("/recover/contact/code/", {"code": other_than(right)})
    assert client.post("/recover/contact/code/", {"code": right})["Location"] == "/recover/contact/"
    assert finish(client) == "/recover/contact/"
    assert Phone.objects.get(user=sari).number == PHONE


def test_typing_the_code_gives_the_session_another_key(users: Users, sari: User, code: str):
    client = Client()
    client.post("/recover/officer-code/", {"number": "1"})
    client.post("/username/forgotten/", {"contact": "x"})
    client.post("/password/reset/", {"login": "x", "channel": "phone"})
    before = session_of(client).session_key
    give(client, code)
    assert session_of(client).session_key != before


# Any code


@given(typed=st.text(max_size=30), noise=st.lists(st.sampled_from(" -_.\t"), max_size=6))
@run(max_examples=200, deadline=None)
def test_a_code_fits_itself_however_it_is_written_and_nothing_else(typed: str, noise: list[str]):
    code = codes.new()
    assert len(codes.normal(code)) == codes.LENGTH
    assert set(codes.normal(code)) <= set(codes.SIGNS)
    kept = codes.digest(code, person_id=7)
    written = code.lower()
    for position, sign in enumerate(noise):
        written = written[: position * 2] + sign + written[position * 2 :]
    assert codes.fits(written, kept, person_id=7)
    assert not codes.fits(code, kept, person_id=8)
    assert codes.fits(typed, kept, person_id=7) == (codes.normal(typed) == codes.normal(code))
    assert not codes.fits(code, b"", person_id=7)


STEPS = st.lists(
    st.sampled_from(["right", "wrong", "stranger", "old", "give", "withdraw", "late", "use"]), max_size=12
)


@given(steps=STEPS)
@run(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_code_is_good_exactly_while_it_should_be(users: Users, steps: list[str]):
    """Whatever is done in whatever order: it opens only if given, newest, not used, not taken back, in time, and
    after fewer than five wrong tries by somebody with the right birth date."""
    from django.db import transaction

    with transaction.atomic():
        _play(users, steps)
        transaction.set_rollback(True)


def _play(users: Users, steps: list[str]) -> None:
    person, now = access.person(users.member), timezone.now()
    newest, old, good, wrong, until = "", "", False, 0, now
    own, other = date(1990, 1, 1), date(1990, 1, 2)
    for step in steps:
        if step == "give":
            old, newest = newest or old, actions.give_code(person, users.officer, now=now)
            good, wrong, until = True, 0, now + timedelta(hours=72)
        elif step == "withdraw":
            actions.withdraw_code(person, users.officer, now=now)
            good = False
        elif step == "late":
            now += timedelta(hours=40)
        elif step == "use":
            found = actions.try_code(number="10000000001", born=own, code=newest, now=now) if newest else None
            if found is not None:
                start = actions.NewStart(NEW_PASSWORD, phone=NEW_PHONE)
                actions.recover(found.pk, start, now=now, place="member")
                with pytest.raises(CodeNotGood):
                    actions.recover(found.pk, start, now=now, place="member")
            good = False if found is not None else good
        else:
            typed = {"right": newest, "wrong": "AAAAA-AAAA9", "stranger": newest, "old": old}[step] or "none"
            born = other if step == "stranger" else own
            expected = step == "right" and good and now < until and wrong < 5
            found = actions.try_code(number="10000000001", born=born, code=typed, now=now)
            assert (found is not None) == expected, (step, steps)
            wrong += step in {"wrong", "old"} or (step == "right" and not expected and bool(newest) and good)
