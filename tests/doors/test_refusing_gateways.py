"""A gateway that refuses everything: its fault and not the phones', nothing is lost for it, nor sent twice."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from structlog.testing import capture_logs

from lumbung.cli import main
from lumbung.messaging import actions as messaging
from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import OutboundText, PhoneHold, RefusedPhone, Refusing
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.outbox.channels import Channel, Way
from lumbung.messaging.outbox.handing import begin, ended
from lumbung.messaging.phones import phone_index
from lumbung.messaging.receipts import actions as receipts
from lumbung.messaging.refusing import actions as refusing
from lumbung.messaging.texting import TEXTS
from lumbung.messaging.transports import Refused

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
MANY = refusing.REFUSES_AFTER
pytestmark = pytest.mark.django_db


class Gateway:
    """Takes what it is given, or refuses it: all, or some phones; and keeps which phones it was asked for."""

    def __init__(self, name: str = "one") -> None:
        self.refuses: Callable[[str], bool] = lambda phone: False
        self.taken: list[str] = []
        self.asked: list[str] = []
        self.way = Way(name, self.send, may_repeat=False)

    def send(self, text: OutboundText) -> None:
        self.asked.append(text.to)
        if self.refuses(text.to):
            raise Refused
        self.taken.append(text.to)

    def bar(self, *, is_barred: bool = True) -> None:
        self.refuses = lambda phone: is_barred


class Post:
    """An outbox with these gateways and a clock of its own."""

    def __init__(self, *gateways: Gateway) -> None:
        self.now = NOW
        ways = [gateway.way for gateway in gateways]
        self.channel: Channel = replace(TEXTS, ways=lambda: ways)

    def put(self, phones: Sequence[str], lane: Lane = Lane.NOTICE) -> list[OutboundText]:
        return [messaging.send(to=phone, body="x", now=self.now, lane=lane) for phone in phones]

    def deliver(self, *, after: timedelta = timedelta()) -> None:
        self.now += after
        outbox.deliver(self.channel, clock=lambda: self.now, pause=self.wait)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def say(self, texts: Sequence[OutboundText], status: int, by: str = "") -> None:
        for text in texts:
            receipts.note_receipt(text.reference, status, now=self.now, by=by)


def phones(count: int, first: int = 0) -> list[str]:
    return [f"+6281200001{number:03}" for number in range(first, first + count)]


def ends() -> Counter[tuple[str, str]]:
    return Counter(OutboundText.objects.values_list("state", "reason"))


def held() -> Counter[int]:
    """How many phones have how many refusals against them."""
    return Counter(PhoneHold.objects.exclude(refusals=0).values_list("refusals", flat=True))


def refuses() -> set[tuple[str, str, int]]:
    return set(Refusing.objects.filter(since__isnull=False).values_list("gateway", "by", "lane"))


def test_nothing_is_lost_and_no_phone_blamed_when_the_only_gateway_refuses_everything():
    gateway = Gateway()
    post = Post(gateway)
    gateway.bar()
    post.put(phones(120))
    with capture_logs() as logs:
        post.deliver()
    told = [each for each in logs if each["log_level"] == "error"]
    assert told == [
        {"event": "gateway_refuses_everything", "gateway": "one", "by": "", "lane": 2, "phones": 50,
         "log_level": "error"},
    ]  # fmt: skip
    assert len(gateway.asked) == 50, "the first set, and no second one"
    assert ends() == {("queued", ""): 120}
    for _ in range(4):
        asked = len(gateway.asked)
        post.deliver(after=30 * SECOND)
        post.deliver(after=31 * SECOND)
        assert len(gateway.asked) == asked + 1, "one text a minute to try"
    assert not held()
    gateway.bar(is_barred=False)
    post.deliver(after=MINUTE)
    post.deliver(after=5 * MINUTE)
    assert ends() == {("sent", ""): 120}
    assert sorted(gateway.taken) == phones(120), "each once"
    assert not refuses()
    assert not RefusedPhone.objects.exists()
    assert not held()


def test_the_next_gateway_gets_all_of_it_at_once_and_the_first_one_is_tried_again():
    first, second = Gateway("first"), Gateway("second")
    post = Post(first, second)
    first.bar()
    post.put(phones(20), Lane.CODE)
    post.put(phones(20, first=20))
    post.deliver()
    assert sorted(second.taken) == phones(40)
    assert refuses() == {("first", "", Lane.CODE), ("first", "", Lane.NOTICE)}
    for phone in phones(3, first=50):
        post.put([phone], Lane.CODE)
        post.deliver(after=MINUTE)
        assert (first.asked[-1], second.taken[-1]) == (phone, phone), "a try costs nobody his code"
        post.put([f"{phone}9"], Lane.CODE)
        post.deliver(after=SECOND)
        assert (first.asked[-1], second.taken[-1]) == (phone, f"{phone}9")
    first.bar(is_barred=False)
    post.put(phones(2, first=60), Lane.CODE)
    post.deliver(after=MINUTE)
    assert sorted(first.taken) == phones(2, first=60)
    assert refuses() == {("first", "", Lane.NOTICE)}, "of the other kind nobody knows yet"
    assert ends() == {("sent", ""): 48}
    assert not held()


@pytest.mark.parametrize("rate", [None, 5])
def test_a_code_for_the_next_gateway_does_not_wait_behind_what_is_due_for_the_first_one(rate: float | None):
    first, second = Gateway("first"), Gateway("second")
    first.way = replace(first.way, rate=rate)
    post = Post(first, second)
    Refusing.objects.create(gateway="first", lane=Lane.CODE, since=NOW, heard_at=NOW, tried_at=NOW)
    post.put(phones(120), Lane.BROADCAST)
    post.deliver()
    early = len(first.taken)
    post.put(phones(60, first=200), Lane.BROADCAST)
    post.put(phones(1, first=500), Lane.CODE)
    claimed = outbox.claim(post.channel, now=post.now)
    assert claimed is not None
    assert (claimed[0].name, [row.to for row in claimed[1]]) == ("second", phones(1, first=500))
    post.deliver(after=SECOND)
    assert len(first.taken) > early, "the rest goes by the first one"
    assert second.taken == [], "and by that one only"


def test_what_the_first_gateway_has_goes_on_while_the_next_one_has_no_room_for_codes():
    first, second = Gateway("first"), Gateway("second")
    second.way = replace(second.way, rate=1)
    post = Post(first, second)
    Refusing.objects.create(gateway="first", lane=Lane.CODE, since=NOW, heard_at=NOW, tried_at=NOW)
    post.put(phones(20), Lane.CODE)
    post.put(phones(60, first=100), Lane.BROADCAST)
    post.deliver()
    assert 0 < len(second.taken) < 20
    assert sorted(first.taken) == phones(60, first=100)


def test_a_try_is_given_although_codes_wait_for_the_next_gateway():
    first, second = Gateway("first"), Gateway("second")
    post = Post(first, second)
    for lane, tried_at in {Lane.CODE: NOW, Lane.NOTICE: NOW - MINUTE}.items():
        Refusing.objects.create(gateway="first", lane=lane, since=NOW, heard_at=NOW, tried_at=tried_at)
    post.put(phones(3), Lane.CODE)
    post.put(phones(3, first=10))
    post.deliver()
    assert len(first.taken) >= 1
    assert set(first.taken) <= set(phones(3, first=10))
    assert ends() == {("sent", ""): 6}
    assert refuses() == {("first", "", Lane.CODE)}


def test_codes_and_answers_go_on_by_the_only_gateway_so_that_nobody_can_stop_those_of_others():
    """Whoever asks for codes to ten phones that he invented must not keep anybody from his own."""
    gateway = Gateway()
    post = Post(gateway)
    gateway.refuses = lambda phone: phone in phones(MANY)
    for phone in phones(MANY):
        post.put([phone], Lane.CODE)
        post.deliver(after=SECOND)
    assert refuses() == {("one", "", Lane.CODE)}
    post.put(phones(1, first=500), Lane.CODE)
    post.put(phones(1, first=501))
    post.deliver(after=SECOND)
    assert sorted(gateway.taken) == phones(2, first=500)
    assert not refuses()
    assert not held()


def test_a_phone_is_blamed_once_for_each_time_that_others_are_served_around_it():
    gateway = Gateway()
    post = Post(gateway)
    [dead] = phones(1)
    gateway.refuses = lambda phone: phone == dead
    for times in range(1, 4):
        for _ in range(3):
            post.put([dead])
            post.deliver(after=SECOND)
        post.put(phones(2, first=times * 10))
        post.deliver(after=SECOND)
        assert held() == {times: 1}
    assert PhoneHold.objects.get().unreachable_since == post.now
    assert not RefusedPhone.objects.exists()


def test_among_many_dead_phones_in_one_set_those_are_to_blame():
    gateway = Gateway()
    post = Post(gateway)
    gateway.refuses = lambda phone: phone in phones(MANY + 5)
    post.put(phones(45))
    post.deliver()
    assert held() == {1: MANY + 5}
    assert not refuses()
    assert ends() == {("failed", "refused"): MANY + 5, ("sent", ""): 30}


def test_who_was_heard_of_meanwhile_is_not_blamed():
    gateway = Gateway()
    post = Post(gateway)
    heard_of, other = phones(2)
    gateway.bar()
    post.put([heard_of, other])
    post.deliver()
    messaging.note_reached(heard_of)
    gateway.bar(is_barred=False)
    post.put(phones(1, first=10))
    post.deliver(after=SECOND)
    assert held() == {1: 1}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_workers_come_to_the_same_in_any_order(order: tuple[int, int]):
    """One's set was refused whole, the other's of a moment later was taken: nobody is lost, sent twice or held."""
    gateway = Gateway()
    post = Post(gateway)
    sets = []
    for is_barred in (True, False):
        gateway.bar(is_barred=is_barred)
        post.put(phones(12, first=20 * len(sets)))
        claimed = outbox.claim(post.channel, now=post.now)
        assert claimed is not None
        way, rows = claimed
        assert len(rows) == 12
        sets.append((way, ended(way, begin(way, rows))))
        post.now += SECOND
    for place in order:
        outbox.note(post.channel, *sets[place], now=post.now)
    post.deliver(after=5 * MINUTE)
    post.deliver(after=5 * MINUTE)
    assert sorted(gateway.taken) == sorted([*phones(12), *phones(12, first=20)])
    assert ends() == {("sent", ""): 24}
    assert not refuses()
    assert not held()


def test_a_text_that_is_refused_often_enough_ends_so_that_another_way_stands_in():
    gateway = Gateway()
    post = Post(gateway)
    gateway.bar()
    post.put(phones(MANY))
    for _ in range(200):
        post.deliver(after=MINUTE)
    assert ends() == {("failed", "refused"): MANY}
    assert set(Counter(gateway.asked).values()) == {refusing.TRIES}
    assert not held()


class TestByReceipt:
    """The gateway takes all, and a carrier behind it refuses: Kannel."""

    def test_the_carriers_fault_is_not_the_phones_and_what_can_wait_waits(self):
        gateway = Gateway()
        post = Post(gateway)
        texts = post.put(phones(MANY))
        codes = post.put(phones(2, first=50), Lane.CODE)
        post.deliver()
        post.say(texts, receipts.REFUSED, "telco-one")
        assert refuses() == {("one", "telco-one", Lane.NOTICE)}
        post.say(codes, receipts.REFUSED, "telco-one")
        late = post.put(phones(1, first=60))
        post.put(phones(3, first=70))
        post.put(phones(1, first=80), Lane.CODE)
        post.deliver(after=SECOND)
        assert len(gateway.taken) == MANY + 3, "the code"
        post.deliver(after=MINUTE)
        assert len(gateway.taken) == MANY + 4, "one to try"
        post.deliver(after=SECOND)
        assert len(gateway.taken) == MANY + 4
        post.say(late, receipts.DELIVERED, "telco-one")
        assert not refuses()
        post.deliver(after=SECOND)
        assert len(gateway.taken) == len(set(gateway.taken)) == MANY + 7
        assert not held()

    def test_refusals_of_before_it_was_well_again_come_late_and_count_for_nothing(self):
        gateway = Gateway()
        post = Post(gateway)
        early = post.put(phones(MANY + 5))
        post.deliver()
        post.say(early[:MANY], receipts.REFUSED)
        [late] = post.put(phones(1, first=50))
        post.deliver(after=MINUTE)
        post.say([late], receipts.DELIVERED)
        assert not refuses()
        post.say(early[MANY:], receipts.REFUSED)
        [later] = post.put(phones(1, first=60))
        post.deliver(after=MINUTE)
        post.say([later], receipts.DELIVERED)
        assert not RefusedPhone.objects.exists()
        assert not held()

    def test_a_receipt_of_what_went_out_before_the_trouble_does_not_end_it(self):
        gateway = Gateway()
        post = Post(gateway)
        before, long_before = post.put(phones(2, first=50))
        post.deliver()
        post.deliver(after=MINUTE)
        texts = post.put(phones(MANY))
        post.deliver()
        post.say(texts[: MANY - 1], receipts.REFUSED)
        post.say([before], receipts.DELIVERED)
        assert not held()
        post.say(texts[MANY - 1 :], receipts.REFUSED)
        post.say([long_before], receipts.DELIVERED)
        assert refuses()

    @pytest.mark.parametrize(("carrier", "expected"), [("telco-one", {3: 1}), ("telco-two", {})])
    def test_only_the_same_carrier_shows_that_a_phone_is_to_blame(
        self, carrier: str, expected: dict[int, int]
    ) -> None:
        gateway = Gateway()
        post = Post(gateway)
        for number in range(3):
            texts = post.put(phones(1)), post.put(phones(1, first=10 + number))
            post.deliver(after=SECOND)
            post.say(texts[0], receipts.REFUSED, "telco-one")
            post.say(texts[1], receipts.DELIVERED, carrier)
        assert held() == expected

    def test_a_carrier_that_only_ever_reports_refusals_is_not_taken_for_one_that_refuses_all(self):
        gateway = Gateway()
        post = Post(gateway)
        dead, others = post.put(phones(MANY + 3)), post.put(phones(MANY + 4, first=50))
        post.deliver()
        post.say(dead, receipts.REFUSED)
        assert not refuses()
        assert not held(), "nor is anybody blamed, for nobody knows"
        assert len(others) == MANY + 4

    def test_when_such_a_carrier_begins_to_refuse_all_it_is_found_by_the_newest_refusals(self):
        gateway = Gateway()
        post = Post(gateway)
        dead = post.put(phones(3 * MANY))
        post.put(phones(12 * MANY, first=100))
        post.deliver()
        post.say(dead, receipts.REFUSED)
        assert not refuses()
        barred = post.put(phones(2 * MANY, first=300))
        post.deliver(after=SECOND)
        post.say(barred, receipts.REFUSED)
        assert refuses() == {("one", refusing.NETWORK, Lane.NOTICE)}
        assert Refusing.objects.get().since == post.now
        assert not held()

    def test_such_a_carrier_is_well_again_when_it_has_been_silent_for_long_though_it_was_tried(self):
        gateway = Gateway()
        post = Post(gateway)
        texts = post.put(phones(MANY))
        post.deliver()
        post.say(texts, receipts.REFUSED)
        for _ in range(2):
            post.put(phones(30, first=50))
            post.deliver(after=MINUTE)
        assert len(gateway.taken) == MANY + 2
        assert refuses()
        post.deliver(after=refusing.SILENT_FOR)
        post.deliver(after=SECOND)
        assert not refuses()
        assert ends()["queued", ""] == 0

    @pytest.mark.parametrize("lane", [Lane.CODE, Lane.ANSWER])
    def test_so_it_is_also_where_all_goes_on_by_the_only_gateway(self, lane: Lane):
        gateway = Gateway()
        post = Post(gateway)
        texts = post.put(phones(MANY), lane)
        post.deliver()
        post.say(texts, receipts.REFUSED)
        assert refuses() == {("one", refusing.NETWORK, lane)}
        for number in range(3):
            post.put(phones(1, first=50 + number), lane)
            post.deliver(after=MINUTE)
        assert len(gateway.taken) == MANY + 3
        assert refuses()
        post.put(phones(1, first=60), lane)
        post.deliver(after=refusing.SILENT_FOR)
        post.put(phones(1, first=61), lane)
        post.deliver(after=MINUTE)
        assert not refuses()

    def test_what_only_did_not_arrive_says_nothing(self):
        gateway = Gateway()
        post = Post(gateway)
        texts = post.put(phones(MANY + 5))
        post.deliver()
        post.say(texts, receipts.UNDELIVERED)
        assert not refuses()
        assert not RefusedPhone.objects.exists()

    def test_a_phone_that_has_one_text_is_not_blamed_for_another(self):
        gateway = Gateway()
        post = Post(gateway)
        texts = post.put(phones(1) * 2)
        post.deliver()
        hold = PhoneHold.objects.create(index=texts[0].to_index, refusals=2)
        post.say(texts[:1], receipts.REFUSED)
        post.say(texts[1:], receipts.DELIVERED)
        assert not RefusedPhone.objects.exists()
        hold.refresh_from_db()
        assert (hold.refusals, hold.unreachable_since) == (0, None)


def test_operators_see_it_by_command_and_in_the_numbers(settings: LazySettings):
    gateway = Gateway()
    post = Post(gateway)
    gateway.bar()
    post.put(phones(2), Lane.CODE)
    post.put(phones(MANY, first=5))
    post.deliver()
    rows = [line.split() for line in CliRunner().invoke(main, ["sms", "status"]).output.splitlines()]
    assert ["one", "-", "code", "2", "no"] in rows
    assert [row[:5] for row in rows if row[:3] == ["one", "-", "notice"]] == [["one", "-", "notice", "10", "for"]]
    said = json.loads(CliRunner().invoke(main, ["sms", "status", "--json"]).output)["refusals"]
    assert [(each["lane"], each["phones"], each["since"]) for each in said] == [
        ("code", 2, None),
        ("notice", MANY, NOW.isoformat()),
    ]
    settings.LUMBUNG_METRICS_SECRET = "rahasia"
    told = Client().get("/sms/metrics", headers={"Authorization": "Bearer rahasia"}).content.decode().splitlines()
    for line in (
        'lumbung_gateway_refuses_all{gateway="one",by="",lane="code"} 0',
        'lumbung_gateway_refuses_all{gateway="one",by="",lane="notice"} 1',
        'lumbung_gateway_refused_phones{gateway="one",by="",lane="notice"} 10',
    ):
        assert line in told


def test_what_nothing_throws_light_on_is_forgotten():
    gateway = Gateway()
    post = Post(gateway)
    gateway.bar()
    post.put(phones(3), Lane.CODE)
    post.put(phones(MANY, first=10))
    post.deliver()
    refusing.forget(now=NOW + refusing.FORGIVEN_AFTER - SECOND)
    assert (len(refuses()), RefusedPhone.objects.count()) == (1, 3 + MANY)
    refusing.forget(now=NOW + refusing.FORGIVEN_AFTER)
    assert (len(refuses()), RefusedPhone.objects.count()) == (0, 3)
    refusing.forget(now=NOW + refusing.KEPT)
    assert not RefusedPhone.objects.exists()
    assert not held()


def locks(queries: CaptureQueriesContext) -> list[str]:
    """The statements by which refused phones are locked or deleted, in their order."""
    told = [each["sql"] for each in queries.captured_queries if '"messaging_refusedphone"' in each["sql"]]
    return [
        "locked" if 'ORDER BY "messaging_refusedphone"."index"' in sql else "deleted" if "DELETE" in sql else "any"
        for sql in told
        if "FOR UPDATE" in sql or "DELETE" in sql
    ]


class TestLocks:
    """Phones are locked in one order by everybody, so that nobody waits for one who waits for him."""

    def test_by_a_set_whose_lanes_are_judged_together(self):
        gateway = Gateway()
        post = Post(gateway)
        gateway.bar()
        dead = sorted(phones(4), key=phone_index, reverse=True)
        post.put(dead[:2], Lane.CODE)
        post.put(dead[2:])
        post.deliver()
        gateway.bar(is_barred=False)
        post.put(phones(1, first=50), Lane.CODE)
        post.put(phones(1, first=51))
        with CaptureQueriesContext(connection) as queries:
            post.deliver(after=SECOND)
        assert locks(queries) == ["locked", "deleted"]
        blamed = [bytes(index) for index in PhoneHold.objects.order_by("pk").values_list("index", flat=True)]
        assert blamed == sorted(map(phone_index, dead))

    def test_by_a_receipt_that_reached_one_and_blames_others(self):
        gateway = Gateway()
        post = Post(gateway)
        texts, [again] = post.put(phones(4)), post.put(phones(1))
        post.deliver()
        post.say(texts, receipts.REFUSED)
        with CaptureQueriesContext(connection) as queries:
            post.say([again], receipts.DELIVERED)
        assert locks(queries) == ["locked", "deleted"]
        assert set(PhoneHold.objects.values_list("index", flat=True)) == set(map(phone_index, phones(3, first=1)))

    def test_when_all_is_well_again(self):
        gateway = Gateway()
        post = Post(gateway)
        gateway.bar()
        post.put(phones(MANY))
        post.deliver()
        gateway.bar(is_barred=False)
        with CaptureQueriesContext(connection) as queries:
            post.deliver(after=MINUTE)
        assert locks(queries) == ["locked", "deleted"]

    def test_when_old_refusals_are_forgotten(self):
        gateway = Gateway()
        post = Post(gateway)
        gateway.bar()
        post.put(phones(3), Lane.CODE)
        post.put(phones(MANY, first=10))
        post.deliver()
        with CaptureQueriesContext(connection) as queries:
            refusing.forget(now=NOW + refusing.KEPT)
        assert locks(queries) == ["locked", "deleted"]
        assert not RefusedPhone.objects.exists()
