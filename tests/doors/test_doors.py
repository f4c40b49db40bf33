"""Every address of every door, asked by everybody: the right kind of user gets in, all others get one refusal."""

import re
import runpy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from app_phone import app_of
from bodies import plain
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from door_users import Users
from published import VERSION

from lumbung.accounts.models import User
from lumbung.config import doors
from lumbung.config.doors import DOORS, Door

# What anybody may ask for, with the answer to a GET. Whoever opens one adds it here.
PUBLIC = {
    "/": 200,
    "/announcements/": 200,
    "/announcements/jam-buka/": 200,
    "/forms/": 200,
    "/forms/perubahan-data/": 302,  # to the file, whose address names its version
    f"/forms/perubahan-data/{VERSION}/": 200,
    "/help/": 200,
    "/help/forgotten-password/": 200,
    "/security/": 200,
    **dict.fromkeys(("/verify/", "/keys/", "/keys/certificate.pem", "/.well-known/lumbung-keys.json"), 200),
    **{f"/law/{page}": 200 for page in ("", "contribution/", "own-work/", "old-age/", "pension/", "parameters/")},
    "/law/parameters/pension_wage_cap/": 200,
    "/app/id/manifest.webmanifest": 200,
    "/offline/id/": 200,
    "/sw.js": 200,
    **{
        f"{door}{page}": status
        for door in ("/", "/employer/", "/office/")
        for page, status in {
            "login/": 200,
            "login/code/": 302 if door == "/office/" else 200,  # officers get no codes
            "login/code/confirm/": 302,  # to where a code is asked for
            "login/passkey/": 302,  # to the log-in; a script gets the question for the key
            "login/second-step/": 302,  # to the first step
            "login/start-over/": 405,
            "logged-out/": 200,
            "signup/": 200,
            "language/": 405,
        }.items()
    },
    # The registration: its first page, and what needs nothing before it; the others send there.
    "/signup/": 302,
    "/register/": 200,
    "/register/done/": 200,
    "/register/link/abc/": 200,
    "/stop-mail/abc/": 404,  # whoever has a whole address may press the button behind it
    **{
        f"/register/{page}/": 302
        for page in (
            *("contacts", "account", "confirm", "code", "code/missing"),
            *("link-sent", "on-file", "waiting", "go-on"),
        )
    },
    **{
        f"{door}{page}": status
        for door in ("/", "/employer/", "/office/")
        for page, status in {
            "recover/": 200,
            "recover/nothing-arrives/": 200,
            "password/reset/": 200,
            "password/reset/code/": 302,  # nothing is under way
            "password/reset/new/": 302,
            "password/reset/done/": 200,
            "username/forgotten/": 200,
            "username/forgotten/sent/": 200,
        }.items()
    },
    **dict.fromkeys(("/recover/phone/", "/recover/email/", "/recover/both/", "/recover/both/sent/"), 200),
    **dict.fromkeys(("/recover/officer-code/", "/recover/done/"), 200),
    # Without an officer's code.
    **dict.fromkeys(("/recover/contact/", "/recover/contact/code/", "/recover/new-start/"), 302),
    "/api/token": 405,  # POST with a program's own secret
    "/api/revoke": 405,
    "/api/v1/openapi.json": 200,
    **dict.fromkeys(("/api/v1/me/log-in", "/api/v1/me/log-in/second-step", "/api/v1/me/log-out"), 405),
    "/api/v1/law/parameters": 200,
    "/api/v1/law/parameters/pension_wage_cap": 200,
    **{f"/api/v1/law/{page}": 405 for page in ("contribution", "own-work", "old-age", "pension")},  # POST
    "/sms/inbound": 405,  # POST with the gateway's secret
    "/sms/inbound/aggregator": 404,  # no gateway is described
    "/sms/receipt": 401,
    "/sms/receipt/aggregator": 404,
    "/sms/metrics": 404,  # without a secret for it
}
# What each kind of user finds at its own door: the answer to a GET. Changes ask for the password again first.
OWN = {
    "logout/": 200,
    "reauthenticate/": 200,
    "reauthenticate/passkey/": 302,  # who has no passkey shows the password
    "account/log-in/": 200,
    "account/password/": 302,
    "account/username/": 302,
    "account/app/": 302,
    "account/app/remove/": 302,
    "account/passkeys/": 200,
    "account/passkeys/add/": 302,
    "account/passkeys/1/name/": 302,
    "account/passkeys/1/remove/": 302,
    "account/recovery-codes/": 302,
    "account/recovery-codes/new/": 302,
    "account/sessions/": 200,
    "account/sessions/end/": 405,
    "account/sessions/end-others/": 405,
    "account/activity/": 200,
    "session/stay/": 405,
    "account/contacts/": 200,
    # The password is asked for once more.
    "account/contacts/phone/": 302,
    "account/contacts/email/": 302,
    "account/contacts/code/": 302,
}
# What one kind of user may ask for, the answer, and what of its own it then reads.
CLOSED = {
    **{
        f"{door}{page}": (kind, status, "")
        for door, kind in {"/": "member", "/employer/": "employer", "/office/": "officer"}.items()
        for page, status in OWN.items()
    },
    "/dashboard/": ("member", 200, "Sari Uji"),
    "/why/balance/": ("member", 200, "285.000"),
    "/why/programme/JHT/": ("member", 200, "285.000"),
    "/why/contribution/0/": ("member", 404, ""),  # test_why.py asks with what is there
    "/why/bill/0/": ("member", 404, ""),
    "/why/entry/0/": ("member", 404, ""),
    "/balance/": ("member", 200, ""),
    "/balance/difference/": ("member", 200, "285.000"),
    "/projection/": ("member", 200, "5.000.000"),
    "/history/": ("member", 200, ""),
    "/history/contributions.csv": ("member", 200, "5000000"),
    "/history/contributions.pdf": ("member", 200, ""),
    "/wages/": ("member", 200, ""),
    "/wages/keep/": ("member", 405, ""),
    "/wages/send/": ("member", 405, ""),
    "/wages/forget/": ("member", 405, ""),
    "/inbox/": ("member", 200, ""),
    "/inbox/read/": ("member", 405, ""),
    "/inbox/push/": ("member", 200, ""),
    "/inbox/push/on/": ("member", 405, ""),
    "/inbox/push/off/": ("member", 405, ""),
    "/inbox/push/test/": ("member", 405, ""),
    "/inbox/1/": ("member", 404, ""),  # nothing was told yet
    "/profile/": ("member", 200, "Sari Uji"),
    "/profile/heirs/": ("member", 200, ""),
    **dict.fromkeys(
        (f"/profile/{page}/" for page in ("address", "heirs/add", "heirs/1", "heirs/1/remove")),
        ("member", 302, ""),
    ),
    "/profile/bank-account/": ("member", 302, ""),
    "/profile/bank-account/remove/": ("member", 302, ""),
    "/profile/language/": ("member", 200, ""),
    "/account/contacts/phone/office/": ("member", 302, ""),
    "/account/": ("member", 200, "Sari Uji"),
    "/account/data/": ("member", 302, ""),
    "/account/consents/": ("member", 200, ""),
    "/account/notices/": ("member", 200, ""),
    "/account/phones/": ("member", 200, ""),
    "/account/phones/1/": ("member", 302, ""),  # the password first
    "/account/phones/1/refuse/": ("member", 405, ""),
    "/account/lock/": ("member", 200, ""),
    "/account/lock/lift/": ("member", 302, ""),  # the password first
    "/account/close/": ("member", 302, ""),
    "/account/access/": ("member", 200, ""),
    "/account/requests/": ("member", 200, ""),
    "/account/requests/correction/": ("member", 302, ""),  # the password first
    "/account/requests/1/withdraw/": ("member", 405, ""),
    "/account/requests/1/pages/1/": ("member", 404, ""),
    "/office/decided/": ("officer", 200, ""),
    "/office/cases/1/": ("officer", 404, ""),  # nobody asked for anything yet
    "/office/cases/1/open/": ("officer", 405, ""),
    "/office/cases/1/pages/1/": ("officer", 404, ""),
    "/office/cases/1/decide/": ("officer", 405, ""),
    "/office/cases/1/code/": ("officer", 405, ""),
    "/office/records/": ("officer", 200, ""),
    "/office/records/1/": ("officer", 404, ""),  # nobody's record was opened yet
    "/office/records/1/lock/": ("officer", 404, ""),
    "/office/records/1/joins/7/part/": ("officer", 404, ""),
    "/card/": ("member", 200, ""),
    "/card/make/": ("member", 405, ""),
    "/card/withdraw/": ("member", 405, ""),
    "/card/id/pdf/": ("member", 404, ""),  # none was made yet
    "/office/notices/": ("officer", 200, ""),
    "/office/notices/month_unpaid/": ("officer", 200, "PT Contoh Sejahtera"),
    "/office/texts/": ("officer", 200, "Jam buka kantor"),
    "/office/texts/form/jam-buka/file/": ("officer", 404, ""),
    "/office/texts/announcement/": ("officer", 200, ""),
    "/office/texts/announcement/jam-buka/": ("officer", 200, "Jam buka kantor"),
    "/office/texts/announcement/jam-buka/preview/id/": ("officer", 200, "Jam buka kantor"),
    **{
        f"/office/texts/announcement/jam-buka/{deed}/": ("officer", 405, "")
        for deed in ("publish", "discard", "end", "version")
    },
    "/office/texts/announcement/jam-buka/sms/": ("officer", 200, "Jam buka kantor"),
    "/office/broadcasts/": ("officer", 200, ""),
    "/office/broadcasts/1/": ("officer", 404, ""),  # nothing was sent yet
    "/office/broadcasts/1/begin/": ("officer", 302, ""),  # the password first
    **{f"/office/broadcasts/1/{deed}/": ("officer", 405, "") for deed in ("pause", "resume", "stop", "discard")},
    "/statement/": ("member", 200, ""),
    "/statement/2024/": ("member", 200, ""),
    "/numbers/": ("member", 200, "0001"),
    "/numbers/join/": ("member", 405, ""),
    "/numbers/tap/": ("member", 405, ""),
    "/numbers/7/undo/": ("member", 405, ""),
    "/employer/": ("employer", 200, "PT Contoh"),
    "/office/": ("officer", 200, "petugas.uji"),
    "/api/v1/": ("program", 404, ""),  # ninja's root: nothing there
    "/api/v1/balance": ("program", 405, ""),  # POST: the number stands in the body
    "/api/v1/token": ("program", 200, "Payroll Uji"),
    "/api/v1/me": ("app", 200, "Sari Uji"),
    "/api/v1/me/balance": ("app", 200, "285000"),
    "/api/v1/me/history": ("app", 200, "5000000"),
    "/api/v1/me/history/months": ("app", 200, ""),
    "/api/v1/me/card": ("app", 404, ""),  # none was made yet
    "/api/v1/me/card/pdf": ("app", 404, ""),
    "/api/v1/me/card/png": ("app", 404, ""),
    "/api/v1/me/statement": ("app", 405, ""),
    "/api/v1/me/notices": ("app", 200, ""),
    "/api/v1/me/notices/read": ("app", 405, ""),
    "/api/v1/me/notices/1": ("app", 404, ""),
    "/api/v1/me/notices/1/read": ("app", 405, ""),
}
TAKE_POST = ("login/", "login/code/", "code/confirm/", "passkey/", "second-step/", "start-over/", "logout/")
TAKE_POST += ("reauthenticate/", "language/", "signup/", "/v1/balance", "account/password/", "account/username/")
TAKE_POST += ("/end/", "/end-others/", "/stay/", "/correction/", "/withdraw/", "/open/", "/decide/")
TAKE_POST += ("account/app/", "/add/", "/name/", "/remove/", "/new/")
TAKE_POST += ("register/", "contacts/", "register/account/", "confirm/", "register/code/", "link/abc/", "on-file/")
TAKE_POST += ("/wages/", "/keep/", "/send/", "/forget/")
TAKE_POST += ("join/", "tap/", "undo/", "records/", "part/")
TAKE_POST += ("inbox/read/", "stop-mail/abc/")
TAKE_POST += ("verify/", "card/make/", "card/withdraw/", "statement/", "statement/2024/")
TAKE_POST += ("/projection/",)
TAKE_POST += ("/address/", "/heirs/1/", "/bank-account/", "/profile/language/")
TAKE_POST += ("contribution/", "own-work/", "old-age/", "pension/")
TAKE_POST += ("texts/announcement/", "announcement/jam-buka/")
TAKE_POST += ("/publish/", "/discard/", "/version/")
TAKE_POST += ("jam-buka/sms/", "/broadcasts/1/", "/begin/", "/pause/", "/resume/", "/stop/")
TAKE_POST += ("/data/", "/consents/", "/close/", "/account/notices/")
TAKE_POST += ("/law/contribution", "/law/own-work", "/law/old-age", "/law/pension")
TAKE_POST += ("/lock/", "/lock/lift/", "account/phones/1/", "/refuse/")
TAKE_POST += ("push/on/", "push/off/", "push/test/")
TAKE_POST += ("reset/", "code/", "forgotten/", "both/", "contact/", "new-start/", "phone/", "office/", "email/")
TAKE_POST += ("/log-in", "/second-step", "/me/card", "/me/statement", "/notices/read", "/notices/1/read")
TAKES_DELETE = ("delete", "/api/v1/me/log-out")
# An address with a parameter is asked with this value; one without an entry here fails the walk.
SAMPLES = {
    "code": "JHT",
    "return_id": "0",
    "bill_id": "0",
    "entry_id": "0",
    "pk": "1",
    "key": "1",
    "token": "abc",
    "join_id": "7",
    "case_id": "1",
    "reading_id": "1",
    "message_id": "1",
    "notice_id": "1",
    "heir_id": "1",
    "waiting_id": "1",
    "position": "1",
    "kind": "announcement",
    "name": "jam-buka",
    "language": "id",
    "notice": "jam-buka",
    "form_name": "perubahan-data",
    "version": VERSION,
    "topic": "forgotten-password",
    "year": "2024",
    "form": "pdf",
    "parameter": "pension_wage_cap",
    "word": "month_unpaid",
    "gateway": "aggregator",
}
# Only in the demo, and open there: a telephone that anybody may pick up, and the components of all pages.
DEMO_ONLY = {"/simulator/", "/simulator/mail/", "/_design"}


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[str]:
    """Every address that the patterns answer, parameters filled in from SAMPLES."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield re.sub(r"<(?:[^:>]+:)?([^>]+)>", lambda found: SAMPLES[found[1]], route)


EVERYTHING = sorted(path for door in DOORS for path in addresses(get_resolver(door.urlconf).url_patterns))


@dataclass(frozen=True)
class Role:
    """One who asks: a browser, and what it sends along."""

    name: str
    kind: str | None
    client: Client
    headers: dict[str, str]

    def ask(self, path: str, method: str = "get") -> HttpResponse:
        answer: HttpResponse = getattr(self.client, method)(path, headers=self.headers)
        return answer


@pytest.fixture
def roles(paid: Users, published: None, enter: Callable[[User], Client]) -> list[Role]:
    users = paid
    nobody = Role("nobody", None, Client(), {})
    people = [Role(user.username, user.kind, enter(user), {}) for user in users.people]
    app = Role("app", "app", Client(), {"X-Session-Token": app_of("sari").token})
    program = Role("program", "program", Client(), {"Authorization": f"Bearer {token(users)}"})
    return [nobody, *people, app, program]


def token(users: Users) -> str:
    facts = {"grant_type": "client_credentials", "client_id": users.program.client_id}
    answer = Client().post("/api/token", {**facts, "client_secret": users.program.secret})
    return str(answer.json()["access_token"])


def told(answer: HttpResponse) -> tuple[object, ...]:
    """What an answer says, but for the masks of CSRF tokens."""
    return answer.status_code, answer.get("Location"), answer.get("WWW-Authenticate"), plain(answer)


def test_every_address_is_listed_as_public_or_closed():
    assert set(EVERYTHING) == set(PUBLIC) | set(CLOSED)
    assert len(EVERYTHING) == len(set(EVERYTHING))


def test_an_address_with_a_parameter_needs_a_sample():
    from django.urls import path

    with pytest.raises(KeyError, match="claim"):
        list(addresses([path("claims/<int:claim>/", lambda request: HttpResponse())]))


def test_the_demo_adds_its_telephone_and_its_components_and_nothing_else():
    with override_settings(LUMBUNG_DEMO=True):
        patterns = runpy.run_path(str(Path(doors.__file__).parent / "urls" / "member.py"))["urlpatterns"]
    assert set(addresses(patterns)) - set(EVERYTHING) == DEMO_ONLY


# All who ask are made once for a share of the addresses: to make them for each address takes longer than asking.
# In some shares, so that one fault does not hide all others.
SHARES = 6


@pytest.mark.parametrize("share", range(SHARES))
def test_the_right_kind_gets_in_with_its_own_and_all_others_get_one_refusal(share: int, roles: list[Role]):
    for path in sorted(CLOSED)[share::SHARES]:
        kind, status, own = CLOSED[path]
        refusal = told(roles[0].ask(path))
        assert refusal[0] in {302, 401}, path
        for role in roles:
            answer = role.ask(path)
            if role.kind != kind:
                assert told(answer) == refusal, (path, role.name)
                continue
            assert answer.status_code == status, (path, role.name)
            assert "no-store" in answer.headers["Cache-Control"], path
            if role.name != "joko":
                assert own in answer.content.decode(errors="replace"), (path, role.name)
            elif own:
                assert own not in answer.content.decode(errors="replace"), path


@pytest.mark.parametrize("share", range(SHARES))
def test_what_is_public_answers_anybody(share: int, roles: list[Role]):
    for path in sorted(PUBLIC)[share::SHARES]:
        door = doors.door_of(path)
        answers = {role.name: role.ask(path) for role in roles if role.kind != door.kind}
        statuses = {name: answer.status_code for name, answer in answers.items()}
        assert statuses == dict.fromkeys(answers, PUBLIC[path]), path
        assert len({told(answer) for answer in answers.values()}) == 1, path


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_address_takes_a_method_that_it_was_not_made_for(method: str, roles: list[Role]):
    """The right kind gets 405 wherever nothing is to be sent, and all others what they get for a GET."""
    # Lock and log-out last: they end what all others ask with.
    for path in sorted(EVERYTHING, key=lambda path: path.endswith(("/lock/", "/lift/", "/logout/", "/log-out"))):
        takes_it = (method == "post" and path.endswith(TAKE_POST)) or (method, path) == TAKES_DELETE
        for role in roles:
            answer = role.ask(path, method)
            if path in PUBLIC and not takes_it:
                own_secret = method == "post" and path in (
                    "/api/token",
                    "/api/revoke",
                    "/sms/inbound",
                    "/sms/inbound/aggregator",
                    "/sms/receipt",
                    "/sms/receipt/aggregator",
                )
                refusals = {PUBLIC[path]} if PUBLIC[path] == 404 else {400, 401, 403}
                assert answer.status_code in (refusals if own_secret else {405}), (path, role.name)
            elif path in CLOSED and role.kind != CLOSED[path][0]:
                assert answer.status_code in {302, 401, 405}, (path, role.name)
                assert answer.status_code != 302 or "/log" in answer["Location"], (path, role.name)
            elif not takes_it:
                assert answer.status_code in {404, 405}, (path, role.name)


@pytest.mark.parametrize("door", [door for door in DOORS if door.has_sessions], ids=lambda door: door.name)
def test_a_session_of_one_door_is_nothing_at_another(door: Door, users: Users, enter: Callable[[User], Client]):
    """Also when its key is sent under the other door's cookie name, or under Django's own."""
    home = {"member": "/dashboard/", "employer": "/employer/", "office": "/office/"}[door.name]
    refusal = told(Client().get(home))
    for user in users.people:
        if user.kind == door.kind:
            continue
        keys = {cookie.value for cookie in enter(user).cookies.values()}
        for name in (settings.SESSION_COOKIE_NAME, *door.cookie_names.values()):
            thief = Client()
            thief.cookies[name] = next(iter(keys))
            assert told(thief.get(home)) == refusal, (user, name)


def test_a_session_of_the_right_door_with_a_user_of_another_kind_is_nothing(users: Users, enter):
    client = enter(users.member)
    session_name = doors.MEMBER.cookie_names[settings.SESSION_COOKIE_NAME]
    session = client.session.__class__(client.cookies[session_name].value)
    session["door"] = "office"
    session.save()
    thief = Client()
    thief.cookies["lumbung_office"] = session.session_key
    assert thief.get("/office/").status_code == 302
    assert client.get("/dashboard/").status_code == 302


def test_a_token_is_nothing_at_the_doors_for_people(users: Users):
    headers = {"Authorization": f"Bearer {token(users)}"}
    assert Client().get("/api/v1/token", headers=headers).status_code == 200
    for path in ("/dashboard/", "/employer/", "/office/"):
        assert told(Client().get(path, headers=headers)) == told(Client().get(path))


def test_a_path_that_is_not_there_looks_like_one_that_is_closed_to_programs(roles: list[Role]):
    for role in roles:
        if role.kind == "program":
            assert role.ask("/api/v1/nothing").status_code == 404
            assert role.ask("/api/v1/nothing").json()["code"] == "not_found"
        else:
            assert told(role.ask("/api/v1/nothing")) == told(role.ask("/api/v1/token"))


def test_the_doors_without_sessions_set_no_cookies(users: Users):
    for path in ("/api/v1/token", "/api/token", "/api/nothing", "/sms/inbound", "/sms/nothing"):
        assert not Client().get(path).cookies


def test_a_process_opens_only_the_doors_it_was_told_to():
    with override_settings(LUMBUNG_DOORS=frozenset({"office"})):
        assert Client().get("/office/login/").status_code == 200
        for path in ("/", "/login/", "/employer/", "/api/token", "/sms/inbound", "/offices/"):
            assert Client().get(path).status_code == 404, path
    with override_settings(LUMBUNG_DOORS=frozenset({"member"})):
        assert Client().get("/login/").status_code == 200
        assert Client().get("/office/login/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/login/", "/employer/", "/office/login/", "/api/v1/token", "/nothing/here"]
)
def test_every_answer_carries_the_headers_that_close_a_browser(path: str):
    headers = Client().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.django_db
def test_pages_have_no_inline_code_or_style():
    for path in ("/", "/login/", "/employer/login/", "/office/login/", "/nothing"):
        page = Client().get(path).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", page), path


def test_what_breaks_is_told_plainly_and_only_its_fact(paid: Users, enter, monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object, **more: object) -> None:
        raise RuntimeError("the secret reason")

    value = token(paid)
    officer = enter(paid.officer)
    monkeypatch.setattr("lumbung.office.officer.render", broken)
    monkeypatch.setattr("lumbung.api.v1.programs.TokenHolder", broken)
    officer.raise_request_exception = False
    answer = officer.get("/office/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert b"secret reason" not in answer.content
    program = Client(raise_request_exception=False)
    answer = program.get("/api/v1/token", headers={"Authorization": f"Bearer {value}"})
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "server_error"
    assert "secret reason" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["/", "/employer/", "/office/"])
def test_a_path_that_is_not_there_is_a_page_of_its_door(door: str):
    answer = Client().get(f"{door}nothing/here/")
    assert answer.status_code == 404
    assert f'href="{door}"' in answer.content.decode()
