"""What goes out: once for a cause, by lane, in its time, within limits, and with word of each failure."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from pushes import ENDPOINT

from lumbung.messaging import actions as messaging
from lumbung.messaging.gateways import actions as gateways
from lumbung.messaging.lanes import MOST_AN_HOUR, PRIORITY, Lane
from lumbung.messaging.models import Gateway, Outbound, OutboundMail, OutboundPush, OutboundText, PhoneHold
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.outbox.channels import FALL_BACK_TASK, Channel, Way
from lumbung.messaging.texting import TEXTS
from lumbung.messaging.transports import NotTaken, Refused

PHONE, OTHER = "+6281200000001", "+6281200000002"
NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
pytestmark = pytest.mark.django_db


class Clock:
    """An instant that the test moves on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Way1:
    """A way out that keeps what it is given, or does as it is told."""

    def __init__(self, name: str = "one", **more: Any) -> None:
        self.sent: list[str] = []
        self.fails_with: Exception | None = None
        self.way = Way(name, self.send, **{"may_repeat": False, **more})

    def send(self, text: OutboundText) -> None:
        if self.fails_with is not None:
            raise self.fails_with
        self.sent.append(text.body or "")


def channel(*ways: Way1) -> Channel:
    ready = [way.way for way in ways]
    return replace(TEXTS, ways=lambda: ready)


def jobs(task: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args, priority, scheduled_at FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [task]
        )
        names = ("args", "priority", "at")
        return [dict(zip(names, (json.loads(args), *rest), strict=True)) for args, *rest in cursor.fetchall()]


def text(body: str, *, to: str = PHONE, now: datetime = NOW, **more: Any) -> OutboundText:
    return messaging.send(to=to, body=body, now=now, **more)


def end(row: Outbound) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.reason


def test_one_cause_is_one_text_one_mail_and_one_push():
    address = messaging.push_actions.keep_address(endpoint=ENDPOINT, p256dh="", auth="")
    makers: Sequence[Callable[[str], Outbound]] = (
        lambda word: text(word, cause="notice:1"),
        lambda word: messaging.send_mail(to="a@b.test", subject="", body=word, now=NOW, cause="notice:1"),
        lambda word: messaging.send_push(address, word, now=NOW, cause="notice:1"),
    )
    for make in makers:
        assert make("first").pk == make("second").pk
    assert OutboundText.objects.get().body == OutboundMail.objects.get().body == "first"
    assert OutboundPush.objects.get().payload == "first"
    assert len(jobs(TEXTS.task)) == 1


def test_lanes_go_one_after_another_however_much_waits():
    way, clock = Way1(), Clock()
    for lane in reversed(Lane):
        for number in range(2):
            text(f"{lane.label} {number}", to=OTHER, lane=lane)
    assert [job["priority"] for job in jobs(TEXTS.task)[::2]] == [PRIORITY[lane] for lane in reversed(Lane)]
    outbox.deliver(channel(way), clock=clock)
    assert way.sent == [f"{lane.label} {number}" for lane in Lane for number in range(2)]


def test_nothing_goes_before_its_time_or_after_it():
    way, clock = Way1(), Clock()
    early = text("early", not_before=NOW + 2 * HOUR)
    assert early.expires_at == NOW + 26 * HOUR
    code = text("code", lane=Lane.CODE, falls_back=True)
    clock.now = NOW + 10 * MINUTE
    outbox.deliver(channel(way), clock=clock)
    assert (way.sent, end(code)) == ([], ("failed", "expired"))
    clock.now = NOW + 2 * HOUR
    outbox.deliver(channel(way), clock=clock)
    assert way.sent == ["early"]
    assert [job["args"] for job in jobs(FALL_BACK_TASK)] == [{"channel": "sms", "outbox_id": code.pk}]


def test_what_is_refused_ends_and_its_sender_learns_of_it():
    way = Way1()
    way.fails_with = Refused()
    told, untold = text("told", falls_back=True), text("untold", to=OTHER)
    outbox.deliver(channel(way), clock=Clock())
    assert end(told) == end(untold) == ("failed", "refused")
    assert [job["args"]["outbox_id"] for job in jobs(FALL_BACK_TASK)] == [told.pk]


