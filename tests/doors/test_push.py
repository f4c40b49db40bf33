"""Pushes: sealed for one browser, signed by us, to push services only, and ended with what they belong to."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import LazySettings
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from door_users import PASSWORD, Users
from letterbox import NEW_PASSWORD
from pushes import ENDPOINT, NOW, Browser, Service, encoded, push_service, subscribe
from sms_phone import work_off

from lumbung.accounts.inbox import actions as inbox
from lumbung.accounts.models import PushSubscription, User
from lumbung.accounts.push import actions
from lumbung.accounts.push.devices import digest
from lumbung.accounts.push.errors import BadKeys, ServiceNotKnown
from lumbung.accounts.recovery import actions as recovery
from lumbung.accounts.sessions import actions as sessions
from lumbung.cli import main
from lumbung.messaging.models import OutboundPush, PushAddress
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.push import actions as messaging
from lumbung.messaging.push import addresses, vapid

Enter = Callable[[User], Client]


@pytest.fixture
def service(settings: LazySettings) -> Iterator[Service]:
    with push_service() as found:
        settings.LUMBUNG_PUSH_SERVICES = frozenset({found.origin, *settings.LUMBUNG_PUSH_SERVICES})
        yield found


def unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def claims_of(header: str, now: datetime) -> dict[str, str]:
    """What the JWT of `vapid t=…,k=…` claims, once its signature is proven with the key beside it."""
    found = re.fullmatch(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+),\s*k=([\w-]+)", header)
    assert found, header
    head, body, signature, key = found.groups()
    assert key == vapid.public_key()
    assert json.loads(unpacked(head)) == {"typ": "JWT", "alg": "ES256"}
    raw = unpacked(signature)
    pair = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpacked(key))
    point.verify(pair, f"{head}.{body}".encode(), ec.ECDSA(SHA256()))
    claims: dict[str, str] = json.loads(unpacked(body))
    assert now.timestamp() < int(claims["exp"]) <= (now + timedelta(hours=24)).timestamp()
    return claims


def test_what_is_told_goes_out_sealed_for_the_browser_and_says_nothing_of_it(users: Users, service: Service):
    browser, now = Browser(), timezone.now()
    subscribe(users.member, endpoint=f"{service.origin}/send/abc", browser=browser)
    inbox.tell(users.member, "phone_changed", now=now, at=now, until=now, new="•••• 0909")
    inbox.tell(users.other_member, "password_reset", now=now, at=now)
    work_off()
    ((path, headers, body),) = service.taken
    assert path == "/send/abc"
    assert browser.opened(body) == {"say": "news", "in": "id"}
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["ttl"] == str(3 * 24 * 3600)
    assert headers["topic"] == "lumbung"
    claims = claims_of(headers["authorization"], now)
    assert claims["aud"] == service.origin
    assert claims["sub"] == "mailto:no-reply@localhost"
    assert OutboundPush.objects.get().state == "sent"


def test_another_browser_can_not_open_it(users: Users, service: Service):
    subscribe(users.member, endpoint=f"{service.origin}/send/abc", browser=Browser())
    actions.notify(users.member, now=timezone.now())
    work_off()
    with pytest.raises(Exception, match=r".*"):
        Browser().opened(service.taken[0][2])


@pytest.mark.parametrize("status", [404, 410])
def test_who_is_gone_is_forgotten(users: Users, service: Service, status: int):
    service.status = status
    subscribe(users.member, endpoint=f"{service.origin}/send/abc")
    actions.notify(users.member, now=timezone.now())
    work_off()
    assert len(service.taken) == 1
    assert not PushAddress.objects.exists()
    assert not PushSubscription.objects.exists()
    push = OutboundPush.objects.get()
    assert (push.state, push.reason, push.address) == ("failed", "gone", None)


@pytest.mark.parametrize(("status", "state"), [(400, "failed"), (403, "failed"), (413, "failed"), (302, "failed")])
def test_a_refusal_is_final_and_nobody_is_followed(users: Users, service: Service, status: int, state: str):
    service.status = status
    subscribe(users.member, endpoint=f"{service.origin}/send/abc")
    actions.notify(users.member, now=timezone.now())
    work_off()
    assert [path for path, _, _ in service.taken] == ["/send/abc"]
    assert OutboundPush.objects.get().state == state


@pytest.mark.parametrize("status", [429, 500, 503])
def test_not_now_is_tried_again(users: Users, service: Service, status: int):
    service.status = status
    subscribe(users.member, endpoint=f"{service.origin}/send/abc")
    push = messaging.send_push(PushAddress.objects.get(), "{}", now=timezone.now())
    messaging.deliver_pushes()
    push.refresh_from_db()
    assert (push.state, push.claimed_at, push.attempts) == ("queued", None, 1)
    messaging.deliver_pushes()
    assert len(service.taken) == 1, "it is not due yet"
    service.status = 201
    for _ in range(2):
        outbox.deliver(messaging.PUSHES, clock=lambda: timezone.now() + timedelta(minutes=1))
    assert len(service.taken) == 2, "once it is there it is not sent again"


def test_a_lost_job_is_queued_anew_and_old_pushes_are_forgotten(users: Users):
    subscribe(users.member)
    messaging.send_push(PushAddress.objects.get(), "{}", now=NOW)
    assert outbox.resume(messaging.PUSHES, now=NOW + timedelta(seconds=60)) == 0
    assert outbox.resume(messaging.PUSHES, now=NOW + timedelta(seconds=180)) == 1
    assert outbox.resume(messaging.PUSHES, now=NOW + timedelta(days=2)) == 0
    assert OutboundPush.objects.get().reason == "expired"
    assert messaging.forget_pushes(before=NOW) == 0
    assert messaging.forget_pushes(before=NOW + timedelta(days=1)) == 1


def test_under_a_new_key_nothing_is_sent_and_the_device_is_forgotten(users: Users, service: Service):
    subscribe(users.member, endpoint=f"{service.origin}/send/abc")
    done = CliRunner().invoke(main, ["push", "new-keys"])
    name, _, key = done.output.strip().partition("=")
    assert name == "LUMBUNG_PUSH_KEY"
    with override_settings(LUMBUNG_PUSH_KEY=key):
        actions.notify(users.member, now=timezone.now())
        work_off()
    assert service.taken == []
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "endpoint",
    [
        ENDPOINT,
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
    ],
)
def test_the_push_services_of_the_browsers_are_allowed(endpoint: str):
    assert addresses.is_allowed(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/fcm/send/abc",
        "https://fcm.googleapis.com.jahat.test/abc",
        "https://jahat.test/fcm.googleapis.com",
        "https://fcm.googleapis.com@jahat.test/abc",
        "https://user:password@fcm.googleapis.com/abc",
        "https://127.0.0.1/abc",
        "https://[::1]/abc",
        "https://2130706433/abc",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/abc",
        "https://fcm.googleapis.com\n.jahat.test/",
        "https://fcm.googleapis.com/" + "a" * 1000,
        "https://[fcm.googleapis.com/",
        "https://fcm.googleapis.com:x/",
        "ftp://fcm.googleapis.com/",
        "file:///etc/passwd",
        "//fcm.googleapis.com/",
        "https://a..push.apple.com/abc",
        f"https://{'a' * 64}.push.apple.com/abc",
        f"https://{'a.' * 120}push.services.mozilla.com/abc",
        "",
    ],
)
def test_nothing_else_is(endpoint: str, users: Users):
    assert not addresses.is_allowed(endpoint)
    with pytest.raises(ServiceNotKnown):
        subscribe(users.member, endpoint=endpoint)
    with override_settings(LUMBUNG_PUSH_SERVICES=frozenset({"*"})):
        allowed = addresses.is_allowed(endpoint)
    assert not allowed or endpoint.startswith("https://"), "an operator who allows all names allows names"
    assert not allowed or not re.match(r"https://(\[|\d)", endpoint)


@pytest.mark.parametrize("private", ["10.0.0.5", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "192.168.1.1"])
def test_a_name_that_leads_inside_is_not_called(
    private: str, users: Users, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    settings.LUMBUNG_PUSH_SERVICES = frozenset({"*"})
    monkeypatch.setattr(
        "socket.getaddrinfo",
        lambda *args, **more: [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", (private, 443))],
    )
    monkeypatch.setattr("requests.Session.post", lambda *args, **more: pytest.fail("it was called"))
    subscribe(users.member, endpoint="https://push.jahat.test/abc")
    push = messaging.send_push(PushAddress.objects.get(), "{}", now=timezone.now())
    messaging.deliver_pushes()
    push.refresh_from_db()
    assert push.state == "failed"


def test_keys_that_are_none_are_refused(users: Users):
    good = Browser().keys
    for wrong in (
        {"p256dh": "abc"},
        {"auth": ""},
        {"p256dh": "ä" * 87},
        {"auth": good["p256dh"]},
        {"auth": "*" * 22},
        {"p256dh": encoded(b"\x04" + b"\x01" * 64)},  # as long as a point, and none on the curve
        {"p256dh": encoded(b"\x04" + b"\xff" * 64)},
    ):
        with pytest.raises(BadKeys):
            actions.turn_on(
                users.member,
                endpoint=ENDPOINT,
                **{**good, **wrong},
                device="",
                session_key=None,
                user_agent="",
                now=NOW,
            )


def test_addresses_and_keys_lie_sealed(users: Users):
    browser = Browser()
    subscribe(users.member, browser=browser)
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM messaging_pushaddress p")
        ((row,),) = cursor.fetchall()
    for secret in (b"googleapis", browser.keys["p256dh"].encode(), browser.keys["auth"].encode()):
        assert secret.hex() not in row
        assert secret.decode() not in row


# On, off, and the end of it


def turn_on(client: Client, endpoint: str = ENDPOINT) -> str:
    english = {"Accept-Language": "en"}
    answer = client.post("/inbox/push/on/", {"endpoint": endpoint, **Browser().keys}, headers=english)
    assert answer.status_code == 302
    return client.get("/inbox/push/", headers=english).content.decode()


def test_turned_on_tried_and_turned_off(users: Users, enter: Enter, service: Service):
    client = enter(users.member)
    before = client.get("/inbox/push/", headers={"Accept-Language": "en"}).content.decode()
    assert f'data-key="{vapid.public_key()}"' in before
    page = turn_on(client, f"{service.origin}/send/abc")
    assert "This device gets our messages." in page
    assert client.cookies["lumbung_device"]["httponly"]
    client.post("/inbox/push/test/")
    work_off()
    assert len(service.taken) == 1
    row = PushSubscription.objects.get()
    assert client.post("/inbox/push/off/", {"device": row.pk}).status_code == 302
    assert not PushAddress.objects.exists()


def test_a_test_goes_to_this_device_only(users: Users, enter: Enter, service: Service):
    subscribe(users.member, endpoint=f"{service.origin}/other", device="another")
    client = enter(users.member)
    client.post("/inbox/push/test/")
    work_off()
    assert service.taken == []


def test_what_is_not_an_address_is_refused_in_words(users: Users, enter: Enter):
    client = enter(users.member)
    page = turn_on(client, "https://jahat.test/abc")
    assert "We can&#x27;t send to this browser." in page
    client.post("/inbox/push/on/", {"endpoint": ENDPOINT})
    assert not PushAddress.objects.exists()


def test_logging_out_ends_it(users: Users, enter: Enter):
    client = enter(users.member)
    turn_on(client)
    subscribe(users.member, endpoint=f"{ENDPOINT}/2", device="another")
    client.post("/logout/")
    assert [row.device for row in PushSubscription.objects.all()] == [digest("another")]


def test_time_that_is_up_does_not_end_it_and_the_next_log_in_takes_it_over(users: Users):
    """Else nobody would be told of anything half an hour after the last look."""
    client = Client()
    sent = {"login": "sari", "password": PASSWORD}
    client.post("/login/", sent)
    turn_on(client)
    first = PushSubscription.objects.get().session
    assert first is not None
    client.session.flush()
    del client.cookies["lumbung_member"]
    client.post("/login/", sent)
    second = PushSubscription.objects.get().session
    assert second is not None
    assert second.pk != first.pk
    client.post("/logout/")
    assert not PushSubscription.objects.exists()


def test_who_logs_in_on_the_device_of_another_ends_the_others(users: Users):
    client = Client()
    client.post("/login/", {"login": "sari", "password": PASSWORD})
    turn_on(client)
    del client.cookies["lumbung_member"]
    client.post("/login/", {"login": "joko", "password": PASSWORD})
    assert not PushAddress.objects.exists()


def test_one_browser_is_one_members(users: Users):
    subscribe(users.member)
    subscribe(users.other_member, device="another")
    assert PushSubscription.objects.get().user == users.other_member


def test_a_session_that_is_ended_from_elsewhere_takes_its_pushes_along(users: Users):
    def session(key: str) -> UserSession:
        return UserSession.objects.create(
            user=users.member, ip="127.0.0.1", user_agent="", session_key=key, last_seen_at=NOW
        )

    lost, here = session("lost"), session("here")
    subscribe(users.member, endpoint=f"{ENDPOINT}/lost", device="lost", session_key="lost")
    subscribe(users.member, endpoint=f"{ENDPOINT}/here", device="here", session_key="here")
    subscribe(users.member, endpoint=f"{ENDPOINT}/old", device="old")  # its time was up
    sessions.end(users.member, lost.pk, place="member", now=NOW)
    assert {row.device for row in PushSubscription.objects.all()} == {digest("here"), digest("old")}
    sessions.end_others(users.member, "here", place="member", now=NOW)
    assert PushSubscription.objects.get().session == here


def test_a_new_password_ends_it_everywhere(users: Users):
    subscribe(users.member)
    subscribe(users.other_member, endpoint=f"{ENDPOINT}/2", device="another")
    recovery.reset_password(users.member, NEW_PASSWORD, now=NOW, place="member")
    assert PushSubscription.objects.get().user == users.other_member
    sessions.end_all(None, place="cli", now=NOW)
    assert not PushAddress.objects.exists()


def test_on_a_computer_that_others_use_it_is_not_offered(users: Users, enter: Enter):
    client = enter(users.member)
    session = client.session.__class__(client.cookies["lumbung_member"].value)
    session["public"] = True
    session.save()
    page = turn_on(client)
    assert "You said that others use this computer too." in page
    assert not PushAddress.objects.exists()


def test_without_a_key_it_is_not_offered(users: Users, enter: Enter):
    with override_settings(LUMBUNG_PUSH_KEY=""):
        client = enter(users.member)
        page = turn_on(client)
        assert "The fund does not offer this now." in page
        assert "/inbox/push/" not in client.get("/inbox/").content.decode()
    assert not PushAddress.objects.exists()


def test_so_many_devices_and_no_more(users: Users):
    for number in range(actions.MOST_DEVICES + 2):
        when = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=number)
        subscribe(users.member, endpoint=f"{ENDPOINT}/{number}", device=str(number), now=when)
    assert PushAddress.objects.count() == actions.MOST_DEVICES
    assert not PushSubscription.objects.filter(device=digest("0")).exists()


def test_an_address_whose_member_is_gone_is_forgotten(users: Users):
    subscribe(users.member)
    PushSubscription.objects.all().delete()
    actions.forget_unused(0)
    assert not PushAddress.objects.exists()
