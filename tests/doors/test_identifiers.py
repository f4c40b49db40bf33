"""Every address and every field that names a row, asked about somebody else's: as if there were none."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from app_phone import app_of
from bodies import plain
from budget import asked as statements_of
from django import forms
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from door_users import PASSWORD, Users
from fields import FORM_FIELDS, known_fields
from newcomers import make_newcomer
from paid_months import pay
from passkeys import answer_of, give_passkey
from proofs import proven
from published import announce, put, small_pdf
from pushes import subscribe
from test_read_only import everything_kept

from lumbung.accounts import actions
from lumbung.accounts.inbox import actions as inbox
from lumbung.accounts.models import NumberJoin, User
from lumbung.accounts.newphones import actions as newphones
from lumbung.accounts.numbers import actions as numbers
from lumbung.accounts.registration import actions as registration
from lumbung.accounts.registration import links
from lumbung.billing import actions as billing
from lumbung.broadcasts import actions as broadcasts
from lumbung.casework import actions as casework
from lumbung.casework.evidence import actions as evidence
from lumbung.casework.evidence.queries import NewPage
from lumbung.casework.models import Case, Reading
from lumbung.casework.records import actions as records
from lumbung.config.doors import DOORS
from lumbung.contributions.models import ReturnLine
from lumbung.encryption import blind_index
from lumbung.law.month import Month
from lumbung.profiles import actions as profiles
from lumbung.profiles.models import Heir
from lumbung.publications import actions as publications
from lumbung.publications.drafts import actions as drafts
from lumbung.registry.actions import (
    NewEmployment,
    NewPerson,
    NewSelfEmployment,
    enrol_self_employed,
    register_employer,
    register_persons,
    start_employments,
)

Enter = Callable[[User], Client]
ROOMS = [door for door in DOORS if door.has_sessions]
# Enough to be a right answer to each form behind these addresses.
SENT = {
    "name": "Lain", "password": PASSWORD, "reason": "Permintaan di loket hari ini", "decision": "accept",
    "note": "Sudah kami periksa di loket.",
}  # fmt: skip


# Addresses that only take what is sent.
POSTED = (
    "/read",
    "undo/",
    "withdraw/",
    "refuse/",
    "open/",
    "decide/",
    "code/",
    "publish/",
    "discard/",
    "end/",
    "version/",
    "pause/",
    "resume/",
    "stop/",
)


@dataclass(frozen=True)
class Place:
    """What stands in an address for a row that is somebody's or nobody's to see, and for one that is not there.

    `owner` names who may (of World.people); nobody may where it is None. `real` finds the values in a World.
    """

    real: Callable[["World"], Mapping[str, object]]
    none: Mapping[str, object]
    owner: str | None = None
    kinds: frozenset[str] = frozenset()  # whose own page it is, who are not asked here


PLACES: dict[str, Place] = {
    **{
        f"{door.prefix}account/passkeys/<int:pk>/{what}/": Place(
            lambda world, door=door: {"pk": world.passkeys[str(door.kind)]},  # type: ignore[misc]
            {"pk": 900_000_001},
            owner={"member": "sari", "employer": "hrd.contoh", "officer": "petugas.uji"}[str(door.kind)],
        )
        for door in ROOMS
        for what in ("name", "remove")
    },
    # A record that one officer opened is nothing to another. (Asked before the joining is undone.)
    "/office/records/<int:reading_id>/": Place(
        lambda world: {"reading_id": world.reading.pk}, {"reading_id": 900_000_001}, "petugas.uji"
    ),
    "/office/records/<int:reading_id>/lock/": Place(
        lambda world: {"reading_id": world.reading.pk}, {"reading_id": 900_000_001}, "petugas.uji"
    ),
    "/office/records/<int:reading_id>/joins/<int:join_id>/part/": Place(
        lambda world: {"reading_id": world.reading.pk, "join_id": world.join.pk},
        {"reading_id": 900_000_001, "join_id": 900_000_001},
        "petugas.uji",
    ),
    # What officers write: nothing of it is anybody else's, whether it is there or not.
    **{
        f"/office/texts/<slug:kind>/<slug:name>/{what}": Place(
            lambda world: {"kind": "announcement", "name": "besok", "language": "id"},
            {"kind": "announcement", "name": "tidak-ada", "language": "id"},
            kinds=frozenset({"officer"}),
        )
        for what in ("", "preview/<slug:language>/", "publish/", "discard/", "end/", "version/")
    },
    "/office/texts/announcement/<slug:name>/sms/": Place(lambda world: {"name": "besok"}, {"name": "tidak-ada"}),
    **{
        f"/office/broadcasts/<int:key>/{what}": Place(
            lambda world: {"key": world.broadcast}, {"key": 900_000_001}, kinds=frozenset({"officer"})
        )
        for what in ("", "begin/", "pause/", "resume/", "stop/", "discard/")
    },
    "/office/texts/<slug:kind>/": Place(
        lambda world: {"kind": "announcement"}, {"kind": "nothing"}, kinds=frozenset({"officer"})
    ),
    "/office/texts/form/<slug:name>/file/": Place(
        lambda world: {"name": world.draft}, {"name": "tidak-ada"}, kinds=frozenset({"officer"})
    ),
    "/numbers/<int:join_id>/undo/": Place(
        lambda world: {"join_id": world.join.pk}, {"join_id": 900_000_001}, "sari"
    ),
    "/account/phones/<int:waiting_id>/": Place(
        lambda world: {"waiting_id": world.users.member.person.waiting_phones.get().pk},
        {"waiting_id": 900_000_001},
        "sari",
    ),
    "/account/phones/<int:waiting_id>/refuse/": Place(
        lambda world: {"waiting_id": world.users.member.person.waiting_phones.get().pk},
        {"waiting_id": 900_000_001},
        "sari",
    ),
    "/account/requests/<int:case_id>/withdraw/": Place(
        lambda world: {"case_id": world.case.pk}, {"case_id": 900_000_001}, "sari"
    ),
    "/inbox/<int:message_id>/": Place(
        lambda world: {"message_id": world.users.member.messages.latest("pk").pk},
        {"message_id": 900_000_001},
        "sari",
    ),
    **{
        f"/api/v1/me/notices/<int:notice_id>{what}": Place(
            lambda world: {"notice_id": world.users.member.messages.latest("pk").pk},
            {"notice_id": 900_000_001},
            "sari's app",
        )
        for what in ("", "/read")
    },
    **{
        f"/profile/heirs/<int:heir_id>/{what}": Place(
            lambda world: {"heir_id": world.heir.pk}, {"heir_id": 900_000_001}, "sari"
        )
        for what in ("", "remove/")
    },
    **{
        f"/why/{what}/<int:{what.replace('contribution', 'return')}_id>/": Place(
            lambda world, what=what: {f"{what.replace('contribution', 'return')}_id": world.figures[what]},
            {f"{what.replace('contribution', 'return')}_id": 900_000_001},
            "sari",
        )
        for what in ("contribution", "bill", "entry")
    },
    "/account/requests/<int:case_id>/pages/<int:position>/": Place(
        lambda world: {"case_id": world.case.pk, "position": 1}, {"case_id": 900_000_001, "position": 1}, "sari"
    ),
    # An officer sees a page only after opening the request with a reason (test_evidence.py).
    "/office/cases/<int:case_id>/pages/<int:position>/": Place(
        lambda world: {"case_id": world.case.pk, "position": 1}, {"case_id": 900_000_001, "position": 1}
    ),
    # What an officer may see of it is asked below.
    **{
        f"/office/cases/<int:case_id>/{what}": Place(
            lambda world: {"case_id": world.case.pk}, {"case_id": 900_000_001}, kinds=frozenset({"officer"})
        )
        for what in ("", "open/", "decide/", "code/")
    },
    # A link is its own key: whoever has it from the mail is meant. Any other, however near, is none.
    "/stop-mail/<str:token>/": Place(lambda world: {"token": world.almost(world.token)}, {"token": "abc"}),
    "/register/link/<str:token>/": Place(lambda world: {"token": world.almost(world.token)}, {"token": "abc"}),
    # What is published is everybody's; what was withdrawn or waits for its day is nobody's.
    "/announcements/<slug:notice>/": Place(lambda world: {"notice": "besok"}, {"notice": "tidak-ada"}),
    "/forms/<slug:form_name>/": Place(lambda world: {"form_name": "ditarik"}, {"form_name": "tidak-ada"}),
    "/forms/<slug:form_name>/<slug:version>/": Place(
        lambda world: {"form_name": "ditarik", "version": world.version},
        {"form_name": "tidak-ada", "version": "0" * 16},
    ),
}
# Addresses whose parameter names no row: help, numbers of the law, languages, years of one's own, gateways.
NO_ROW = {
    "/help/<slug:topic>/",
    "/app/<slug:language>/manifest.webmanifest",
    "/offline/<slug:language>/",
    "/law/parameters/<slug:parameter>/",
    "/api/v1/law/parameters/<parameter>",
    "/card/<slug:language>/<slug:form>/",
    "/why/programme/<slug:code>/",
    "/statement/<int:year>/",
    "/office/notices/<slug:word>/",
    "/sms/inbound/<slug:gateway>",
    "/sms/receipt/<slug:gateway>",
}


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        found += routes(pattern.url_patterns, route) if isinstance(pattern, URLResolver) else [route]
    return found


def with_values(route: str, values: Mapping[str, object]) -> str:
    return re.sub(r"<(?:[^:>]+:)?([^>]+)>", lambda found: str(values[found[1]]), route)


def test_every_address_with_a_parameter_has_an_entry():
    there = {route for door in DOORS for route in routes(get_resolver(door.urlconf).url_patterns) if "<" in route}
    assert there == set(PLACES) | NO_ROW


@dataclass
class World:
    """Somebody's row of every kind, and everybody who might ask for it."""

    users: Users
    case: Case
    heir: Heir
    join: NumberJoin
    reading: Reading
    draft: str
    broadcast: int
    token: str
    version: str
    passkeys: dict[str, int]
    figures: dict[str, int]
    apps: dict[str, str]
    people: dict[str, User] = field(default_factory=dict)

    @staticmethod
    def almost(token: str) -> str:
        return token[:-1] + ("A" if token[-1] != "A" else "B")


