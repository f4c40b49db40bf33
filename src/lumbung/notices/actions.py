"""Tell members what the books and the calendar bring: what the packages below queue, and what each night brings.

Every cause is told once, and in small transactions one after the other. So each of these may be broken off at any
moment and begun again: what was told is passed over.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.manager import JobManager

from lumbung.accounts.inbox.actions import Notice
from lumbung.accounts.telling import actions as telling
from lumbung.accounts.telling.facts import Fact
from lumbung.contributions.gaps.facts import Verdict
from lumbung.development.models import DevelopmentRun
from lumbung.encryption import blind_index
from lumbung.notices import queries
from lumbung.notices.queries import Credited
from lumbung.publications.models import Announcement

QUEUE = telling.QUEUE
AT_ONCE = 200  # messages in one transaction
RETRY = RetryStrategy(max_attempts=5, exponential_wait=3)
Each = TypeVar("Each")
Progress = Callable[[int], None]


@app.task(name="lumbung.notices.actions.tell_settled", queue=QUEUE, retry=RETRY)
def tell_settled(return_ids: list[int]) -> None:
    """What settling queues: these returns are settled."""
    tell_of_returns(return_ids, now=datetime.now(UTC))


def tell_of_returns(return_ids: Sequence[int], *, now: datetime) -> int:
    """Tell of each line what was credited, and where its wage is lower than before; how many were told anew."""
    told = 0
    for some in _parts(queries.line_ids(return_ids)):
        lines = queries.credited(some)
        usual = queries.lower(lines, today=_day(now))
        notices = [_credited(line) for line in lines]
        notices += [_lower(line, usual[line.line_id]) for line in lines if line.line_id in usual]
        told += telling.tell_all(notices, now=now)
    return told


def _credited(line: Credited) -> Notice:
    word = "contribution_corrected" if line.is_correction else "contribution_credited"
    facts: dict[str, Fact] = {"month": line.month, "employer": line.employer, "wage": line.wage}
    facts["amount"] = line.amount
    return Notice(line.user_id, word, f"line:{line.line_id}", facts)


def _lower(line: Credited, usual: int) -> Notice:
    facts: dict[str, Fact] = {"month": line.month, "employer": line.employer, "wage": line.wage}
    facts["usual"] = usual
    return Notice(line.user_id, "wage_lower", f"wage:{line.line_id}", facts)


@app.task(name="lumbung.notices.actions.tell_bills", queue=QUEUE, retry=RETRY)
def tell_bills(bill_ids: list[int]) -> None:
    """What billing queues: these bills are settled."""
    tell_of_bills(bill_ids, now=datetime.now(UTC))


def tell_of_bills(bill_ids: Sequence[int], *, now: datetime) -> int:
    """Tell whoever pays for himself that it was credited; how many were told anew."""
    told = 0
    for some in _parts(bill_ids):
        bills = queries.own_credited(some)
        notices = [
            Notice(
                each.user_id,
                "own_contribution_credited",
                f"bill:{each.bill_id}",
                {"month": each.month, "amount": each.amount},
            )
            for each in bills
        ]
        told += telling.tell_all(notices, now=now)
    return told


@app.task(name="lumbung.notices.actions.tell_development", queue=QUEUE, retry=RETRY)
def tell_development(run_id: int) -> None:
    """What the development result queues: this run is finished."""
    tell_of_run(run_id, now=datetime.now(UTC))


def tell_of_run(run_id: int, *, now: datetime) -> int:
    """Tell each member what a year earned him, or how an adjustment changed it; how many were told anew."""
    run, told = DevelopmentRun.objects.get(pk=run_id), 0
    is_first = run.kind == DevelopmentRun.Kind.ANNUAL
    word = "development_credited" if is_first else "development_adjusted"
    for some in _parts(queries.worked(run.year, run.pk)):
        notices = [
            Notice(
                each.user_id,
                word,
                f"development:{run.pk}:{_opaque(each.member_number)}",
                {"year": run.year, "rate": run.rate, "number": each.member_number, "amount": each.amount},
            )
            for each in queries.results(run.year, run.pk, some)
        ]
        told += telling.tell_all(notices, now=now)
    return told


@app.task(name="lumbung.notices.actions.tell_announcement", queue=QUEUE, retry=RETRY)
def tell_announcement(announcement_id: int) -> None:
    """What publishing queues: this announcement is shown."""
    now = datetime.now(UTC)
    tell_of_announcement(announcement_id, today=_day(now), now=now)


@app.periodic(cron="5 0 * * *")  # 07:05 in Jakarta
@app.task(name="lumbung.notices.actions.tell_announced", queue=QUEUE, queueing_lock="lumbung.notices.announced")
def tell_announced(timestamp: int) -> None:
    """Each morning: what is shown from this day on, and whatever was not told to everybody."""
    now = datetime.now(UTC)
    for key in queries.announced(_day(now)):
        tell_of_announcement(key, today=_day(now), now=now)


def tell_of_announcement(announcement_id: int, *, today: date, now: datetime) -> int:
    """Tell every member of an announcement, once, while it is new; how many were told."""
    shown, cause, told = queries.announcement(announcement_id, today), f"announcement:{announcement_id}", 0
    if shown is not None:
        for some in _parts(queries.not_told(cause)):
            told += telling.tell_all([_announced(user, cause, shown) for user in some], now=now)
    return told


def _announced(user_id: int, cause: str, shown: Announcement) -> Notice:
    titles = {"headline_id": shown.title_id, "headline_en": shown.title_en}
    return Notice(user_id, "announcement", cause, titles)


@app.periodic(cron="10 * * * *")
@app.task(name="lumbung.notices.actions.tell_clocks", queue=QUEUE, queueing_lock="lumbung.notices.clocks")
def tell_clocks(timestamp: int) -> None:
    """Each hour: whose request must be decided soon."""
    tell_of_clocks(now=datetime.now(UTC))


def tell_of_clocks(*, now: datetime) -> int:
    """Tell whoever waits that the time for his request is nearly over; how many were told."""
    return telling.tell_all(
        [
            Notice(user_id, "request_due", f"case:{case.pk}:due", {"at": case.opened_at, "until": case.due_at})
            for case, user_id in queries.nearly_due(now)
        ],
        now=now,
    )


@app.periodic(cron="45 19 * * *")  # 02:45 in Jakarta
@app.task(name="lumbung.notices.actions.tell_nightly", queue=QUEUE, queueing_lock="lumbung.notices.nightly")
def tell_nightly(timestamp: int) -> None:
    """Each night: everybody's months that were due and not paid."""
    now = datetime.now(UTC)
    tell_of_unpaid(_day(now), now=now)


