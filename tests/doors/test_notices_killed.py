"""A worker is killed (kill -9) between telling, sending and noting: each is told once, by each way he chose."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection
from django.utils import timezone
from gateway_server import GatewayServer, gateway_server
from letterbox import EMAIL, OTHER_EMAIL, OTHER_PHONE, PHONE, give_contacts
from procrastinate.contrib.django import app
from sms_phone import work_off
from smtp_server import Post, serving
from test_gateways import kannel
from test_notice_triggers import OCTOBER, hire, pay, report, told
from test_telling import choose

from conftest import make_users
from lumbung.accounts.telling import actions as telling
from lumbung.accounts.telling.kinds import Channel
from lumbung.messaging.mail.actions import MAILS
from lumbung.messaging.mail.transports import SMTP
from lumbung.messaging.models import OutboundMail, OutboundText
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.texting import TEXTS
from lumbung.notices import actions as notices

# Makes a worker for each line that it reads (a process of its own, from one that has loaded everything and has no
# thread and no connection yet) and says how it ended. A worker works the queue off, one member a transaction, and
# dies when a function has done its part: the first time that it did anything, for that channel or way. What the
# clock would bring stays out of it.
WORKERS = """
import importlib, os, signal, sys
import django
from django.core.management import call_command

django.setup()
from procrastinate.contrib.django import app
from lumbung.notices import actions

app.periodic_registry.periodic_tasks.clear()
actions.AT_ONCE = 1

def work(path, of=""):
    home, name = importlib.import_module(path.rpartition(".")[0]), path.rpartition(".")[2]
    deed = getattr(home, name)

    def dies(*given, **more):
        done = deed(*given, **more)
        is_nothing = done == 0 or name == "claim" and (done is None or not done[1])
        if not is_nothing and of in {"", getattr(given[0], "name", "")}:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(home, name, dies)
    call_command("procrastinate", "worker", "--one-shot", "--queues", "notices,texts,mail")

for line in sys.stdin:
    worker = os.fork()
    if not worker:
        work(*line.split())
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]), flush=True)
"""
OUTBOX = "lumbung.messaging.outbox.actions"
# In the order in which a worker comes by.
DEATHS = (
    ("lumbung.accounts.inbox.actions.put", ""),  # it stands in the inbox, and nothing is committed
    (f"{OUTBOX}.put_out_all", "mail"),  # put out, and nothing is committed
    ("lumbung.accounts.telling.actions.tell_all", ""),  # the first member's is committed, the job is not over
    (f"{OUTBOX}.ended", "kannel"),  # the gateway has the texts, and nobody noted it
    (f"{OUTBOX}.claim", "mail"),  # claimed, and nothing was sent
    (f"{OUTBOX}.ended", "smtp"),  # the server has the mails, and nobody noted it
    (f"{OUTBOX}.note", "mail"),  # noted, and the job is not over
)


@pytest.mark.servers
def test_killed_at_every_step_each_is_told_once_by_each_way(
    clone: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = make_users()
    for user, phone, email in ((users.member, PHONE, EMAIL), (users.other_member, OTHER_PHONE, OTHER_EMAIL)):
        give_contacts(user, phone=phone, email=email)
        choose(user, contribution=(Channel.SMS, Channel.MAIL), is_quiet=False)
    pay(report(hire(users), OCTOBER))
    post = Post()
    with gateway_server() as gateway, serving(post, tls="off") as port:
        reached_by(gateway, port, monkeypatch)
        with workers() as die_after:
            for deed, of in DEATHS:
                assert die_after(deed, of) == -signal.SIGKILL, f"{deed} {of}"
                pick_up()
        work_off()
    SMTP.lines.end()
    for user in (users.member, users.other_member):
        assert told(user) == ["contribution_credited"]
    assert len(gateway.taken) == len(set(gateway.words)) == 2, "one text each, though nobody noted it"
    assert sorted(text.to for text in OutboundText.objects.all()) == [PHONE, OTHER_PHONE]
    sent = Counter((mail.to, mail.message["Message-ID"]) for mail in post.arrived)
    assert sorted(to for to, _ in sent) == sorted([EMAIL, OTHER_EMAIL]), "one mail each, which a mailbox can know"
    assert set(sent.values()) == {2}, "for it was not known whether it had gone"
    assert set(OutboundMail.objects.values_list("state", flat=True)) == {"sent"}
    nobody_knows_and_nothing_stands_in()


def reached_by(gateway: GatewayServer, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both for this process and for the workers."""
    for name, value in {
        "LUMBUNG_GATEWAYS": json.dumps([kannel(gateway)]),
        "LUMBUNG_SMTP_URL": f"smtp://localhost:{port}?tls=off",
    }.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setattr(settings, name, value)


@contextmanager
def workers() -> Iterator[Callable[[str, str], int]]:
    """Runs a worker until it dies after a function, and says how it ended."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "lumbung.config.settings"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-c", WORKERS], env=environment, text=True, **pipes) as maker:
        assert maker.stdin is not None
        assert maker.stdout is not None
        told, heard = maker.stdin, maker.stdout

        def die_after(deed: str, of: str) -> int:
            told.write(f"{deed} {of}\n")
            told.flush()
            return int(heard.readline())

        yield die_after


def pick_up() -> None:
    """What the queue does each minute and each five minutes, some minutes later."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    async_to_sync(notices.begin_again)(app.job_manager)
    for channel in (TEXTS, MAILS):
        outbox.resume(channel, now=timezone.now() + timedelta(minutes=5))


def nobody_knows_and_nothing_stands_in() -> None:
    """What the gateway may have is not sent again; it ends as unknown, and the mail that went is enough."""
    assert set(OutboundText.objects.values_list("state", flat=True)) == {"claimed"}
    late = timezone.now() + timedelta(hours=25)
    assert outbox.end_late(TEXTS, now=late) == 2
    assert set(OutboundText.objects.values_list("state", "reason")) == {("failed", "unknown")}
    for text in OutboundText.objects.all():
        assert telling.stand_in(Channel.SMS, text.pk, now=late) is None