@pytest.fixture
def world(users: Users) -> World:
    now = timezone.now()
    sari, joko = users.member, users.other_member
    apps = {name: app_of(name).token for name in ("sari", "joko")}  # before a second step is needed
    another = register_employer(full_number="90000002-000", name="PT Lain", risk_class="II", size="small")
    people = {user.username: user for user in users.people}
    people["hrd.lain"] = actions.make_employer_user(another, "hrd.lain", PASSWORD)
    people["petugas.lain"] = actions.make_officer("petugas.lain", PASSWORD)
    facts = {"what": "name", "name": "Sari Uji Benar", "why": "Ada di KTP."}
    assert sari.person is not None
    case = casework.open_case("correction", sari.person, facts, user=sari, place="member", now=now)
    evidence.attach(case, [NewPage(b"a picture", 1, 1, scanned=False)], now=now)
    heir = profiles.add_heir(sari, profiles.NewHeir("Budi Uji", "child", 1), place="member", now=now)
    other_row = register_persons([NewPerson("Sari Uji", date(1990, 1, 1), ("10000000051",))])[0].person
    join = numbers.join(sari, other_row.member_numbers.get(), place="member", now=now)
    inbox.tell(sari, "account_made", now=now, at=now)
    subscribe(sari)
    newphones.note_asked(sari.person, "+6281299990000", now=now)
    rina = registration.begin(
        make_newcomer().pk, username="rina", password=PASSWORD, phone="", email="rina@contoh.test", language="id",
        now=now,
    )  # fmt: skip
    withdrawn = put("ditarik", b"%PDF-1.7 ditarik\n%%EOF\n")
    publications.withdraw_form("ditarik", now=now)
    tomorrows = announce("besok", published_from=timezone.localdate() + timedelta(days=1))
    said = {"id": "Besok tutup.", "en": "Closed tomorrow."}
    broadcast = broadcasts.write(tomorrows, said, an_hour=1000, by=users.officer.pk, now=now).pk
    passkeys = {kind: give_passkey(people[name]).pk for kind, name in OWNERS.items()}
    assert joko.person != sari.person
    reading = records.open_record("10000000001", users.officer, reason=SENT["reason"], now=now)
    facts = {"title_id": "Surat kuasa", "title_en": "", "purpose_id": "", "purpose_en": "", "place": 1}
    draft = drafts.save_draft(
        "form", "kuasa", facts, content=small_pdf(), by=users.officer.pk, seen="", now=now
    ).slug
    return World(
        users,
        case,
        heir,
        join,
        reading,
        draft,
        broadcast,
        links.token(rina),
        bytes(withdrawn.digest).hex()[:16],
        passkeys,
        figures_of("10000000001", users, now),
        apps,
        people,
    )


