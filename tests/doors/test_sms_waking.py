"""Many texts, one job: whatever is taken in, a job stands ready or begins later that will answer it."""

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app
from sms_phone import SALDO, hand_in, work_off

from lumbung.messaging import actions as carrying
from lumbung.messaging.models import InboundText, OutboundText
from lumbung.sms import actions


def jobs(status: str = "todo") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = %s ORDER BY id", [status])
        return [name for (name,) in cursor.fetchall()]


def phone(number: int) -> str:
    return f"0812{number:08d}"


@pytest.mark.django_db
def test_texts_that_come_before_the_job_begins_share_it() -> None:
    for number in range(5):
        hand_in(SALDO, sender=phone(number))
    assert jobs() == [carrying.ANSWERING_TASK]
    work_off()
    assert OutboundText.objects.count() == 5
    hand_in(SALDO, sender=phone(9))
    assert jobs() == [carrying.ANSWERING_TASK], "the next text brings the next job"


@pytest.mark.django_db
def test_a_text_handed_over_again_is_known_either_way() -> None:
    for _ in range(2):
        assert hand_in(SALDO, gateway_id="same").status_code == 200
    work_off()
    assert hand_in(SALDO, gateway_id="same").status_code == 200
    assert jobs() == []
    assert InboundText.objects.count() == OutboundText.objects.count() == 1


@pytest.mark.django_db
def test_a_text_that_fails_holds_up_no_other_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        hand_in(SALDO, sender=phone(number))
    failing = InboundText.objects.order_by("pk")[1]
    judge = actions._judge

    def fails(text: InboundText, now: Any) -> actions.Verdict:
        if text.pk == failing.pk:
            raise ValueError("planted")
        return judge(text, now)

    monkeypatch.setattr(actions, "_judge", fails)
    for _ in range(2):  # twice: it gets one job of its own, not two
        actions.answer_waiting()
    assert OutboundText.objects.count() == 2
    assert jobs() == [carrying.ANSWERING_TASK, carrying.ANSWER_TASK]
    monkeypatch.undo()
    work_off()
    assert OutboundText.objects.count() == 3


@contextmanager
def unfinished_take_in(url: str) -> Iterator[psycopg.Connection]:
    """A take-in by the one statement whose transaction has not come to its end."""
    with psycopg.connect(url) as other:
        text = {
            "gateway": "kannel",
            "gateway_id": (identity := str(uuid.uuid4())),
            "sender": "",
            "sender_index": "",
        }
        text |= {"recipient": "2757", "body": "", "received_at": timezone.now().isoformat()}
        row = other.execute(
            "SELECT public.messaging_take_in(%s, %s, %s)",
            [carrying.ANSWERING_TASK, carrying.TAKE_IN_LOCK, json.dumps([text])],
        ).fetchone()
        assert row == ([["kannel", identity]],)
        yield other


@pytest.mark.usefixtures("clone")
class TestRaces:
    def test_a_job_that_begins_waits_for_who_relied_on_it(self, app_url: str) -> None:
        """The text is not committed when the job begins, and was taken in without a job of its own."""
        hand_in(SALDO)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")  # fetched
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'todo'")
        done: list[bool] = []

        def begin() -> None:
            try:
                carrying.wait_for_take_ins()
                done.append(True)
            finally:
                connections.close_all()

        with unfinished_take_in(app_url) as other:
            worker = threading.Thread(target=begin)
            worker.start()
            time.sleep(0.3)
            assert not done, "it has looked before the text was there"
            other.commit()
            worker.join(timeout=60)
        assert done
        assert InboundText.objects.count() == 2

    def test_texts_of_one_moment_are_kept_by_one_statement_each_once(self) -> None:
        now = timezone.now()
        rest = {"sender": "+6281200000001", "sender_index": b"x", "recipient": "2757", "body": "SALDO"}
        rest |= {"gateway": "kannel", "sent_at": None, "received_at": now}
        texts = [{**rest, "gateway_id": gateway_id} for gateway_id in ("a", "b", "a", "c")]
        assert carrying._take_in_for_all(texts) == [None] * 4, "no job stands ready that will look for them"
        assert not InboundText.objects.exists()
        hand_in(SALDO)
        assert carrying._take_in_for_all(texts[1:2]) == [True]
        assert carrying._take_in_for_all(texts) == [True, False, False, True]
        kept = InboundText.objects.filter(gateway_id__in="abc").order_by("pk")
        assert [(text.gateway_id, text.sender, text.body) for text in kept] == [
            (gateway_id, "+6281200000001", "SALDO") for gateway_id in "bac"
        ]

    def test_no_text_is_left_when_many_hand_in_while_workers_work(self) -> None:
        """Four hand in, two work; when all is quiet and the queue is empty, no text waits."""
        over = threading.Event()

        def texting(place: int) -> None:
            for number in range(25):
                hand_in(SALDO, sender=phone(place * 100 + number))

        def working(place: int) -> None:
            while not over.is_set():
                run_once()

        with ThreadPoolExecutor(6) as pool:
            workers = [pool.submit(alone, working, place) for place in range(2)]
            texters = [pool.submit(alone, texting, place) for place in range(4)]
            try:
                for texter in texters:
                    texter.result()
            finally:
                over.set()
            for worker in workers:
                worker.result()
        while run_once():
            pass
        assert InboundText.objects.count() == 100
        assert not InboundText.objects.filter(state="waiting").exists()
        assert OutboundText.objects.count() == 100


def alone(work: Callable[[int], None], place: int) -> None:
    """Work on connections of this thread's own, closed afterwards."""
    try:
        work(place)
    finally:
        connections.close_all()


def run_once() -> bool:
    """Fetch one job as a worker does, run it, and finish it; false when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (SELECT id FROM procrastinate_jobs"
            " WHERE status = 'todo' ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id, task_name, args"
        )
        row = cursor.fetchone()
    if row is None:
        return False
    with connection.cursor() as cursor:
        app.tasks[row[1]](**(row[2] if isinstance(row[2], dict) else json.loads(row[2])))
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [row[0]])
    return True
