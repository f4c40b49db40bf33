"""Random lives of an outbox: gateways that fail, workers that die, receipts in any order, and never two texts."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from lumbung.messaging import actions as messaging
from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import OutboundText
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.outbox.channels import FALL_BACK_TASK, Way
from lumbung.messaging.outbox.handing import begin
from lumbung.messaging.receipts import actions as receipts
from lumbung.messaging.texting import TEXTS
from lumbung.messaging.transports import NotTaken, Refused

PHONES = ("+6281200000001", "+6281200000002")
STATES = {"queued": 0, "claimed": 1, "sent": 2, "failed": 3}
# What a gateway does next. Whatever is no NotTaken and no Refused may have reached the phone.
ENDS = st.lists(st.sampled_from(["taken", "taken", "refused", "not taken", "unknown"]), min_size=1, max_size=6)


class OutboxLife(RuleBasedStateMachine):
    """Three gateways: two that don't know our reference, and one that may be asked again."""

    def __init__(self) -> None:
        super().__init__()
        self.before = transaction.savepoint()
        self.now = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
        self.next: list[str] = []
        self.reached: Counter[tuple[str, int]] = Counter()
        self.known: dict[int, tuple[int, int, int]] = {}
        ways = [
            Way(name, lambda text, name=name: self.send(name, text), may_repeat=name == "again")
            for name in ("one", "two", "again")
        ]
        self.channel = replace(TEXTS, ways=lambda: ways)

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.before)

    def send(self, name: str, text: OutboundText) -> None:
        end = self.next.pop() if self.next else "taken"
        if end == "not taken":
            raise NotTaken
        if end == "refused":
            raise Refused
        self.reached[name, text.pk] += 1
        if end == "unknown":
            raise TimeoutError

    @rule(
        cause=st.integers(0, 9),
        lane=st.sampled_from(Lane),
        to=st.sampled_from(PHONES),
        falls_back=st.booleans(),
        later=st.sampled_from([0, 0, 30]),
    )
    def put_out(self, cause: int, lane: Lane, to: str, falls_back: bool, later: int) -> None:
        at = self.now + timedelta(minutes=later)
        facts = {"lane": lane, "falls_back": falls_back, "not_before": at, "cause": f"cause:{cause}"}
        messaging.send(to=to, body="x", now=self.now, **facts)

    @rule(ends=ENDS)
    def deliver(self, ends: list[str]) -> None:
        self.next = ends
        outbox.deliver(self.channel, clock=lambda: self.now, pause=self.wait)
        self.next = []

    @rule(ends=ENDS, has_sent=st.booleans())
    def die(self, ends: list[str], has_sent: bool) -> None:
        """A worker claims and perhaps sends a set, and is killed before it notes anything."""
        claimed = outbox.claim(self.channel, now=self.now)
        if claimed is not None and has_sent:
            self.next = ends
            begin(*claimed)()
            self.next = []

    @rule(seconds=st.sampled_from([1, 20, 61, 700, 4000, 90_000]))
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def sweep(self) -> None:
        outbox.resume(self.channel, now=self.now)

    @rule(place=st.integers(0, 9), status=st.sampled_from([1, 2, 4, 8, 16]))
    def receipt(self, place: int, status: int) -> None:
        text = OutboundText.objects.filter(cause=f"cause:{place}").first()
        if text is not None:
            receipts.note_receipt(text.reference, status, now=self.now)

    @rule(to=st.sampled_from(PHONES), stops=st.booleans())
    def stop(self, to: str, stops: bool) -> None:
        (messaging.stop_phone if stops else messaging.start_phone)(to, now=self.now)

    @invariant()
    def one_sending_a_cause(self) -> None:
        for pk in {pk for _, pk in self.reached}:
            once = self.reached["one", pk] + self.reached["two", pk]
            assert once <= 1
            assert not (once and self.reached["again", pk]), "what one may have is sent to no other"

    @invariant()
    def only_forward(self) -> None:
        for text in OutboundText.objects.all():
            rank = receipts.RANKS[OutboundText.Receipt(text.receipt)]
            state, attempts, known = self.known.get(text.pk, (0, 0, 0))
            assert state <= STATES[text.state] or state == STATES["claimed"], "given back, with its attempts"
            assert attempts <= text.attempts
            assert known <= rank
            self.known[text.pk] = (STATES[text.state], text.attempts, rank)

    @invariant()
    def each_failure_is_told_once(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s", [FALL_BACK_TASK])
            told = Counter(json.loads(args)["outbox_id"] for (args,) in cursor.fetchall())
        failed = OutboundText.objects.filter(state="failed", falls_back=True).values_list("pk", flat=True)
        assert told == Counter(failed)


@pytest.mark.django_db
def test_any_life_of_an_outbox_sends_once_and_goes_forward() -> None:
    run_state_machine_as_test(
        OutboxLife,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
