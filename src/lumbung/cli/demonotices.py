"""What the demo's member was told in all those months, told by the demo's own clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from lumbung.cli.demopeople import GUIDE_NUMBER

if TYPE_CHECKING:  # the models can be imported only once Django is set up
    from lumbung.cli.demofeed import Feed
    from lumbung.law.month import Month

# Whoever looks in first finds the last two weeks' news new; all before was read in the evening.
NEW_FOR, READ_AFTER = timedelta(days=14), timedelta(hours=10)
# In the month after a month of wages: its last day to pay, and the days of grace, are over by then.
LOOKED_ON = 20


def work_off(now: datetime, *, only: str = "") -> None:
    """Do at this instant what is queued about notices, or `only` this task, and hand over what that puts out.

    Left to the queue, all of it would be told on the first day of the demo, years late.
    """
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.models import ProcrastinateJob

    tasks = {name: does for name, does in _tasks(now).items() if name.endswith(only)}
    jobs = list(ProcrastinateJob.objects.filter(status="todo", task_name__in=tasks).order_by("id"))
    for job in jobs:
        tasks[job.task_name](job.args)
        app.job_manager.cancel_job_by_id(job.id, delete_job=True)
    if jobs:
        hand_over(now)


def _tasks(now: datetime) -> Mapping[str, Callable[[dict[str, Any]], object]]:
    from lumbung.notices import actions as notices

    today = _day(now)
    told: dict[str, Callable[[dict[str, Any]], object]] = {
        "tell_settled": lambda of: notices.tell_of_returns(of["return_ids"], now=now),
        "tell_bills": lambda of: notices.tell_of_bills(of["bill_ids"], now=now),
        "tell_development": lambda of: notices.tell_of_run(of["run_id"], now=now),
        "tell_announcement": lambda of: notices.tell_of_announcement(of["announcement_id"], today=today, now=now),
    }
    return {f"lumbung.notices.actions.{name}": does for name, does in told.items()}


def hand_over(now: datetime) -> None:
    """Hand over what waits at this instant, and be done with the jobs that would.

    Only to the simulators: a gateway that somebody set up for his demo is not sent old news.
    """
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.models import ProcrastinateJob

    from lumbung.messaging.mail.actions import MAILS
    from lumbung.messaging.outbox import actions as outbox
    from lumbung.messaging.texting import TEXTS
    from lumbung.messaging.transports import SIMULATOR

    for channel in (TEXTS, MAILS):
        if all(way.send == SIMULATOR.send and way.rate is None for way in channel.ways()):
            outbox.deliver(channel, clock=lambda: now)
            for job in ProcrastinateJob.objects.filter(status="todo", task_name=channel.task, scheduled_at=None):
                app.job_manager.cancel_job_by_id(job.id, delete_job=True)


def look_through(feed: Feed, month: Month) -> None:
    """What the queue does each night: tell of the month that was due, if it was not paid."""
    from lumbung.notices import actions as notices

    day = (month + 1).first_day.replace(day=LOOKED_ON)
    if day < feed.plan.built_on and notices.tell_of_unpaid(day, now=feed.morning(day)):
        hand_over(feed.morning(day))


def read_old(now: datetime) -> None:
    """The member has read what came before the last two weeks."""
    from lumbung.accounts.inbox import actions as inbox
    from lumbung.accounts.models import Message

    theirs = Message.objects.filter(user__person__member_numbers=GUIDE_NUMBER, read_at=None)
    for message in theirs.filter(made_at__lt=now - NEW_FOR).order_by("made_at"):
        inbox.mark_read(message, now=message.made_at + READ_AFTER)


def _day(now: datetime) -> date:
    from django.utils import timezone

    return timezone.make_naive(now).date()
