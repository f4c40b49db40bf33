"""How texts fare, by command and for monitoring: numbers, and nothing of anybody."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from sms_phone import SALDO, hand_in, work_off

from lumbung.cli import main
from lumbung.messaging import actions as messaging
from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import Gateway, InboundText, OutboundText

PHONE = "+6281200000001"
pytestmark = pytest.mark.django_db


@pytest.fixture
def busy() -> None:
    """One text sent, one failed, one waiting for a minute, one for tomorrow, one closed gateway, one text in."""
    now = timezone.now()
    messaging.send(to=PHONE, body="satu", now=now)
    messaging.stop_phone("+6281200000002", now=now)
    messaging.send(to="+6281200000002", body="dua", now=now)
    work_off()
    messaging.send(to=PHONE, body="tiga", now=now - timedelta(seconds=60), lane=Lane.CODE)
    messaging.send(to=PHONE, body="empat", now=now, not_before=now + timedelta(days=1))
    Gateway.objects.create(name="old", failures=4, closed_until=now + timedelta(minutes=1), failed_at=now)
    hand_in(SALDO)
    InboundText.objects.update(received_at=now - timedelta(seconds=90))


def ask(token: str = "rahasia") -> HttpResponse:
    return Client().get("/sms/metrics", headers={"Authorization": f"Bearer {token}"})


def test_the_command_says_it_as_a_table_and_as_json(busy: None) -> None:
    done = CliRunner().invoke(main, ["sms", "status"])
    assert done.exit_code == 0, done.output
    rows = [line.split() for line in done.output.splitlines()]
    assert ["simulator", "open", "0", "-", "never", "never"] in rows
    assert [row[:3] for row in rows if row[:1] == ["old"]] == [["old", "closed", "4"]]
    assert [row[:5] for row in rows if row[:2] == ["sms", "code"]] == [["sms", "code", "1", "1", "0"]]
    assert ["sms", "notice", "1", "0", "0", "0", "s"] in rows
    assert ["sms", "notice", "1", "failed", "stopped"] in rows
    said = json.loads(CliRunner().invoke(main, ["sms", "status", "--json"]).output)
    assert (said["inbound"], said["inbound_seconds"] >= 90) == (1, True)
    assert {"kind": "sms", "lane": "notice", "state": "sent", "reason": "", "count": 1} in said["ended"]
    assert [each["oldest_seconds"] >= 60 for each in said["depths"] if each["due"]] == [True]
    assert PHONE[1:] not in done.output + json.dumps(said)


def test_monitoring_gets_it_with_its_secret_only(busy: None, settings: LazySettings) -> None:
    assert ask().status_code == 404
    settings.LUMBUNG_METRICS_SECRET = "rahasia"
    assert ask("x").status_code == 401
    answer = ask()
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    said = answer.content.decode()
    for line in (
        'lumbung_outbox_waiting{kind="sms",lane="code"} 1',
        'lumbung_outbox_due{kind="sms",lane="notice"} 0',
        'lumbung_outbox_ended_today{kind="sms",lane="notice",state="failed",reason="stopped"} 1',
        'lumbung_gateway_open{gateway="simulator"} 1',
        'lumbung_gateway_open{gateway="old"} 0',
        "lumbung_inbound_waiting 1",
        "# TYPE lumbung_inbound_oldest_seconds gauge",
    ):
        assert line in said.splitlines()
    assert PHONE[1:] not in said


def test_with_nothing_to_say_every_lane_is_there(settings: LazySettings) -> None:
    settings.LUMBUNG_METRICS_SECRET = "rahasia"
    said = ask().content.decode()
    assert said.count("lumbung_outbox_waiting{") == 3 * len(Lane)
    assert OutboundText.objects.count() == 0