def tell_of_unpaid(day: date, *, now: datetime, progress: Progress = lambda members: None) -> int:
    """Look through the months of everybody with an account as they stand on a day, and tell of what is not paid.

    How many were told anew. `progress` is told how many member numbers were looked through.
    """
    told = looked = 0
    for numbers in queries.members(at_once=AT_ONCE):
        found = [_unpaid(one, numbers[one.member_number]) for one in queries.unpaid(numbers, day=day)]
        told += telling.tell_all(found, now=now) if found else 0
        looked += len(numbers)
        progress(looked)
    return told


def _unpaid(one: Verdict, user_id: int) -> Notice:
    assert one.due is not None, "only what was due is not paid"
    cause = f"unpaid:{one.month}:{one.segment}:{one.payer}:{_opaque(one.member_number)}"
    facts: dict[str, Fact] = {"month": one.month.first_day, "due": one.due, "employer": one.payer_name}
    return Notice(user_id, "own_month_unpaid" if one.is_own else "month_unpaid", cause, facts)


@app.periodic(cron="*/5 * * * *")
@app.task(name="lumbung.notices.actions.resume", queueing_lock="lumbung.notices.resume", pass_context=True)
async def resume(context: JobContext, timestamp: int) -> None:
    """Have what a worker was about when it was killed begun again: each of these tasks goes on where it stood."""
    await begin_again(context.app.job_manager)


async def begin_again(manager: JobManager) -> None:
    """Put what workers left that give no sign of life back into the queue."""
    for job in await manager.get_stalled_jobs(queue=QUEUE):
        await manager.retry_job(job)


def _opaque(member_number: str) -> str:
    """A member number as a part of a cause, which is readable."""
    return blind_index(member_number, context="notice")[:8].hex()


def _parts(keys: Sequence[Each]) -> Iterator[Sequence[Each]]:
    return (keys[first : first + AT_ONCE] for first in range(0, len(keys), AT_ONCE))


def _day(now: datetime) -> date:
    return timezone.make_naive(now).date()