def figures_of(number: str, users: Users, now: datetime) -> dict[str, int]:
    """A return, a bill and an entry in which nobody but this member number stands."""
    assert users.employer.employer is not None
    start_employments(users.employer.employer, [NewEmployment(number, date(2025, 1, 1))])
    pay(users.employer.employer, Month(2025, 4), {number: 5_000_000})
    enrol_self_employed([NewSelfEmployment(number, 1_550_000, True, "other", date(2026, 9, 1))])
    issued = billing.issue_self_employed(number, first=Month(2026, 10), months=1, now=now)
    line = ReturnLine.objects.get(member_number=number)
    entry = line.returned.entry_id
    assert entry is not None
    return {"contribution": line.returned_id, "bill": issued.bills[0].pk, "entry": entry}


OWNERS = {"member": "sari", "employer": "hrd.contoh", "officer": "petugas.uji"}


@dataclass(frozen=True)
class Asker:
    """One who asks: a browser whose user has just typed the password again, or a program's token."""

    name: str
    kind: str | None
    client: Client
    headers: dict[str, str]

    def told(self, method: str, path: str) -> list[tuple[object, ...]]:
        """All that the answer says, and the page that it leads to, where the address asked for is left out."""
        cache.clear()
        answer = getattr(self.client, method)(path, SENT if method == "post" else {}, headers=self.headers)
        said = [_said(answer, path)]
        place = answer.get("Location", "")
        if place.startswith("/") and path not in place:
            said.append(_said(self.client.get(place, headers=self.headers), path))
        return said


