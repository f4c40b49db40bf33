"""Getting in: any spelling of a name, a code by text or mail, the door it belongs to, and what closes."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from mailbox import code_in, mails_to, texts_to

import pytest
from allauth.account.models import EmailAddress
from bodies import plain
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from door_users import PASSWORD, Users
from procrastinate.contrib.django.models import ProcrastinateJob

from lumbung.accounts import actions
from lumbung.accounts.forms import one_spelling
from lumbung.accounts.models import AccessEvent, User
from lumbung.accounts.notices import actions as notices
from lumbung.messaging.models import OutboundMail, OutboundText

PHONE, EMAIL = "+6281200000007", "sari.uji@contoh.id"
NOW = datetime(2025, 11, 23, 3, tzinfo=UTC)
DOORS = {"member": "/", "employer": "/employer/", "officer": "/office/"}
CLOSED = "tidak ada yang bisa masuk dengan kata sandi"
HOMES = {"member": "/dashboard/", "employer": "/employer/", "officer": "/office/"}


@pytest.fixture(autouse=True)
def no_limits_left_over(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def confirm_contacts(user: User, phone: str = PHONE, email: str = EMAIL) -> None:
    actions.set_phone(user, phone, verified_at=NOW)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)


@pytest.fixture
def sari(users: Users) -> User:
    confirm_contacts(users.member)
    return users.member


def log_in(client: Client, name: str, password: str = PASSWORD, door: str = "/", **more: str) -> HttpResponse:
    answer: HttpResponse = client.post(f"{door}login/", {"login": name, "password": password, **more})
    return answer


# One field, any spelling


@pytest.mark.parametrize(
    "name",
    [
        "sari", "SARI", " sari ", "Sari.Uji@Contoh.id", "081200000007", "0812 0000 0007", "0812-0000-0007",
        "6281200000007", "62 812 0000 0007", "+62 812-0000-0007", "+62 (812) 0000 0007",
        "\u202a+62 812 0000 0007\u202c",
    ],
)  # fmt: skip
def test_any_spelling_of_a_name_lets_in(sari: User, name: str):
    answer = log_in(Client(), name)
    assert (answer.status_code, answer["Location"]) == (302, "/dashboard/")


def test_a_user_name_with_a_phone_in_it_is_a_user_name(users: Users):
    confirm_contacts(users.member)
    other = actions.make_officer("budi081200000007", PASSWORD)
    assert one_spelling("Budi081200000007") == other.username
    assert log_in(Client(), "budi081200000007", door="/office/")["Location"] == "/office/"
    assert log_in(Client(), "budi081200000007").status_code == 200


def test_an_unconfirmed_contact_lets_nobody_in(users: Users):
    actions.set_phone(users.member, PHONE, verified_at=None)
    EmailAddress.objects.create(user=users.member, email=EMAIL, verified=False, primary=True)
    for name in (PHONE, EMAIL):
        assert log_in(Client(), name).status_code == 200
        client = Client()
        client.post("/login/code/", {"contact": name})
        assert not texts_to(PHONE)
        assert not mails_to(EMAIL)


@pytest.mark.parametrize("kind", ["employer", "officer"])
def test_other_doors_take_all_three_names_too(users: Users, kind: str):
    user = next(each for each in users.people if each.kind == kind)
    confirm_contacts(user)
    for name in (user.username, "0812 0000 0007", EMAIL):
        answer = log_in(Client(), name, door=DOORS[kind])
        assert (answer.status_code, answer["Location"]) == (302, HOMES[kind])
        assert log_in(Client(), name).status_code == 200, "not at the members' door"


def test_the_same_contact_may_be_confirmed_at_two_doors(users: Users):
    actions.set_phone(users.member, PHONE, verified_at=NOW)
    actions.set_phone(users.employer, PHONE, verified_at=NOW)
    assert log_in(Client(), "081200000007")["Location"] == "/dashboard/"
    assert log_in(Client(), "081200000007", door="/employer/")["Location"] == "/employer/"


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_offers_all_three_ways(users: Users, language: str):
    page = Client(headers={"accept-language": language}).get("/login/").content.decode()
    assert 'data-passkey="login" hidden' in page, "only a script shows it"
    assert 'href="/login/code/"' in page
    assert {"id": "Nama pengguna, email, atau HP", "en": "User name, e-mail or phone"}[language] in page


# A code


def ask_for_code(client: Client, contact: str, door: str = "/") -> HttpResponse:
    answer: HttpResponse = client.post(f"{door}login/code/", {"contact": contact})
    return answer


def enter_code(client: Client, code: str, door: str = "/") -> HttpResponse:
    answer: HttpResponse = client.post(f"{door}login/code/confirm/", {"code": code})
    return answer


@pytest.mark.parametrize("kind", ["member", "employer"])
@pytest.mark.parametrize("contact", ["0812 0000 0007", "62812-0000-0007", "SARI.uji@contoh.id"])
def test_a_code_lets_in_without_password(users: Users, kind: str, contact: str):
    user = next(each for each in users.people if each.kind == kind)
    confirm_contacts(user)
    client, door = Client(), DOORS[kind]
    answer = ask_for_code(client, contact, door)
    assert answer["Location"] == f"{door}login/code/confirm/"
    said = mails_to(EMAIL)[0][1] if "@" in contact else texts_to(PHONE)[0]
    assert "http" not in said
    answer = enter_code(client, code_in(said), door)
    assert answer["Location"] == HOMES[kind]
    assert client.get(HOMES[kind]).status_code == 200


def test_a_code_can_be_written_in_groups(sari: User):
    client = Client()
    ask_for_code(client, PHONE)
    code = code_in(texts_to(PHONE)[0])
    assert enter_code(client, f" {code[:3]} {code[3:]} ").status_code == 302


def test_where_somebody_wanted_to_go_survives_the_code(sari: User):
    client = Client()
    answer = client.post("/login/code/", {"contact": PHONE, "next": "/history/"})
    answer = client.post(answer["Location"], {"code": code_in(texts_to(PHONE)[0]), "next": "/history/"})
    assert answer["Location"] == "/history/"


def test_a_code_belongs_to_the_browser_that_asked_and_works_once(sari: User):
    client, thief = Client(), Client()
    ask_for_code(client, PHONE)
    code = code_in(texts_to(PHONE)[0])
    assert enter_code(thief, code)["Location"] == "/login/code/"
    assert enter_code(client, code)["Location"] == "/dashboard/"
    client.post("/logout/")
    assert enter_code(client, code)["Location"] == "/login/code/"


def test_three_wrong_codes_end_it(sari: User):
    client = Client()
    ask_for_code(client, PHONE)
    code = code_in(texts_to(PHONE)[0])
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(2):
        assert enter_code(client, wrong).status_code == 200
    assert enter_code(client, wrong)["Location"] == "/login/code/"
    assert enter_code(client, code)["Location"] == "/login/code/"


def test_many_at_once_have_three_tries_of_a_code_together(sari: User):
    """Each of them reads the session before any other has counted its try."""
    client = Client()
    ask_for_code(client, PHONE)
    code = code_in(texts_to(PHONE)[0])
    key = client.cookies["lumbung_member"].value
    kept = Session.objects.get(pk=key)
    for _ in range(3):
        enter_code(client, "000000" if code != "000000" else "000001")
        kept.save()
        client.cookies["lumbung_member"] = key
    assert enter_code(client, code)["Location"] == "/login/code/"
    assert client.get("/dashboard/").status_code == 302


def test_a_code_is_old_after_ten_minutes(sari: User, monkeypatch: pytest.MonkeyPatch):
    import time

    client = Client()
    ask_for_code(client, PHONE)
    later = time.time() + 601
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: later)
    assert enter_code(client, code_in(texts_to(PHONE)[0]))["Location"] == "/login/code/"


def test_a_new_code_replaces_the_old_one_and_there_are_only_so_many(sari: User):
    client = Client()
    ask_for_code(client, PHONE)
    for _ in range(2):
        assert client.post("/login/code/confirm/", {"action": "resend"}).status_code == 302
    assert "resend" not in client.get("/login/code/confirm/").content.decode()
    client.post("/login/code/confirm/", {"action": "resend"})
    first, second, third = texts_to(PHONE)
    assert enter_code(client, code_in(third))["Location"] == "/dashboard/"
    assert first != third != second


def test_a_contact_gets_three_codes_a_minute_whoever_asks(sari: User):
    for n in range(5):
        ask_for_code(Client(REMOTE_ADDR=f"10.2.0.{n}"), ["0812 0000 0007", "+6281200000007"][n % 2])
    assert len(texts_to(PHONE)) == 3
    ask_for_code(Client(), EMAIL)
    assert len(mails_to(EMAIL)) == 1, "the other channel is open"


def test_another_way_can_be_taken_in_the_middle(sari: User):
    client = Client()
    ask_for_code(client, PHONE)
    assert client.get("/login/")["Location"] == "/login/code/confirm/"
    assert client.post("/login/start-over/", {"by": "code"})["Location"] == "/login/code/"
    assert ask_for_code(client, EMAIL).status_code == 302
    assert client.post("/login/start-over/", {"by": "password"})["Location"] == "/login/"
    assert client.post("/login/start-over/", {"by": "https://evil.example"})["Location"] == "/login/"
    assert log_in(client, "sari")["Location"] == "/dashboard/"


@pytest.mark.parametrize("contact", ["not a contact", "12", "a@", "sari"])
def test_what_is_no_contact_is_said_so(sari: User, contact: str):
    answer = ask_for_code(Client(), contact)
    assert answer.status_code == 200
    assert "Periksa lagi" in answer.content.decode()


@pytest.mark.parametrize(("known", "unknown"), [(PHONE, "+6281200000099"), (EMAIL, "nobody@contoh.id")])
def test_an_unknown_contact_walks_the_same_pages(sari: User, known: str, unknown: str):
    """Alike in status, place, page, number of rows written and jobs queued; only a code never comes."""
    pages = {}
    for contact in (known, unknown):
        before = OutboundText.objects.count(), OutboundMail.objects.count(), ProcrastinateJob.objects.count()
        client = Client()
        answers = [ask_for_code(client, contact), client.get("/login/code/confirm/")]
        answers += [client.post("/login/code/confirm/", {"action": "resend"}), client.get("/login/code/confirm/")]
        answers += [enter_code(client, "not it") for _ in range(3)]
        after = OutboundText.objects.count(), OutboundMail.objects.count(), ProcrastinateJob.objects.count()
        counts = [b - a for a, b in zip(before, after, strict=True)]
        pages[contact] = counts, [told(answer, contact) for answer in answers]
    assert pages[known] == pages[unknown]
    assert not texts_to("+6281200000099")
    assert not mails_to("nobody@contoh.id")


def told(answer: HttpResponse, contact: str) -> tuple[int, str | None, str]:
    return answer.status_code, answer.get("Location"), plain(answer, contact)


def test_a_user_switched_off_or_unconfirmed_gets_no_code(sari: User):
    User.objects.filter(pk=sari.pk).update(is_active=False)
    assert ask_for_code(Client(), PHONE).status_code == 302
    assert not texts_to(PHONE)


def test_an_officer_gets_no_code_and_a_code_alone_lets_no_officer_in(users: Users):
    confirm_contacts(users.officer)
    client = Client()
    assert client.get("/office/login/code/")["Location"] == "/office/login/"
    assert ask_for_code(client, PHONE, "/office/")["Location"] == "/office/login/"
    assert not texts_to(PHONE)
    assert 'href="/office/login/code/"' not in client.get("/office/login/").content.decode()


def test_a_code_alone_is_refused_for_an_officer_whatever_leads_there(
    users: Users, monkeypatch: pytest.MonkeyPatch
):
    confirm_contacts(users.officer)
    monkeypatch.setattr("lumbung.accounts.views.takes_codes", lambda request: True)
    client = Client()
    ask_for_code(client, PHONE, "/office/")
    assert enter_code(client, code_in(texts_to(PHONE)[0]), "/office/").status_code == 403
    assert client.get("/office/").status_code == 302


# Too many wrong passwords


def try_wrongly(name: str, times: int = 5, door: str = "/") -> HttpResponse:
    for n in range(times):
        answer = log_in(Client(REMOTE_ADDR=f"10.1.{hash(name) % 200}.{n}"), name, "a wrong pass phrase", door)
    return answer


def test_wrong_passwords_for_any_spelling_count_for_one_name(sari: User):
    spellings = ["081200000007", "0812 0000 0007", "6281200000007", "+62 812 0000 0007", "+62812-0000-0007"]
    for n, name in enumerate(spellings):
        assert CLOSED not in log_in(Client(REMOTE_ADDR=f"10.1.0.{n}"), name, "wrong").content.decode()
    assert CLOSED in log_in(Client(REMOTE_ADDR="10.1.1.1"), "081200000007").content.decode()
    assert log_in(Client(REMOTE_ADDR="10.1.1.1"), "sari").status_code == 302, "another name is open"


def test_codes_and_passkeys_stay_open_and_are_offered_on_the_page_that_says_so(sari: User):
    try_wrongly("sari")
    page = log_in(Client(), "sari").content.decode()
    notice, form = page.index(CLOSED), page.index('name="password"')
    assert notice < page.index('data-passkey="login"') < form
    assert notice < page.index('href="/login/code/"') < form
    client = Client()
    ask_for_code(client, PHONE)
    assert enter_code(client, code_in(texts_to(PHONE)[0]))["Location"] == "/dashboard/"


def test_who_is_logged_in_can_still_prove_it_while_strangers_close_the_name(sari: User):
    client = Client()
    log_in(client, "sari")
    try_wrongly("sari")
    assert client.post("/reauthenticate/", {"password": PASSWORD}).status_code == 302


def test_a_closed_name_at_one_door_is_open_at_another(users: Users):
    try_wrongly("hrd.contoh", door="/")
    assert log_in(Client(), "hrd.contoh", door="/employer/")["Location"] == "/employer/"


def test_an_unknown_name_closes_alike_and_queues_as_much(sari: User):
    jobs = []
    answers = []
    for name in ("sari", "nobody.here"):
        before = ProcrastinateJob.objects.count()
        try_wrongly(name)
        jobs.append(ProcrastinateJob.objects.count() - before)
        answers.append(told(log_in(Client(), name), name))
    assert jobs == [1, 1]
    assert answers[0] == answers[1]
    args = list(ProcrastinateJob.objects.order_by("-id").values_list("args", flat=True)[:2])
    assert args == [{"user_id": None, "place": "member"}, {"user_id": sari.pk, "place": "member"}]


def test_the_owner_is_told_once_a_day_and_every_time_in_the_access_log(sari: User):
    for step in range(3):
        notices.tell_closed_to(sari, place="member", now=NOW + timedelta(minutes=6 * step))
    assert AccessEvent.objects.filter(user=sari, what="log_in_failed").count() == 3
    [text] = texts_to(PHONE)
    [(subject, body)] = mails_to(EMAIL)
    assert "lima kata sandi salah" in text
    assert subject
    assert "23 Nov 2025 10:00 WIB" in body
    assert "http" not in text + body
    notices.tell_closed_to(sari, place="member", now=NOW + timedelta(days=2))
    assert len(texts_to(PHONE)) == 2


def test_a_job_for_nobody_does_nothing(users: Users):
    notices.tell_closed(user_id=None, place="member")
    notices.tell_closed(user_id=0, place="member")
    assert not AccessEvent.objects.exists()


def test_limits_are_kept_in_the_database_for_all_processes_and_name_nobody(sari: User):
    from django.db import connection

    try_wrongly("sari")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM lumbung_cache")
        keys = [key for (key,) in cursor.fetchall()]
    assert keys
    for told in ("login", "sari", "127.0.0.1", hashlib.sha256(b"member:sari").hexdigest()):
        assert not any(told in key for key in keys)


@pytest.mark.parametrize(
    "elsewhere",
    ["http://localhost/x", "http://testserver/x", "https://127.0.0.1/x", "//evil.example/", "/\\evil.example"],
)
def test_a_log_in_leads_to_no_other_address(sari: User, elsewhere: str):
    assert log_in(Client(), "sari", next=elsewhere)["Location"] == "/dashboard/"
    assert log_in(Client(), "sari", next="/history/?page=2")["Location"] == "/history/?page=2"
