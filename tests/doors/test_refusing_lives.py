"""Random lives of gateways that refuse everything for a while: only dead phones are blamed, and all goes once."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from lumbung.messaging import actions as messaging
from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import OutboundText, PhoneHold, RefusedPhone, Refusing
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.outbox.channels import Way
from lumbung.messaging.outbox.handing import begin, ended
from lumbung.messaging.phones import phone_index
from lumbung.messaging.receipts import actions as receipts
from lumbung.messaging.refusing import actions as refusing
from lumbung.messaging.texting import TEXTS
from lumbung.messaging.transports import Refused

LIVING = [f"+62812000010{number:02}" for number in range(12)]
DEAD = [f"+62812000020{number:02}" for number in range(2)]
LANES = (Lane.CODE, Lane.NOTICE)
MANY = 4  # phones in a row that are refused


class RefusingLife(RuleBasedStateMachine):
    """Two gateways. The first one hands over to a carrier that brings receipts; either may bar us, and so may the
    carrier. Whoever does goes on until in no lane it has refused somebody and yet fewer than MANY: of fewer nobody
    could tell."""

    def __init__(self) -> None:
        super().__init__()
        self.before = transaction.savepoint()
        self.now = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
        self.barred = dict.fromkeys(("one", "two", "carrier"), False)
        self.refused: dict[str, dict[int, set[str]]] = {name: defaultdict(set) for name in self.barred}
        self.reached: Counter[int] = Counter()
        self.at_carrier: list[OutboundText] = []
        self.held_back: list[object] = []
        ways = [Way(name, lambda text, name=name: self.send(name, text), False) for name in ("one", "two")]
        self.channel = replace(TEXTS, ways=lambda: ways)

    def teardown(self) -> None:
        try:
            self.all_ends_well()
        finally:
            transaction.savepoint_rollback(self.before)

    def send(self, name: str, text: OutboundText) -> None:
        if self.refuses(name, text):
            raise Refused
        self.reached[text.pk] += 1
        if name == "one":
            self.at_carrier.append(text)

    def refuses(self, name: str, text: OutboundText) -> bool:
        if self.barred[name]:
            self.refused[name][text.lane].add(text.to)
        return self.barred[name] or text.to in DEAD

    @rule(
        to=st.lists(st.sampled_from([*LIVING, *LIVING, *DEAD]), min_size=1, max_size=9),
        lane=st.sampled_from(LANES),
    )
    def put_out(self, to: list[str], lane: Lane) -> None:
        for phone in to:
            messaging.send(to=phone, body="x", now=self.now, lane=lane)

    @rule()
    def deliver(self) -> None:
        outbox.deliver(self.channel, clock=lambda: self.now, pause=self.wait)

    @rule()
    def hand_over_and_note_later(self) -> None:
        """Another worker, which is slow: what it has done is noted after that of others."""
        claimed = outbox.claim(self.channel, now=self.now)
        if claimed is not None and claimed[1]:
            way, rows = claimed
            self.held_back.append((way, ended(way, begin(way, rows))))

    @rule(place=st.integers(0, 3))
    def note(self, place: int) -> None:
        if self.held_back:
            way, outcomes = self.held_back.pop(place % len(self.held_back))
            outbox.note(self.channel, way, outcomes, now=self.now)

    @rule(count=st.integers(1, 20))
    def receipts_come(self, count: int) -> None:
        for text in self.at_carrier[:count]:
            status = receipts.REFUSED if self.refuses("carrier", text) else receipts.DELIVERED
            receipts.note_receipt(text.reference, status, now=self.now, gateway="one")
        del self.at_carrier[:count]

    @rule(name=st.sampled_from(["one", "two", "carrier"]))
    def bar(self, name: str) -> None:
        if not self.barred[name]:
            self.barred[name] = True
            self.refused[name].clear()

    @precondition(lambda self: any(self.barred.values()))
    @rule(name=st.sampled_from(["one", "two", "carrier"]))
    def open(self, name: str) -> None:
        if all(len(refused) >= MANY for refused in self.refused[name].values()) and not self.held_back:
            self.barred[name] = False

    @rule(seconds=st.sampled_from([1, 20, 61, 61, 700]))
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def no_living_phone_is_blamed(self) -> None:
        blamed = {bytes(index) for index in PhoneHold.objects.exclude(refusals=0).values_list("index", flat=True)}
        assert blamed <= {phone_index(phone) for phone in DEAD}

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        assert set(self.reached.values()) <= {1}

    def all_ends_well(self) -> None:
        """When nobody refuses any more, all of it goes out in time, and the way to prefer is well again."""
        while self.held_back:
            self.note(0)
        self.barred = dict.fromkeys(self.barred, False)
        for _ in range(4):
            self.wait(301)
            for lane in LANES:
                messaging.send(to=LIVING[0], body="x", now=self.now, lane=lane)
            self.deliver()
            self.receipts_come(len(self.at_carrier))
        assert not Refusing.objects.filter(since__isnull=False, gateway="one")
        assert set(OutboundText.objects.values_list("state", flat=True)) <= {"sent", "failed"}
        assert not RefusedPhone.objects.filter(index__in=[phone_index(phone) for phone in LIVING])


@pytest.mark.django_db
def test_in_any_life_only_dead_phones_are_blamed_and_nothing_is_sent_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refusing, "REFUSES_AFTER", MANY)
    run_state_machine_as_test(
        RefusingLife,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
