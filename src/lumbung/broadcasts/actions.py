"""Write, begin, pause, resume and stop a broadcast, and put its texts out just in time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from lumbung.broadcasts import pace, queries
from lumbung.broadcasts.errors import (
    AnotherRuns,
    BroadcastChanged,
    LinkInText,
    NobodyToTell,
    NothingToSay,
    NotShown,
    TextTooLongToSend,
)
from lumbung.broadcasts.models import Broadcast, BroadcastDeed
from lumbung.errors import marked
from lumbung.messaging.bulk import actions as bulk
from lumbung.messaging.bulk import queries as bulk_queries
from lumbung.messaging.bulk.actions import BulkText
from lumbung.publications.models import Announcement

QUEUE = "notices"
DRAFT, RUNNING, PAUSED, STOPPED, DONE = Broadcast.State
# So many texts are put out in one transaction: a second of work, and all that a kill undoes.
CHUNK = 500
LANGUAGES = {"id": marked("Indonesian"), "en": marked("English")}


@transaction.atomic
def write(
    announcement: Announcement,
    texts: Mapping[str, str],
    *,
    an_hour: int,
    by: int,
    now: datetime,
    key: int | None = None,
) -> Broadcast:
    """Keep what shall be sent, a new one or that one anew; nothing goes out yet.

    Raises NothingToSay, LinkInText, TextTooLongToSend; of that one BroadcastChanged when it was begun meanwhile.
    """
    said = {language: _checked(text, language) for language, text in texts.items()}
    facts = {"text_id": said["id"], "text_en": said["en"], "an_hour": an_hour, "saved_at": now}
    if key is None:
        row = Broadcast.objects.create(announcement=announcement, **facts)
    else:
        row = _held(key)
        if row.state != DRAFT:
            raise BroadcastChanged
        _change(row, **facts)
    _note(row, BroadcastDeed.Deed.SAVED, by=by, now=now)
    return row


def _checked(text: str, language: str) -> str:
    said, name = " ".join(text.split()), LANGUAGES[language]
    if not said:
        raise NothingToSay(language=name)
    if queries.has_link(said):
        raise LinkInText(language=name)
    parts = queries.shape(said).parts
    if parts > queries.MOST_PARTS:
        raise TextTooLongToSend(language=name, parts=parts, most=queries.MOST_PARTS)
    return said


@transaction.atomic
def discard(key: int) -> None:
    """Throw away what was never sent. Raises BroadcastChanged when it was begun meanwhile."""
    row = _held(key)
    if row.state != DRAFT:
        raise BroadcastChanged
    Broadcast.objects.filter(pk=row.pk).delete()


@transaction.atomic
def begin(key: int, *, seen: str, by: int, now: datetime) -> Broadcast:
    """Begin to send. `seen` is the queries.stamp of what was confirmed.

    Raises BroadcastChanged, NotShown, NobodyToTell, AnotherRuns.
    """
    row = _held(key)
    if row.state != DRAFT or seen != queries.stamp(row):
        raise BroadcastChanged
    _check_may_run(row, now)
    expected = sum(queries.audience().values())
    if not expected:
        raise NobodyToTell
    _change(row, state=RUNNING, begun_at=now, paced_until=now, expected=expected)
    _note(row, BroadcastDeed.Deed.BEGUN, by=by, now=now)
    return row


@transaction.atomic
def pause(key: int, *, by: int, now: datetime) -> None:
    """Put out no more for now. Raises BroadcastChanged when it does not run."""
    row = _held(key)
    if row.state != RUNNING:
        raise BroadcastChanged
    _change(row, state=PAUSED)
    _note(row, BroadcastDeed.Deed.PAUSED, by=by, now=now)


@transaction.atomic
def resume(key: int, *, by: int, now: datetime) -> None:
    """Go on from where it paused. Raises BroadcastChanged, NotShown, AnotherRuns."""
    row = _held(key)
    if row.state != PAUSED:
        raise BroadcastChanged
    _check_may_run(row, now)
    _change(row, state=RUNNING, paced_until=now)
    _note(row, BroadcastDeed.Deed.RESUMED, by=by, now=now)


@transaction.atomic
def stop(key: int, *, by: int, now: datetime) -> int:
    """End it for good; what waits in the outbox does not go. How many that were. Raises BroadcastChanged."""
    row = _held(key)
    if row.state not in {RUNNING, PAUSED}:
        raise BroadcastChanged
    _change(row, state=STOPPED, ended_at=now)
    _note(row, BroadcastDeed.Deed.STOPPED, by=by, now=now)
    return bulk.withdraw(queries.cause(row), now=now)


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE)
def go_on(timestamp: int) -> None:
    """Each minute: put out what is due by now of the broadcast that runs."""
    put_out_due(now=timezone.now())


def put_out_due(*, now: datetime) -> int:
    """Put out what is due by now, chunk by chunk, each in one transaction with the place it came to. How many
    persons it looked at."""
    total, ends_at = 0, queries.hours().ends_at(now)
    if ends_at is None or now >= ends_at - pace.LAST_MINUTES:
        return 0
    while count := _put_out_chunk(now, ends_at):
        total += count
    return total


@transaction.atomic
def _put_out_chunk(now: datetime, ends_at: datetime) -> int:
    """One chunk of whatever runs, unless another worker is at it. How many persons it looked at."""
    row = Broadcast.objects.select_for_update(skip_locked=True, of=("self",)).filter(state=RUNNING).first()
    if row is None:
        return 0
    if not _is_shown(row, now):
        _change(row, state=PAUSED)
        _note(row, BroadcastDeed.Deed.HELD, by=None, now=now)
        return 0
    assert row.paced_until is not None
    due, since = pace.due(paced_until=row.paced_until, now=now, an_hour=row.an_hour)
    room = min(due, CHUNK, pace.may_wait(row.an_hour) - bulk_queries.due(now=now))
    if room <= 0:
        return 0
    people = queries.next_people(row, room, now=now)
    texts = [text for each in people if (text := _text(row, each, ends_at)) is not None]
    count = bulk.put_out(queries.cause(row), texts, now=now)
    _change(
        row,
        last_person=people[-1].key if people else row.last_person,
        put_out=row.put_out + count,
        left_out=row.left_out + len(people) - count,
        paced_until=since + count * pace.HOUR / row.an_hour,
    )
    if len(people) < room:
        _change(row, state=DONE, ended_at=now)
        _note(row, BroadcastDeed.Deed.DONE, by=None, now=now)
    return len(people)


def _text(row: Broadcast, person: queries.Reader, ends_at: datetime) -> BulkText | None:
    """The text to one person; none to whoever chose none. Quiet hours of his own put it off within the same hours,
    or to the next ones."""
    if not person.wants:
        return None
    hours, later = queries.hours(), person.not_before
    if later is not None and later >= ends_at - pace.LAST_MINUTES:
        later = max(later, hours.next_begin(ends_at))
        ends_at = hours.ends_at(later) or ends_at + timedelta(days=1)
    return BulkText(person.phone, row.texts[person.language], expires_at=ends_at, not_before=later)


def _held(key: int) -> Broadcast:
    return Broadcast.objects.select_for_update(of=("self",)).select_related("announcement").get(pk=key)


def _check_may_run(row: Broadcast, now: datetime) -> None:
    if not _is_shown(row, now):
        raise NotShown
    if Broadcast.objects.filter(state=RUNNING).exists():
        raise AnotherRuns


def _is_shown(row: Broadcast, now: datetime) -> bool:
    return queries.announcement(row.announcement.slug, now.astimezone(queries.hours().zone).date()) is not None


def _change(row: Broadcast, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))


def _note(row: Broadcast, deed: str, *, by: int | None, now: datetime) -> None:
    BroadcastDeed.objects.create(broadcast=row, deed=deed, by_id=by, at=now)
