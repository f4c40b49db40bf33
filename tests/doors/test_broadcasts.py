"""An announcement by SMS: each phone once, at its pace, in its hours, after every code; paused and stopped."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.html import escape
from door_users import PASSWORD, Users
from proofs import proven
from published import announce

from lumbung.accounts import actions as accounts
from lumbung.accounts.models import User
from lumbung.accounts.telling import actions as telling
from lumbung.accounts.telling.kinds import CHOSEN
from lumbung.broadcasts import actions, pace, queries
from lumbung.broadcasts.errors import (
    AnotherRuns,
    BroadcastChanged,
    LinkInText,
    NobodyToTell,
    NothingToSay,
    NotShown,
    TextTooLongToSend,
)
from lumbung.broadcasts.models import Broadcast
from lumbung.config.doors import DOORS
from lumbung.messaging import actions as messaging
from lumbung.messaging import gsm
from lumbung.messaging.bulk import queries as bulk
from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import OutboundText
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.texting import TEXTS
from lumbung.publications import actions as publications
from lumbung.publications.models import Announcement
from lumbung.registry.actions import NewPerson, register_persons
from lumbung.registry.models import Person

JAKARTA = ZoneInfo("Asia/Jakarta")
TEN = datetime(2026, 11, 30, 10, tzinfo=JAKARTA)  # in the morning
MINUTE = timedelta(minutes=1)
SAID = {"id": "Lumbung: kantor tutup hari Senin.", "en": "Lumbung: the office is closed on Monday."}
Enter = Callable[[User], Client]


def people(count: int, *, first: int = 0, phone: str | None = None, language: str = "id") -> list[Person]:
    """Invented persons with a phone each."""
    new = [
        NewPerson(
            f"Uji {number}",
            date(1990, 1, 1),
            (f"2{number:010d}",),
            phone=phone or f"+62812{number:08d}",
            language=language,
        )
        for number in range(first, first + count)
    ]
    return [each.person for each in register_persons(new)]


@pytest.fixture
def notice(db: None) -> Announcement:
    return announce("tutup", published_from=date(2026, 11, 1))


def written(notice: Announcement, officer: User, *, an_hour: int = 6000) -> Broadcast:
    return actions.write(notice, SAID, an_hour=an_hour, by=officer.pk, now=TEN)


def begun(notice: Announcement, officer: User, *, an_hour: int = 6000, now: datetime = TEN) -> Broadcast:
    row = written(notice, officer, an_hour=an_hour)
    return actions.begin(row.pk, seen=queries.stamp(row), by=officer.pk, now=now)


def minutes(first: int, last: int) -> Iterator[datetime]:
    return (TEN + MINUTE * number for number in range(first, last + 1))


def texts() -> list[OutboundText]:
    return list(OutboundText.objects.filter(lane=Lane.BROADCAST).order_by("pk"))


def deliver(now: datetime) -> None:
    """Hand over all that is due."""
    outbox.deliver(TEXTS, clock=lambda: now)


def test_each_phone_gets_one_text_in_its_language_at_the_pace(users: Users, notice: Announcement):
    people(250)
    people(30, first=300, language="en")
    people(2, first=400, phone="+6281200000001")  # which is on file already
    row = begun(notice, users.officer)
    put_out = []
    for now in minutes(0, 5):
        put_out.append(actions.put_out_due(now=now))
        deliver(now)
    row.refresh_from_db()
    assert put_out == [0, 100, 100, 82, 0, 0]  # 100 a minute
    assert (row.state, row.put_out, row.left_out, row.expected) == ("done", 280, 2, 280)
    sent = texts()
    assert len({text.to for text in sent}) == len(sent) == 280
    assert {text.state for text in sent} == {"sent"}
    assert sum(text.body == SAID["en"] for text in sent) == 30
    assert queries.progress(row, now=TEN).texts == bulk.Counted(0, 280, 0, 0)
    assert not any(text.to[1:] in (text.cause or "") for text in sent)


def test_who_said_berhenti_gets_none(users: Users, notice: Announcement):
    stopped, other = people(2)
    assert stopped.phone
    messaging.stop_phone(stopped.phone, now=TEN)
    row = begun(notice, users.officer)
    actions.put_out_due(now=TEN + MINUTE)
    row.refresh_from_db()
    assert [text.to for text in texts()] == [other.phone]
    assert (row.put_out, row.left_out) == (1, 1)


def test_what_a_member_chose_holds(users: Users, notice: Announcement):
    """No announcements by SMS, or none before his own morning; the estimate knows of the first."""
    silent, late, other = people(3)
    for person, name in ((silent, "diam"), (late, "siang")):
        user = accounts.make_member_user(person, name, PASSWORD)
        wanted = {kind.code: [] if person == silent else kind.usual for kind in CHOSEN}
        hours = {"quiet_from": time(21), "quiet_until": time(12), "place": "member", "now": TEN}
        telling.choose(user, wanted, is_quiet=person == late, stands_in=True, **hours)
    assert sum(queries.audience().values()) == 2
    row = begun(notice, users.officer)
    actions.put_out_due(now=TEN + MINUTE)
    row.refresh_from_db()
    assert (row.put_out, row.left_out) == (2, 1)
    assert {text.to: text.not_before for text in texts()} == {
        late.phone: TEN + timedelta(hours=2),
        other.phone: TEN + MINUTE,
    }


def test_a_code_goes_before_all_of_them(users: Users, notice: Announcement):
    people(120)
    begun(notice, users.officer, an_hour=60_000)
    actions.put_out_due(now=TEN + MINUTE)
    code = messaging.send(to="+6281299999999", body="123456", lane=Lane.CODE, now=TEN + MINUTE)
    claimed = outbox.claim(TEXTS, now=TEN + MINUTE)
    assert claimed is not None
    _way, rows = claimed
    assert rows[0].pk == code.pk
    assert len(rows) <= outbox.SET_SIZE  # a code that comes now waits for so many at most


def test_no_more_wait_in_the_outbox_than_two_minutes_send(users: Users, notice: Announcement):
    people(500)
    begun(notice, users.officer)
    for now in minutes(1, 9):  # and nothing is handed over meanwhile
        actions.put_out_due(now=now)
    assert len(texts()) == 200
    deliver(TEN + 9 * MINUTE)
    actions.put_out_due(now=TEN + 10 * MINUTE)
    assert len(texts()) == 400


def test_nothing_goes_in_the_night_and_what_waits_then_ends(users: Users, notice: Announcement):
    people(400)
    evening = TEN.replace(hour=19, minute=48)
    begun(notice, users.officer, now=evening)
    assert actions.put_out_due(now=evening + MINUTE) == 100
    for later in (2, 5, 60, 600):  # the last ten minutes, and the night
        assert actions.put_out_due(now=evening + later * MINUTE) == 0
    assert {text.expires_at for text in texts()} == {evening.replace(hour=20, minute=0)}
    deliver(evening.replace(hour=21))
    assert {text.state for text in texts()} == {"failed"}
    morning = TEN.replace(day=TEN.day, hour=8) + timedelta(days=1)
    assert actions.put_out_due(now=morning) == 200  # two minutes' worth, not the night's


def test_paused_it_waits_and_resumed_it_goes_on_from_there(users: Users, notice: Announcement):
    people(300)
    row = begun(notice, users.officer)
    actions.put_out_due(now=TEN + MINUTE)
    actions.pause(row.pk, by=users.officer.pk, now=TEN + MINUTE)
    assert actions.put_out_due(now=TEN + 60 * MINUTE) == 0
    actions.resume(row.pk, by=users.officer.pk, now=TEN + 60 * MINUTE)
    deliver(TEN + 60 * MINUTE)
    assert actions.put_out_due(now=TEN + 61 * MINUTE) == 100  # not the hour's
    assert len({text.to for text in texts()}) == len(texts()) == 200
    assert [deed.deed for deed, _ in queries.deeds(row)][::-1] == ["saved", "begun", "paused", "resumed"]


def test_stopped_what_waits_is_not_sent(users: Users, notice: Announcement):
    people(300)
    row = begun(notice, users.officer)
    actions.put_out_due(now=TEN + MINUTE)
    assert actions.stop(row.pk, by=users.officer.pk, now=TEN + MINUTE) == 100
    deliver(TEN + MINUTE)
    assert {(text.state, text.reason) for text in texts()} == {("failed", "withdrawn")}
    assert actions.put_out_due(now=TEN + 5 * MINUTE) == 0
    with pytest.raises(BroadcastChanged):
        actions.resume(row.pk, by=users.officer.pk, now=TEN)


def test_killed_in_the_midst_of_a_chunk_it_goes_on_without_a_second_text(
    users: Users, notice: Announcement, monkeypatch: pytest.MonkeyPatch
):
    people(2000)
    begun(notice, users.officer, an_hour=60_000)
    real, calls = actions.bulk.put_out, []

    def killed(*args: object, **kwargs: object) -> int:
        count = real(*args, **kwargs)
        calls.append(count)
        if len(calls) in {2, 4}:
            raise SystemExit  # the texts were written, and the transaction had not ended
        return count

    monkeypatch.setattr(actions.bulk, "put_out", killed)
    for now in minutes(1, 6):
        try:
            with transaction.atomic():
                actions.put_out_due(now=now)
        except SystemExit:
            continue
        deliver(now)
    row = Broadcast.objects.get()
    assert (row.state, row.put_out, row.left_out) == ("done", 2000, 0)
    assert OutboundText.objects.count() == 2000
    assert OutboundText.objects.values("to_index").distinct().count() == 2000


def test_it_holds_when_its_announcement_is_taken_down(users: Users, notice: Announcement):
    people(300)
    row = begun(notice, users.officer)
    publications.withdraw(notice.slug, now=TEN)
    assert actions.put_out_due(now=TEN + MINUTE) == 0
    row.refresh_from_db()
    assert row.state == "paused"
    with pytest.raises(NotShown):
        actions.resume(row.pk, by=users.officer.pk, now=TEN + MINUTE)


def test_what_can_not_be_sent_says_why(users: Users, notice: Announcement):
    officer = users.officer
    for text, refusal in (
        ("", NothingToSay),
        ("Buka https://dana.test/x", LinkInText),
        ("Buka www.dana.test", LinkInText),
        ("Buka dana-kita.co.id sekarang", LinkInText),
        ("a" * 460, TextTooLongToSend),
        ("ā" * 202, TextTooLongToSend),
    ):
        with pytest.raises(refusal):
            actions.write(notice, {**SAID, "id": text}, an_hour=6000, by=officer.pk, now=TEN)
    row = written(notice, officer)
    with pytest.raises(NobodyToTell):
        actions.begin(row.pk, seen=queries.stamp(row), by=officer.pk, now=TEN)
    people(1)
    stamp = queries.stamp(row)
    actions.write(notice, SAID, an_hour=100, by=officer.pk, now=TEN + MINUTE, key=row.pk)
    with pytest.raises(BroadcastChanged):
        actions.begin(row.pk, seen=stamp, by=officer.pk, now=TEN + MINUTE)
    begun(notice, officer)
    row.refresh_from_db()
    with pytest.raises(AnotherRuns):
        actions.begin(row.pk, seen=queries.stamp(row), by=officer.pk, now=TEN)
    with pytest.raises(IntegrityError, match="broadcast_one_runs"), transaction.atomic():
        Broadcast.objects.filter(pk=row.pk).update(state="running", begun_at=TEN, paced_until=TEN)


def test_full_sentences_are_no_links(users: Users, notice: Announcement):
    for text in ("Kantor tutup.Buka lagi Selasa.", "Jam 08.00-16.00, Rp 1.500.000.", "Hub. kantor, a.n. Dana."):
        assert not queries.has_link(text), text


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("{" * 80, 1), ("{" * 81, 2), ("{" * 153, 3),
     ("ā" * 70, 1), ("ā" * 71, 2), ("ā" * 134, 2), ("ā" * 135, 3), ("😀" * 35, 1), ("😀" * 36, 2), ("", 1)],
)  # fmt: skip
def test_parts_are_what_a_network_counts(text: str, parts: int):
    assert gsm.parts(text) == parts


def test_the_estimate_counts_nights():
    hours = pace.Hours(time(8), time(20), JAKARTA)
    assert pace.ready_at(now=TEN, count=10_000, an_hour=10_000, hours=hours) == TEN + timedelta(hours=1)
    # 9 h 50 min today, 11 h 50 min tomorrow, the rest on the day after.
    over = pace.ready_at(now=TEN, count=220_000, an_hour=10_000, hours=hours)
    assert over == (TEN + timedelta(days=2)).replace(hour=8, minute=20)
    night = TEN.replace(hour=23)
    assert pace.ready_at(now=night, count=100, an_hour=100, hours=hours) == (TEN + timedelta(days=1)).replace(
        hour=9
    )


def test_a_slow_pace_loses_nothing():
    at, count = TEN, 0
    for now in minutes(1, 60):
        due, since = pace.due(paced_until=at, now=now, an_hour=100)
        at, count = since + due * pace.HOUR / 100, count + due
    assert count == 100


# At the office


@pytest.fixture
def officer(users: Users, enter: Enter) -> Client:
    client = enter(users.officer)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def said(answer: object) -> str:
    found = re.search(r'<div class="notice[^>]*>(.*?)</div>', answer.content.decode(), re.S)  # type: ignore[attr-defined]
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_an_officer_writes_looks_confirms_watches_pauses_and_stops(
    officer: Client, users: Users, settings: LazySettings, db: None
):
    settings.LUMBUNG_SMS_PRICE = 350
    today = datetime.now(UTC).astimezone(JAKARTA).date()
    announce("tutup", published_from=today - timedelta(days=1))
    people(3)
    people(2, first=10, language="en")
    assert "Send by SMS" in page(officer, "/office/texts/announcement/tutup/")
    assert "Read more in your account" in officer.get("/office/texts/announcement/tutup/sms/").content.decode()
    sent = {"text_id": "x" * 200, "text_en": SAID["en"], "an_hour": "6000"}
    bad = officer.post("/office/texts/announcement/tutup/sms/", {**sent, "text_en": "see www.dana.test"})
    assert bad.status_code == 400
    assert "The English text holds a link" in " ".join(bad.content.decode().split())
    path = officer.post("/office/texts/announcement/tutup/sms/", sent)["Location"]
    looked = page(officer, path)
    assert "200 characters, 2 SMS each." in looked
    assert "Phones 5 SMS in all 8 About what it costs Rp 2,800" in looked
    assert officer.get(f"{path}begin/")["Location"].startswith("/office/reauthenticate/")
    proven(officer, next(door for door in DOORS if door.name == "office"))
    asked = officer.get(f"{path}begin/").content.decode()
    assert "It goes to 5 phones." in asked
    seen = re.search(r'name="seen" value="([^"]*)"', asked)
    assert seen
    begun = officer.post(f"{path}begin/", {"seen": seen[1]}, follow=True)
    assert "It begins now" in said(begun)
    assert "Being sent" in page(officer, path)
    assert "Still to come 5" in page(officer, path)
    assert "Paused" in said(officer.post(f"{path}pause/", follow=True))
    assert "Somebody changed this meanwhile" in said(officer.post(f"{path}pause/", follow=True))
    assert "It goes on" in said(officer.post(f"{path}resume/", follow=True))
    assert "Stopped for good. 0 texts" in said(officer.post(f"{path}stop/", follow=True))
    over = page(officer, path)
    assert re.search(
        r"Stopped, petugas.uji .*Resumed, petugas.uji .*Paused, petugas.uji .*Begun, petugas.uji", over
    )
    assert "When the office is open Stopped" in page(officer, "/office/broadcasts/")


def test_a_draft_is_changed_and_thrown_away(officer: Client, users: Users):
    today = datetime.now(UTC).astimezone(JAKARTA).date()
    row = written(announce("tutup", published_from=today - timedelta(days=1)), users.officer)
    path = f"/office/broadcasts/{row.pk}/"
    sent = {"text_id": "Besok tutup", "text_en": "Closed tomorrow", "an_hour": "200"}
    assert "Saved" in said(officer.post(path, sent, follow=True))
    assert officer.post(path, {**sent, "an_hour": "1"}).status_code == 400
    assert escape("Closed tomorrow") in officer.get(path).content.decode()
    assert "Thrown away" in said(officer.post(f"{path}discard/", follow=True))
    assert officer.get(path).status_code == 404
    assert officer.get("/office/texts/announcement/nothing/sms/").status_code == 404
