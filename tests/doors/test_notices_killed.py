"""A worker is killed (kill -9) while it tells, sends and notes: each is told once, by each way he chose."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection
from django.utils import timezone
from gateway_server import GatewayServer, gateway_server
from letterbox import EMAIL, OTHER_EMAIL, OTHER_PHONE, PHONE, give_contacts
from procrastinate.contrib.django import app
from pushes import Browser, Service, push_service, subscribe
from sms_phone import work_off
from smtp_server import Post, serving
from test_gateways import kannel
from test_notice_triggers import OCTOBER, hire, pay, report, told
from test_telling import choose

from conftest import make_users
from lumbung.accounts.models import Message
from lumbung.accounts.telling import actions as telling
from lumbung.accounts.telling.kinds import Channel
from lumbung.messaging.mail.actions import MAILS
from lumbung.messaging.mail.transports import SMTP
from lumbung.messaging.models import OutboundMail, OutboundPush, OutboundText
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.push.actions import PUSHES
from lumbung.messaging.texting import TEXTS
from lumbung.notices import actions as notices

# Makes a worker for each line that it reads (a process of its own, from one that has loaded everything and has no
# thread and no connection yet) and says how it ended. A worker works the queue off, one member a transaction, and
# dies when a function has done its part: the first time that it did anything, for that channel or way. Or, for a
# number, after so many statements and commits. What the clock would bring stays out of it.
WORKERS = """
import importlib, os, signal, sys
import django
from django.core.management import call_command

django.setup()
import holidays.countries, py_vapid, pywebpush, requests  # once for all workers
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from procrastinate.contrib.django import app
from django.urls import reverse
from django.utils import translation
from lumbung.notices import actions

reverse("portal:stop_mail", args=["-"])
with translation.override("id"):
    translation.gettext("")
app.periodic_registry.periodic_tasks.clear()
actions.AT_ONCE = 1

def work(deed, of=""):
    if deed.isdigit():
        die_at(int(deed))
    else:
        die_after(deed, of)
    call_command("procrastinate", "worker", "--one-shot", "--queues", "notices,push,texts,mail")

def die_at(step):
    left = iter(range(step - 1))

    def counted(home, name):
        deed = getattr(home, name)

        def counts(*given, **more):
            done = deed(*given, **more)
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        setattr(home, name, counts)

    counted(CursorWrapper, "execute")
    counted(CursorWrapper, "executemany")
    counted(BaseDatabaseWrapper, "_commit")

def die_after(path, of):
    home, name = importlib.import_module(path.rpartition(".")[0]), path.rpartition(".")[2]
    deed = getattr(home, name)

    def dies(*given, **more):
        done = deed(*given, **more)
        is_nothing = done == 0 or name == "claim" and (done is None or not done[1])
        if not is_nothing and of in {"", getattr(given[0], "name", "")}:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(home, name, dies)

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
    (f"{OUTBOX}.claim", "push"),  # claimed, and nothing was sent
    (f"{OUTBOX}.ended", "kannel"),  # the gateway has the texts, and nobody noted it
    (f"{OUTBOX}.claim", "mail"),  # claimed, and nothing was sent
    (f"{OUTBOX}.ended", "push"),  # the service has the pushes, and nobody noted it
    (f"{OUTBOX}.ended", "smtp"),  # the server has the mails, and nobody noted it
    (f"{OUTBOX}.note", "push"),  # noted, and the job is not over
    (f"{OUTBOX}.note", "mail"),  # noted, and the job is not over
)


# Beside these, at steps that nobody chose: a month more is paid, and its worker is killed after so many statements
# and commits. It takes some more than PER_MONTH.
PER_MONTH, SEED, SEEDED = 120, 7, 8
NEVER = 1_000_000