def test_what_was_not_taken_comes_again_later_each_time():
    way, clock = Way1(), Clock()
    way.fails_with = NotTaken()
    row, waits = text("again"), []
    for _ in range(4):
        outbox.deliver(channel(way), clock=clock)
        row.refresh_from_db()
        waits.append((row.not_before - clock.now).total_seconds())
        Gateway.objects.update(failures=0, closed_until=None)
        clock.now = row.not_before
    assert (row.state, row.attempts, row.gateway) == ("queued", 4, "")
    assert all(2**n <= wait <= 2 ** (n + 1) for n, wait in enumerate(waits, start=1)), waits
    [job] = jobs(TEXTS.task)[1:]
    assert job["at"] is not None
    way.fails_with = None
    outbox.deliver(channel(way), clock=clock)
    assert end(row) == ("sent", "")


def test_what_nobody_knows_is_not_sent_again_unless_it_may_be_repeated():
    clock = Clock()
    for may_repeat, state in ((False, "claimed"), (True, "sent")):
        way = Way1(f"repeats {may_repeat}", may_repeat=may_repeat)
        way.fails_with = TimeoutError()
        row = text("who knows", falls_back=True)
        outbox.deliver(channel(way), clock=clock)
        way.fails_with = None
        clock.now += 5 * MINUTE
        outbox.resume(channel(way), now=clock.now)
        outbox.deliver(channel(way, Way1("other")), clock=clock)
        assert end(row) == (state, "")
    OutboundText.objects.filter(state="claimed").update(expires_at=clock.now)
    outbox.end_late(channel(way), now=clock.now)
    assert list(OutboundText.objects.values_list("reason", flat=True).order_by("pk")) == ["unknown", ""]
    assert len(jobs(FALL_BACK_TASK)) == 1


def test_a_gateway_that_fails_is_left_alone_and_the_next_one_takes_over_at_once():
    first, second, clock = Way1("first"), Way1("second"), Clock()
    both = channel(first, second)
    first.fails_with = NotTaken()
    for number in range(3):
        text(f"a{number}", to=f"+62812000001{number}")
    outbox.deliver(both, clock=clock)
    row = Gateway.objects.get(name="first")
    assert (row.failures, row.closed_until) == (3, NOW + gateways.CLOSED_AT_FIRST)
    assert sorted(second.sent) == ["a0", "a1", "a2"]
    first.fails_with = None
    clock.now += gateways.CLOSED_AT_FIRST
    for number in range(3):
        text(f"b{number}", to=f"+62812000002{number}", now=clock.now)
    outbox.deliver(both, clock=clock)
    assert (first.sent, second.sent[3:]) == (["b0", "b1", "b2"], [])
    assert Gateway.objects.get(name="first").failures == 0


def test_a_gateway_without_another_one_may_fail_twice():
    way, clock = Way1(), Clock()
    way.fails_with = NotTaken()
    text("a")
    for _ in range(2):
        assert not Gateway.objects.filter(closed_until__isnull=False)
        outbox.deliver(channel(way), clock=clock)
        clock.now += MINUTE
    outbox.deliver(channel(way), clock=clock)
    assert Gateway.objects.get().closed_until == clock.now + gateways.CLOSED_AT_FIRST


def test_after_its_while_a_closed_gateway_is_tried_with_one_text():
    way, clock, tried = Way1(), Clock(), []
    Gateway.objects.create(name="one", failures=3, closed_until=NOW)
    way.way = Way("one", lambda text: tried.append(text) or way.send(text), may_repeat=False)  # type: ignore[func-returns-value]
    way.fails_with = NotTaken()
    for number in range(5):
        text("x", to=f"+62812000001{number}")
    outbox.deliver(channel(way), clock=clock)
    assert len(tried) == 1
    assert Gateway.objects.get().closed_until == NOW + 2 * gateways.CLOSED_AT_FIRST


def test_a_rate_is_kept_and_leaves_room_for_codes():
    way, clock = Way1(rate=10.0), Clock()
    ready = channel(way)
    for number in range(40):
        text("broadcast", to=f"+6281200001{number:03}", lane=Lane.BROADCAST)
    outbox.deliver(ready, clock=clock, pause=clock.pause)
    assert 20 <= len(way.sent) <= 26, "two seconds at ten a second, and what was saved up"
    for number in range(8):
        text("code", to=f"+6281200002{number:03}", lane=Lane.CODE, now=clock.now)
    way.sent.clear()
    claimed = outbox.claim(ready, now=clock.now)
    assert claimed is not None
    assert [row.body for row in claimed[1]] == ["code"] * 8, "all at once, broadcasts or not"