def _said(answer: HttpResponse, path: str) -> tuple[object, ...]:
    place = answer.get("Location", "").replace(path, "…").replace(quote(path, safe=""), "…")
    return answer.status_code, place, answer.get("WWW-Authenticate"), plain(answer, path, quote(path, safe=""))


@pytest.fixture
def askers(world: World, enter: Enter) -> list[Asker]:
    facts = {"grant_type": "client_credentials", "client_id": world.users.program.client_id}
    given = Client().post("/api/token", {**facts, "client_secret": world.users.program.secret}).json()
    program = Asker("program", "program", Client(), {"Authorization": f"Bearer {given['access_token']}"})
    people = [
        Asker(name, user.kind, proven(enter(user), next(door for door in ROOMS if door.kind == user.kind)), {})
        for name, user in world.people.items()
    ]
    apps = [
        Asker(f"{name}'s app", "app", Client(), {"X-Session-Token": token}) for name, token in world.apps.items()
    ]
    return [Asker("nobody", None, Client(), {}), *people, *apps, program]


@pytest.mark.parametrize("share", range(3))
def test_what_is_somebody_elses_answers_like_what_is_not_there(world: World, askers: list[Asker], share: int):
    """In three shares of all routes: to make this world for each anew takes longer than asking."""
    for route in list(PLACES)[share::3]:
        place = PLACES[route]
        real, none = with_values(route, place.real(world)), with_values(route, place.none)
        before = everything_kept()
        asked = 0
        for asker in askers:
            if asker.name == place.owner or asker.kind in place.kinds:
                continue
            for method in ("get", "head", "post"):
                asked += 1
                assert asker.told(method, real) == asker.told(method, none), (asker.name, method, route)
        assert asked >= 3 * 5, route
        assert everything_kept() == before, route


def test_the_owner_is_answered_otherwise_so_the_walk_can_tell(world: World, askers: list[Asker]):
    """Else the walk above would compare refusals that have nothing to do with whose row it is."""
    by_name = {asker.name: asker for asker in askers}
    for route, place in PLACES.items():
        owner = place.owner or ("petugas.lain" if place.kinds else None)
        if owner is not None:
            real, none = with_values(route, place.real(world)), with_values(route, place.none)
            method = "post" if route.endswith(POSTED) else "get"
            assert by_name[owner].told(method, real) != by_name[owner].told(method, none), route


def test_no_page_about_a_row_asks_more_than_five_questions(world: World, askers: list[Asker]):
    """The pages without a row in their address: test_page_budget.py."""
    sari = next(asker.client for asker in askers if asker.name == "sari")
    sari.get("/dashboard/")
    asked_of = {}
    for route, place in PLACES.items():
        if place.owner == "sari" and not route.endswith(POSTED):
            answer, statements = statements_of(sari, with_values(route, place.real(world)))
            assert answer.status_code == 200, route
            asked_of[route] = statements
    assert len(asked_of) >= 10
    assert {route: found for route, found in asked_of.items() if len(found) > 5} == {}


def test_an_officer_sees_nothing_of_the_person_without_a_reason(world: World, askers: list[Asker]):
    """Not by looking, not by deciding, and not because another officer gave a reason."""
    by_name = {asker.name: asker for asker in askers}
    path = f"/office/cases/{world.case.pk}/"
    casework.read_case(world.case.pk, world.people["petugas.uji"], reason=SENT["reason"], now=timezone.now())
    assert "Sari Uji" in by_name["petugas.uji"].client.get(path).content.decode()
    before = everything_kept()
    stranger = by_name["petugas.lain"].client
    answers = [stranger.get(path), stranger.post(f"{path}open/", {"reason": "x"})]
    for sent in (SENT, {}, {**SENT, "decision": "refuse"}):
        answer = stranger.post(f"{path}decide/", sent)
        assert (answer.status_code, answer["Location"]) == (302, path)
        answers.append(stranger.get(path))
    for answer in answers:
        body = answer.content.decode()
        assert not re.search(r"Sari|1990|10000000001|0001\b|Ada di KTP", body)
    assert everything_kept() == before


