"""Answering on a real queue: two workers at once, jobs lost with their process, and words that are forgotten."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from sms_phone import DAFTAR, NUMBER, PHONE, SALDO, Handset, hand_in, make_guide_member, pay_in, work_off

from lumbung.messaging import actions as carrying
from lumbung.messaging import queries
from lumbung.messaging.models import InboundText, OutboundText
from lumbung.messaging.transports import SIMULATOR, Refused
from lumbung.sms import actions


def run_worker() -> None:
    """One worker as the demo starts it, until the queue is empty."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)


def at_once(*calls: Callable[[], Any]) -> None:
    """Run the calls side by side, each on a connection of its own, and raise what one of them raised."""
    failures: list[Exception] = []
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> None:
        try:
            gate.wait()
            call()
        except Exception as failure:  # noqa: BLE001  (handed to the test)
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


@pytest.mark.usefixtures("clone")
class TestWorkers:
    def test_a_worker_answers_what_was_committed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # The worker's thread outlives the test; its connection must not.
        monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
        make_guide_member()
        pay_in(NUMBER, 77_000)
        hand_in(DAFTAR)
        hand_in(SALDO)
        run_worker()
        told = [bubble for bubble in queries.conversation("+6281200000001") if not bubble.is_from_phone]
        assert len(told) == 2
        assert "Rp 77.000" in told[1].body

    def test_two_workers_give_one_answer(self) -> None:
        make_guide_member()
        for _ in range(5):
            hand_in(DAFTAR)
        keys = list(InboundText.objects.values_list("pk", flat=True))
        at_once(*[lambda key=key: actions.answer(inbound_id=key) for key in keys * 4])  # type: ignore[misc]
        assert OutboundText.objects.filter(in_reply_to__isnull=False).count() == 5
        assert set(InboundText.objects.values_list("state", flat=True)) == {"answered"}

    def test_limits_hold_side_by_side(self) -> None:
        make_guide_member()
        for day in range(2, 12):
            hand_in(f"DAFTAR {NUMBER} {day:02d}-01-1990 3171010101010001")
        keys = list(InboundText.objects.values_list("pk", flat=True))
        at_once(*[lambda key=key: actions.answer(inbound_id=key) for key in reversed(keys)])  # type: ignore[misc]
        judged = InboundText.objects.filter(outcome="register_refused").count()
        assert judged == actions.FAILED_REGISTRATIONS_A_DAY

    def test_the_same_text_handed_over_side_by_side_is_kept_once(self) -> None:
        at_once(*[lambda: hand_in(SALDO, gateway_id="same")] * 6)
        assert InboundText.objects.count() == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = %s", [carrying.QUEUE])
            assert cursor.fetchone() == (1,)


@pytest.mark.django_db
class TestLostJobs:
    def lose_jobs(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")

    def test_a_text_whose_job_was_lost_is_answered_later(self) -> None:
        hand_in(SALDO)
        self.lose_jobs()
        now = timezone.now()
        assert carrying.resume_lost(now=now) == 0
        assert carrying.resume_lost(now=now + timedelta(seconds=61)) == 1
        work_off()
        assert OutboundText.objects.get().state == "sent"

    def test_an_answer_whose_delivery_was_lost_is_delivered_later(self) -> None:
        hand_in(SALDO)
        actions.answer_text(InboundText.objects.get().pk, now=timezone.now())
        self.lose_jobs()
        assert carrying.resume_lost(now=timezone.now() + timedelta(seconds=61)) == 1
        work_off()
        assert OutboundText.objects.get().state == "sent"

    def test_nothing_is_tried_for_ever(self) -> None:
        hand_in(SALDO)
        self.lose_jobs()
        assert carrying.resume_lost(now=timezone.now() + timedelta(days=1, seconds=61)) == 0

    @pytest.mark.parametrize(("may_repeat", "state"), [(True, "sent"), (False, "claimed")])
    def test_a_delivery_that_died_is_repeated_only_where_that_is_harmless(
        self, monkeypatch: pytest.MonkeyPatch, may_repeat: bool, state: str
    ) -> None:
        hand_in(SALDO)
        actions.answer_text(InboundText.objects.get().pk, now=timezone.now())
        text = OutboundText.objects.get()
        long_ago = timezone.now() - timedelta(minutes=5)
        OutboundText.objects.update(state="claimed", claimed_at=long_ago, attempts=1, gateway="simulator")
        monkeypatch.setattr(SIMULATOR, "may_repeat", may_repeat)
        self.lose_jobs()
        assert carrying.resume_lost(now=timezone.now()) == int(may_repeat)
        carrying.deliver_texts()
        text.refresh_from_db()
        assert text.state == state


@pytest.mark.django_db
class TestOutbox:
    def test_delivering_twice_sends_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sent: list[int] = []
        monkeypatch.setattr(SIMULATOR, "send", lambda text: sent.append(text.pk))
        text = carrying.send(to="+6281200000001", body="Halo", now=timezone.now())
        for _ in range(3):
            carrying.deliver_texts()
        assert sent == [text.pk]

    def test_what_is_refused_for_good_is_not_tried_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(text: OutboundText) -> None:
            raise Refused

        monkeypatch.setattr(SIMULATOR, "send", refuse)
        text = carrying.send(to="+6281200000001", body="Halo", now=timezone.now())
        work_off()
        text.refresh_from_db()
        assert text.state == "failed"
        assert carrying.resume_lost(now=timezone.now() + timedelta(minutes=5)) == 0

    def test_the_database_refuses_a_second_answer(self) -> None:
        hand_in(SALDO)
        work_off()
        inbound = InboundText.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            carrying.close(
                InboundText(pk=inbound.pk, sender=inbound.sender),
                outcome="again",
                answer="Lagi",
                repeats=None,
                now=timezone.now(),
            )

    def test_a_phone_sees_only_its_own_texts(self) -> None:
        Handset(PHONE).say("halo")
        Handset("081299990000").say(SALDO)
        assert len(queries.conversation("+6281200000001")) == 2
        assert queries.conversation("+6281299990000")[0].body == SALDO

    def test_words_are_forgotten_and_the_texts_stay_known(self) -> None:
        Handset(PHONE).say(DAFTAR)
        assert carrying.forget_words(before=timezone.now() - timedelta(days=30)) == 0
        assert carrying.forget_words(before=timezone.now()) == 2
        assert (InboundText.objects.get().body, OutboundText.objects.get().body) == (None, None)
        assert InboundText.objects.get().outcome == "register_refused"
