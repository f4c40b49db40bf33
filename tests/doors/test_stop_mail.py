"""The button in a mail that stops mails of its kind: one click, one kind, no log-in and no name."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from bodies import plain
from django.conf import LazySettings
from django.core import signing
from django.test import Client
from door_users import Users
from letterbox import EMAIL, PHONE, give_contacts
from smtp_server import Post, serving
from test_telling import choose, fail, sent, tell

from lumbung.accounts.contacts import actions as contacts
from lumbung.accounts.contacts import queries as known
from lumbung.accounts.models import AccessEvent, NoticeChoice, User
from lumbung.accounts.telling import queries, stopping
from lumbung.accounts.telling.kinds import CHOSEN, FIXED, KINDS, Channel
from lumbung.messaging.mail.actions import MAILS
from lumbung.messaging.mail.transports import SMTP
from lumbung.messaging.models import OutboundMail
from lumbung.messaging.outbox import actions as outbox

Enter = Callable[[User], Client]
pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
PUBLIC = "https://dana.test"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def public(settings: LazySettings) -> None:
    settings.LUMBUNG_PUBLIC_URL = PUBLIC


def path(user: User, kind: str = "contribution") -> str:
    return stopping.address(user.pk, KINDS[kind]).removeprefix(PUBLIC)


def test_a_mail_that_can_be_chosen_away_says_where_in_its_head(users: Users, settings: LazySettings):
    give_contacts(users.member)
    tell(users.member)
    post = Post()
    with serving(post, tls="off") as port:
        settings.LUMBUNG_SMTP_URL = f"smtp://localhost:{port}?tls=off"
        settings.DEFAULT_FROM_EMAIL = "Dana Uji <no-reply@dana.test>"
        outbox.deliver(MAILS, clock=lambda: NOW)
        SMTP.lines.end()
    [arrived] = post.arrived
    head = arrived.content.partition(b"\r\n\r\n")[0].decode()
    found = re.search(r"^List-Unsubscribe: <(\S+)>\r?$", head, re.M)
    assert found, "on one line and whole, as mail programs read it"
    assert arrived.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found[1].startswith(f"{PUBLIC}/stop-mail/")
    for part in arrived.message.iter_parts():
        assert "stop-mail" not in part.get_content(), "the words of a mail have no link"
    facts = signing.b64_decode(found[1].removeprefix(f"{PUBLIC}/stop-mail/").partition(":")[0].encode())
    assert facts.decode() == f'[{users.member.pk},"contribution"]', "a row and a kind, and nothing personal"
    assert Client().post(found[1].removeprefix(PUBLIC), ONE_CLICK).status_code == 200
    assert Channel.MAIL not in queries.choice_of(users.member).channels(KINDS["contribution"])


def test_what_protects_the_account_has_no_such_button(users: Users):
    give_contacts(users.member)
    contacts.tell_user(users.member, known.channels(users.member), "locked", now=NOW, at=NOW, until=NOW)
    assert OutboundMail.objects.values_list("stops_at", flat=True).get() is None
    for kind in FIXED:
        token = signing.dumps([users.member.pk, kind.code], salt=stopping.SALT)
        assert Client().post(f"/stop-mail/{token}/", ONE_CLICK).status_code == 404
    assert not NoticeChoice.objects.exists()


def test_looking_changes_nothing_and_pressing_twice_is_once(users: Users):
    browser = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    address = path(users.member)
    for _ in range(2):
        page = browser.get(address)
        assert page.status_code == 200
        assert "A contribution came in" in plain(page)
    assert not NoticeChoice.objects.exists()
    for _ in range(2):
        page = browser.post(address, ONE_CLICK, headers={"Sec-Fetch-Site": "cross-site"})
        assert page.status_code == 200, "no cookie, no way on: a mail provider presses it"
        assert "No more e-mails of this kind" in plain(page)
    [row] = NoticeChoice.objects.all()
    assert (row.user_id, row.kind, row.push, row.sms, row.mail) == (
        users.member.pk,
        "contribution",
        True,
        False,
        False,
    )
    for secret in ("Sari", "sari", EMAIL, PHONE):
        assert secret not in plain(page)


@pytest.mark.parametrize(
    ("language", "what", "who", "door"),
    [
        ("en", "E-mails of one kind were stopped by the button in one of them.",
         "Whoever has the e-mail, or a program for e-mails", "By the button in an e-mail"),
        ("id", "Email satu jenis dihentikan lewat tombol di salah satu email.",
         "Siapa pun yang memegang email itu, atau program email", "Lewat tombol di email"),
    ],
)  # fmt: skip
def test_each_kind_stopped_leaves_one_line_that_the_member_reads(
    users: Users, enter: Enter, language: str, what: str, who: str, door: str
):
    for kind in ("contribution", "month_unpaid"):
        for method in ("get", "post", "post"):
            getattr(Client(), method)(path(users.member, kind), ONE_CLICK)
    events = AccessEvent.objects.filter(what="mail_stopped")
    assert [(each.user, each.person, each.actor, each.place, each.reason) for each in events] == [
        (users.member, users.member.person, None, "mail", None)
    ] * 2
    shown = plain(enter(users.member).get("/account/access/", headers={"Accept-Language": language}))
    assert (shown.count(what), shown.count(who), shown.count(door)) == (2, 2, 2)
    assert what not in plain(enter(users.other_member).get("/account/access/"))


def test_after_choosing_mails_anew_the_button_leaves_a_line_again(users: Users):
    for _ in range(2):
        choose(users.member)
        Client().post(path(users.member), ONE_CLICK)
    assert AccessEvent.objects.filter(what="mail_stopped").count() == 2


@pytest.mark.parametrize("kind", [kind.code for kind in CHOSEN])
def test_it_stops_the_mails_of_its_kind_alone_and_leaves_the_rest_as_chosen(users: Users, kind: str):
    choose(users.member, **{each.code: (Channel.SMS, Channel.MAIL) for each in CHOSEN})
    Client().post(path(users.member, kind), ONE_CLICK)
    choice = queries.choice_of(users.member)
    for each in CHOSEN:
        expected = {Channel.SMS} if each.code == kind else {Channel.SMS, Channel.MAIL}
        assert choice.channels(each) == expected
    assert queries.choice_of(users.other_member) == queries.Choice()


def test_then_no_mail_stands_in_for_another_way_until_he_chooses_anew(users: Users):
    give_contacts(users.member)
    choose(users.member, month_unpaid=(Channel.SMS, Channel.MAIL))
    Client().post(path(users.member, "month_unpaid"), ONE_CLICK)
    tell(users.member, "month_unpaid")
    assert (len(sent()["sms"]), sent()["mail"]) == (1, [])
    assert fail(Channel.SMS) is None
    choose(users.member, month_unpaid=(Channel.SMS,))
    tell(users.member, "month_unpaid", cause="line:2")
    assert fail(Channel.SMS) is Channel.MAIL


def test_another_token_however_near_is_none(users: Users):
    token = path(users.member).split("/")[2]
    others = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        signing.dumps([users.member.pk, "contribution"], salt="another"),
        signing.dumps([users.member.pk, "no such kind"], salt=stopping.SALT),
        signing.dumps([0, "contribution"], salt=stopping.SALT),
        signing.dumps([users.employer.pk, "contribution"], salt=stopping.SALT),
        signing.dumps("contribution", salt=stopping.SALT),
        signing.dumps({"a": 1}, salt=stopping.SALT),
    ]
    for each in others:
        answers = [Client().get(f"/stop-mail/{each}/"), Client().post(f"/stop-mail/{each}/", ONE_CLICK)]
        assert [answer.status_code for answer in answers] == [404, 404], each
    User.objects.filter(pk=users.member.pk).update(is_active=False)
    assert Client().get(f"/stop-mail/{token}/").status_code == 404
    assert not NoticeChoice.objects.exists()


def test_a_mail_of_two_years_ago_stops_nothing(users: Users, monkeypatch: pytest.MonkeyPatch):
    address = path(users.member)
    monkeypatch.setattr(signing.time, "time", lambda: datetime.now(UTC).timestamp() + 2 * 366 * 86_400)
    assert Client().post(address, ONE_CLICK).status_code == 404


def test_it_is_limited_by_address(users: Users, settings: LazySettings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "stop_mail": "2/m/ip"}
    answers = [Client().get("/stop-mail/abc/").status_code for _ in range(3)]
    assert answers == [404, 404, 429]


def test_the_longest_address_fits_its_row(users: Users, settings: LazySettings):
    settings.LUMBUNG_PUBLIC_URL = f"https://{'a' * 63}.{'b' * 63}.{'c' * 63}.example"
    longest = max(CHOSEN, key=lambda kind: len(kind.code))
    column = OutboundMail._meta.get_field("stops_at").max_length
    assert len(stopping.address(10**18, longest)) <= column