# Fields


@dataclass(frozen=True)
class Named:
    """A field that names a row: who sends it where, somebody else's value, and one that nobody has."""

    path: str
    name: str
    asker: str
    real: Callable[[World], object]
    none: object


NAMED = {
    **{
        f"a session at {door.name}": Named(
            f"{door.prefix}account/sessions/end/",
            "session",
            {"member": "joko", "employer": "hrd.lain", "officer": "petugas.lain"}[str(door.kind)],
            lambda world, door=door: (
                UserSession.objects.get(session_key=f"of-{world.people[OWNERS[str(door.kind)]].pk}").pk
            ),  # type: ignore[misc]
            900_000_001,
        )
        for door in ROOMS
    },
    "a number that is typed": Named(
        "/numbers/join/", "number", "joko", lambda world: "10000000001", "19999999999"
    ),
    "a device that gets pushes": Named(
        "/inbox/push/off/",
        "device",
        "joko",
        lambda world: world.users.member.push_subscriptions.get().pk,
        900_000_001,
    ),
    "a number that was proposed": Named(
        "/numbers/tap/",
        "number",
        "joko",
        lambda world: blind_index("10000000051", context="proposed number").hex(),
        "0" * 64,
    ),
}


@pytest.mark.parametrize("name", list(NAMED))
def test_a_number_in_a_form_opens_nothing_of_somebody_elses(world: World, askers: list[Asker], name: str):
    named = NAMED[name]
    asker = next(asker for asker in askers if asker.name == named.asker)
    for user in world.people.values():
        UserSession.objects.create(
            user=user, ip="127.0.0.1", user_agent="", session_key=f"of-{user.pk}", last_seen_at=datetime.now(UTC)
        )
    before = everything_kept()
    said = []
    for value in (named.real(world), named.none):
        cache.clear()
        answer = asker.client.post(named.path, {named.name: value})
        page = asker.client.get(answer["Location"]) if answer.status_code == 302 else answer
        said.append((_said(answer, named.path), _said(page, named.path)))
    assert said[0] == said[1]
    assert "/reauthenticate/" not in str(said), "the proof stood in the way, not the row"
    assert everything_kept() == before
    assert UserSession.objects.count() >= len(world.people)


def test_a_program_without_the_scope_learns_of_no_number(world: World, askers: list[Asker]):
    program = next(asker for asker in askers if asker.kind == "program")
    told = set()
    for number in ("10000000001", "19999999999"):
        for headers in (program.headers, {}):
            sent = json.dumps({"member_number": number})
            answer = Client().post("/api/v1/balance", sent, content_type="application/json", headers=headers)
            told.add((answer.status_code, answer.content))
    assert {status for status, _ in told} == {401, 403}
    assert len(told) == 2


def test_a_passkey_of_somebody_does_not_show_in_the_answer(world: World):
    """The right key with a wrong signature, another's key, no such user: one answer."""
    sari, joko = world.people["sari"], world.people["joko"]
    passkey = Authenticator.objects.get(user=sari, type=Authenticator.Type.WEBAUTHN)
    told = set()
    for sent in (answer_of(passkey, sari.pk), answer_of(passkey, joko.pk), answer_of(passkey, 900_000_001)):
        cache.clear()
        client = Client()
        client.get("/login/passkey/", headers={"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"})
        answer = client.post("/login/passkey/", {"credential": json.dumps(sent)})
        told.add((_said(answer, "…"), _said(client.get(answer["Location"]), "…")))
    assert len(told) == 1
    assert "/login/" in str(told)


def test_every_field_of_every_form_is_known():
    """A field that is added says whether it names a row; one that does stands in a test above."""
    assert known_fields() == set(FORM_FIELDS)
    assert {name for name, what in FORM_FIELDS.items() if what == "row"} == {
        *(named.name for named in NAMED.values()),
        "member_number",
        "credential",
    }


def test_a_field_that_is_added_is_seen():
    class Planted(forms.Form):
        claim = forms.IntegerField()

    assert "claim" in known_fields(Planted)