@pytest.mark.servers
def test_killed_at_every_step_each_is_told_once_by_each_way(
    clone: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = make_users()
    members = (users.member, PHONE, EMAIL), (users.other_member, OTHER_PHONE, OTHER_EMAIL)
    employer, post = hire(users), Post()
    with gateway_server() as gateway, push_service() as service, serving(post, tls="off") as port:
        reached_by(gateway, service, port, monkeypatch)
        browsers = {f"/{place}": Browser() for place in range(len(members))}
        for (user, phone, email), (path, browser) in zip(members, browsers.items(), strict=True):
            give_contacts(user, phone=phone, email=email)
            choose(user, contribution=tuple(Channel), is_quiet=False)
            subscribe(user, endpoint=f"{service.origin}{path}", browser=browser, device=path)
        pay(report(employer, OCTOBER))
        with workers() as die:
            for deed, of in DEATHS:
                assert die(f"{deed} {of}") == -signal.SIGKILL, f"{deed} {of}"
                pick_up()
            work_off()
            told_once_by_each_way(gateway, service, post, browsers)
            steps = random.Random(SEED).sample(range(1, PER_MONTH), SEEDED)
            for month, step in zip(count(1), steps):
                pay(report(employer, OCTOBER + month))
                assert die(str(step)) == -signal.SIGKILL, step
                pick_up()
            assert die(str(NEVER)) == 0
    SMTP.lines.end()
    wherever_it_died(gateway, service, post)
    for user, *_ in members:
        assert told(user) == ["contribution_credited"] * (1 + SEEDED)


def told_once_by_each_way(
    gateway: GatewayServer, service: Service, post: Post, browsers: Mapping[str, Browser]
) -> None:
    """After a death at each of the steps: what each way has, and what is known of it."""
    assert Message.objects.count() == 2
    assert len(gateway.taken) == len(set(gateway.words)) == 2, "one text each, though nobody noted it"
    assert sorted(text.to for text in OutboundText.objects.all()) == [PHONE, OTHER_PHONE]
    sent = Counter((mail.to, mail.message["Message-ID"]) for mail in post.arrived)
    assert sorted(to for to, _ in sent) == sorted([EMAIL, OTHER_EMAIL]), "one mail each, which a mailbox can know"
    assert set(sent.values()) == {2}, "for it was not known whether it had gone"
    assert set(OutboundMail.objects.values_list("state", flat=True)) == {"sent"}
    shown = {path: {body for to, _, body in service.taken if to == path} for path in browsers}
    assert Counter(path for path, *_ in service.taken) == dict.fromkeys(browsers, 2), "nor of the pushes"
    for path, bodies in shown.items():
        assert {browsers[path].opened(body)["say"] for body in bodies} == {"news"}
    assert {head["topic"] for _, head, _ in service.taken} == {"lumbung"}, "so that a browser shows one in all"
    assert list(OutboundPush.objects.values_list("state", "attempts")) == [("sent", 3)] * 2
    nobody_knows_and_nothing_stands_in()


def wherever_it_died(gateway: GatewayServer, service: Service, post: Post) -> None:
    """Each message has one text, mail and push; no text went twice, and what may go twice can be known by that."""
    causes = {f"notice:{key}" for key in Message.objects.values_list("pk", flat=True)}
    assert set(OutboundText.objects.values_list("cause", flat=True)) == causes
    assert set(OutboundMail.objects.values_list("cause", flat=True)) == causes
    pushed = OutboundPush.objects.values_list("cause", flat=True)
    assert {str(cause).rpartition(":")[0] for cause in pushed} == causes
    assert len(gateway.words) == len(set(gateway.words))
    texts = OutboundText.objects.exclude(state="failed")
    assert texts.filter(state="sent").count() <= len(gateway.words) <= 2 + texts.count()
    assert not texts.exclude(state__in=["sent", "claimed"]).exists()
    assert set(OutboundMail.objects.values_list("state", flat=True)) == {"sent"}
    assert set(OutboundPush.objects.values_list("state", flat=True)) == {"sent"}
    assert len({mail.message["Message-ID"] for mail in post.arrived}) == OutboundMail.objects.count()
    assert len(service.taken) >= OutboundPush.objects.count()


def reached_by(gateway: GatewayServer, service: Service, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both for this process and for the workers."""
    for name, value in {
        "LUMBUNG_GATEWAYS": json.dumps([kannel(gateway)]),
        "LUMBUNG_SMTP_URL": f"smtp://localhost:{port}?tls=off",
    }.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setattr(settings, name, value)
    monkeypatch.setenv("LUMBUNG_PUSH_SERVICES", service.origin)
    monkeypatch.setattr(settings, "LUMBUNG_PUSH_SERVICES", frozenset({service.origin}))


@contextmanager
def workers() -> Iterator[Callable[[str], int]]:
    """Runs a worker until it dies after a function, or at a step, and says how it ended."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "lumbung.config.settings"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-c", WORKERS], env=environment, text=True, **pipes) as maker:
        assert maker.stdin is not None
        assert maker.stdout is not None
        told, heard = maker.stdin, maker.stdout

        def die(how: str) -> int:
            told.write(f"{how}\n")
            told.flush()
            return int(heard.readline())

        yield die


def pick_up() -> None:
    """What the queue does each minute and each five minutes, some minutes later."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    async_to_sync(notices.begin_again)(app.job_manager)
    for channel in (TEXTS, PUSHES, MAILS):
        outbox.resume(channel, now=timezone.now() + timedelta(minutes=5))


def nobody_knows_and_nothing_stands_in() -> None:
    """What the gateway may have is not sent again; it ends as unknown, and the mail that went is enough."""
    assert set(OutboundText.objects.values_list("state", flat=True)) == {"claimed"}
    late = timezone.now() + timedelta(hours=25)
    assert outbox.end_late(TEXTS, now=late) == 2
    assert set(OutboundText.objects.values_list("state", "reason")) == {("failed", "unknown")}
    for text in OutboundText.objects.all():
        assert telling.stand_in(Channel.SMS, text.pk, now=late) is None