@pytest.mark.parametrize(
    "wrong", [{"failures": 9, "closed_until": NOW + 1000 * HOUR}, {"paid_until": NOW + 1000 * HOUR}]
)
def test_what_a_clock_noted_that_was_far_ahead_holds_up_nothing(wrong: dict[str, Any]):
    way, clock = Way1(rate=10.0), Clock()
    Gateway.objects.create(name="one", **wrong)
    for number in range(3):
        text(f"{number}", to=f"+62812000001{number}")
    outbox.deliver(channel(way), clock=clock, pause=clock.pause)
    assert way.sent == ["0", "1", "2"]
    row = Gateway.objects.get()
    assert (row.failures, row.closed_until) == (0, None)
    assert row.paid_until is not None
    assert row.paid_until <= clock.now + timedelta(seconds=1)


def test_a_phone_gets_only_so_many_an_hour_in_each_lane():
    way, clock = Way1(), Clock()
    most = MOST_AN_HOUR[Lane.BROADCAST]
    rows = [text(f"{n}", lane=Lane.BROADCAST, falls_back=True) for n in range(most + 1)]
    code = text("code", lane=Lane.CODE)
    outbox.deliver(channel(way), clock=clock)
    assert end(rows[-1]) == ("failed", "limit")
    assert (end(rows[0]), end(code)) == (("sent", ""), ("sent", ""))
    assert len(jobs(FALL_BACK_TASK)) == 1
    clock.now += HOUR
    late = text("later", lane=Lane.BROADCAST, now=clock.now)
    outbox.deliver(channel(way), clock=clock)
    assert end(late) == ("sent", "")


def test_a_set_of_which_nothing_may_go_out_holds_up_nothing_behind_it():
    way, clock = Way1(), Clock()
    for _ in range(outbox.SET_SIZE + MOST_AN_HOUR[Lane.NOTICE]):
        text("too many")
    text("behind it", to=OTHER)
    outbox.deliver(channel(way), clock=clock, pause=clock.pause)
    assert way.sent == ["too many"] * MOST_AN_HOUR[Lane.NOTICE] + ["behind it"]


def test_who_stops_gets_codes_and_answers_only():
    waiting = text("waits", falls_back=True)
    messaging.stop_phone(PHONE, now=NOW)
    messaging.stop_phone(PHONE, now=NOW + HOUR)
    assert PhoneHold.objects.get().stopped_at == NOW
    later, code = text("later", lane=Lane.BROADCAST, falls_back=True), text("code", lane=Lane.CODE)
    assert end(waiting) == end(later) == ("failed", "stopped")
    assert len(jobs(FALL_BACK_TASK)) == 2
    messaging.start_phone(PHONE, now=NOW)
    again, way = text("again"), Way1()
    outbox.deliver(channel(way), clock=Clock())
    assert end(code) == end(again) == ("sent", "")


def test_a_phone_that_is_refused_too_often_is_left_until_it_is_heard_of():
    way = Way1()
    way.fails_with = Refused()
    for number in range(3):
        text(f"{number}")
        outbox.deliver(channel(way), clock=Clock())
        way.fails_with = None
        text("taken", to=OTHER)
        outbox.deliver(channel(way), clock=Clock())
        way.fails_with = Refused()
    assert end(text("notice")) == ("failed", "unreachable")
    way.fails_with = None
    code = text("code", lane=Lane.CODE)
    outbox.deliver(channel(way), clock=Clock())
    assert end(code) == ("sent", ""), "whoever asked for it can confirm the phone anew"
    messaging.note_reached(PHONE)
    assert end(text("notice")) == ("queued", "")


PUT = {"to": "", "to_index": b"", "body": ""}
SENT = {"state": "sent", "claimed_at": NOW, "noted_at": NOW, "attempts": 1, "gateway": "x"}
FAILED = {"state": "failed", "noted_at": NOW, "reason": "refused"}
TIMES = {"queued_at": NOW, "not_before": NOW, "expires_at": NOW + HOUR}


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "sent"},
        {"state": "claimed", "claimed_at": NOW},
        {"state": "claimed", "claimed_at": NOW, "attempts": 1},
        {"state": "queued", "claimed_at": NOW, "attempts": 1, "gateway": "x"},
        {"state": "failed", "noted_at": NOW},
        {"state": "failed", "reason": "refused"},
        {"reason": "refused"},
        {"lane": 4},
        {"receipt": "delivered"},
        {**SENT, "receipt": "undelivered"},
    ],
)
def test_the_database_refuses_what_can_not_be(wrong: dict[str, Any]):
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboundText.objects.create(**PUT, **TIMES, **wrong)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (SENT, "state = 'queued', claimed_at = NULL, noted_at = NULL"),
        (SENT, "state = 'claimed', noted_at = NULL"),
        (SENT, "state = 'failed', reason = 'refused'"),
        (SENT, "attempts = 0"),
        (FAILED, "state = 'queued', noted_at = NULL, reason = ''"),
        (FAILED, "reason = 'expired'"),
        ({}, "state = 'sent', claimed_at = now(), noted_at = now(), attempts = 1, gateway = 'x'"),
        ({}, "lane = 0"),
        ({"cause": "a"}, "cause = 'b'"),
        ({**SENT, "receipt": "delivered"}, "receipt = 'accepted'"),
        ({**SENT, "receipt": "delivered"}, "receipt = 'none'"),
    ],
)
def test_the_database_lets_nothing_go_back(first: dict[str, Any], then: str):
    OutboundText.objects.create(**PUT, **TIMES, **first)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE messaging_outboundtext SET {then}")


def test_pushes_and_mails_are_held_to_the_same():
    OutboundMail.objects.create(**PUT, **TIMES, **SENT)
    OutboundPush.objects.create(payload="{}", **TIMES, **FAILED)
    for table, then in (("outboundmail", "state = 'failed', reason = 'x'"), ("outboundpush", "reason = 'x'")):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE messaging_{table} SET {then}")


def test_the_next_set_is_on_its_way_before_a_full_one_is_noted(monkeypatch: pytest.MonkeyPatch):
    """So the way never runs dry; and all of it is noted in the end, also when the turn is broken off."""
    monkeypatch.setattr(outbox, "SET_SIZE", 2)
    way = Way1(in_flight=4)
    for number in range(7):
        text(f"text {number}", to=f"+62812000000{number:02}")
    states: list[tuple[int, int]] = []
    real = outbox.note

    def noted(*given: Any, **more: Any) -> None:
        claimed, sent = (OutboundText.objects.filter(state=state).count() for state in ("claimed", "sent"))
        states.append((claimed, sent))
        real(*given, **more)

    monkeypatch.setattr(outbox, "note", noted)
    outbox.deliver(channel(way), clock=Clock())
    assert states == [(4, 0), (4, 2), (3, 4), (1, 6)]
    assert sorted(way.sent) == [f"text {number}" for number in range(7)]
    assert OutboundText.objects.filter(state="sent").count() == 7


def test_more_is_put_out_while_two_sets_are_on_their_way(monkeypatch: pytest.MonkeyPatch):
    way, events, left = Way1(in_flight=4), [], iter([120, 120, 30])
    begin, note = outbox.begin, outbox.note

    def more() -> int:
        count = next(left, 0)
        events.append(f"more {count}")
        for number in range(count):
            text(f"{len(events)} {number}", to=f"+62813{len(events):03}{number:05}", lane=Lane.ANSWER)
        return count

    monkeypatch.setattr(outbox, "begin", lambda *given: events.append("begin") or begin(*given))  # type: ignore[func-returns-value]
    monkeypatch.setattr(outbox, "note", lambda *given, **now: events.append("note") or note(*given, **now))  # type: ignore[func-returns-value]
    assert more() == 120
    outbox.deliver(channel(way), clock=Clock(), more=more)
    assert len(way.sent) == len(set(way.sent)) == 270
    assert not OutboundText.objects.exclude(state="sent").exists()
    under_way = [events[: place + 1].count("begin") - events[:place].count("note") for place in range(len(events))]
    assert max(under_way) == 2
    second = events.index("more 120", 1)
    assert events[:second].count("begin") - events[:second].count("note") > 0, "something is on its way meanwhile"
    assert events[-1] != "begin"


def test_what_is_on_its_way_is_noted_though_the_next_claim_fails(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(outbox, "SET_SIZE", 2)
    for number in range(4):
        text(f"text {number}", to=f"+62812000000{number:02}")
    claims = iter([outbox.claim])

    def claimed_once(*given: Any, **more: Any) -> object:
        return next(claims)(*given, **more)

    monkeypatch.setattr(outbox, "claim", claimed_once)
    with pytest.raises(StopIteration):
        outbox.deliver(channel(Way1(in_flight=4)), clock=Clock())
    assert sorted(OutboundText.objects.values_list("state", flat=True)) == ["queued", "queued", "sent", "sent"]
