"""Put something out once for its cause, claim what is due, note how it went, try again, and end it in time."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from lumbung.messaging.gateways import actions as gateways
from lumbung.messaging.lanes import PRIORITY, WORTH, Lane
from lumbung.messaging.models import Outbound
from lumbung.messaging.outbox.channels import FALL_BACK_QUEUE, FALL_BACK_TASK, Answers, Channel, Way
from lumbung.messaging.outbox.handing import End, Outcome, begin, ended

QUEUED, CLAIMED = Outbound.State.QUEUED, Outbound.State.CLAIMED
# What is claimed at once. If its process dies, two such sets are in doubt at most.
SET_SIZE = 50
# A job delivers for so long and lets the queue's other jobs go first then, if they are more urgent.
A_TURN = timedelta(seconds=2)
PACE_SECONDS = 0.05  # between two looks at a way that has taken all it may for now
TRIED_AGAIN_AFTER, TRIED_AGAIN_AT_MOST = timedelta(seconds=2), timedelta(minutes=5)
SWEEP_EVERY = timedelta(seconds=60)
SWEEP_SIZE = 1000
ROWS_AT_ONCE = 500  # in one statement


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms something goes out. Without `expires_at` it is worth sending for as long as its lane says."""

    lane: Lane = Lane.NOTICE
    cause: str | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None
    falls_back: bool = False

    def columns(self, now: datetime) -> dict[str, Any]:
        starts = max(now, self.not_before or now)
        return {
            "cause": self.cause,
            "lane": self.lane,
            "falls_back": self.falls_back,
            "queued_at": now,
            "not_before": starts,
            "expires_at": self.expires_at or starts + WORTH[self.lane],
        }


@dataclass(frozen=True, slots=True)
class Parcel:
    """One of many things to put out; with `why_not` it has failed from the beginning."""

    terms: Terms
    columns: Mapping[str, Any] = field(repr=False)
    why_not: str = ""

    def facts(self, now: datetime) -> dict[str, Any]:
        """All columns of its row."""
        facts = {**self.terms.columns(now), **self.columns}
        if self.why_not:
            facts |= {"state": Outbound.State.FAILED, "reason": self.why_not, "noted_at": now}
        return facts


def put_out(
    channel: Channel, terms: Terms, *, columns: Mapping[str, Any], now: datetime, why_not: str = ""
) -> Any:
    """Put a row out and have it delivered, in the caller's transaction. A cause that is known gives its first row.

    With `why_not` it has failed from the beginning.
    """
    facts = Parcel(terms, columns, why_not).facts(now)
    if terms.cause is None:
        row, is_new = channel.model._default_manager.create(**facts), True
    else:
        cause = facts.pop("cause")
        row, is_new = channel.model._default_manager.get_or_create(cause=cause, defaults=facts)
    if is_new and why_not:
        _fall_back(channel, [row.pk] if terms.falls_back else [])
    if is_new and row.not_before <= now:
        wake(channel, terms.lane)  # also for what has failed, so that time tells nothing
    return row


def put_out_all(channel: Channel, parcels: Sequence[Parcel], *, now: datetime) -> None:
    """Put many out in the caller's transaction, each once for its cause, and have all delivered by one job.

    A number of statements that does not grow with them. The caller holds what the causes are about, so that
    nobody else puts out the same meanwhile.
    """
    model = channel.model._default_manager
    known = set(model.filter(cause__in=[each.terms.cause for each in parcels]).values_list("cause", flat=True))
    rows = [channel.model(**each.facts(now)) for each in parcels if each.terms.cause not in known]
    model.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    _fall_back(channel, [row.pk for row in rows if row.state == Outbound.State.FAILED and row.falls_back])
    due = [row.lane for row in rows if row.not_before <= now]
    if due:
        wake(channel, Lane(min(due)))


def wake(channel: Channel, lane: Lane, *, at: datetime | None = None) -> None:
    """Have a job deliver what is due; `at` a later instant, unless there is one that will."""
    where: dict[str, Any] = {"queue": channel.queue, "priority": PRIORITY[lane]}
    if at is None:
        app.configure_task(channel.task, **where).defer()
        return
    later = app.configure_task(channel.task, **where, queueing_lock=f"{channel.name} later", schedule_at=at)
    with suppress(AlreadyEnqueued), transaction.atomic():
        later.defer()


def deliver(
    channel: Channel,
    *,
    clock: Callable[[], datetime],
    pause: Callable[[float], None] = lambda seconds: None,
    more: Callable[[], int] = lambda: 0,
) -> None:
    """Hand over what is due, set by set, the most urgent first, for a turn; what is due later comes back later.

    A claim is committed before anything is sent, so what was claimed when a process died may have gone out.
    Most of the jobs for many messages find that the first one has done it all, and ask one question only.
    `more` puts more out while the last sets are on their way, and says how many, zero when there are no more.
    """
    ends_at = clock() + A_TURN
    if not channel.model._default_manager.filter(state=QUEUED, not_before__lte=clock()).exists():
        return
    end_late(channel, now=clock())
    under_way: list[Callable[[], None]] = []
    ahead = 0  # put out by `more` and not claimed yet, as far as can be told
    try:
        while (now := clock()) < ends_at:
            claimed = claim(channel, now=now)
            if claimed is not None and claimed[1]:
                under_way.append(_begun(channel, *claimed, clock))
                ahead -= len(claimed[1])
                if len(under_way) > 1 and ahead <= 0:
                    ahead = more()
            elif claimed is not None and not under_way:
                pause(PACE_SECONDS)
            elif claimed is None and (ahead := more()):
                continue
            elif not under_way:
                break
            # The next set is on its way while a full one is waited for and noted, so that the way never runs dry.
            is_followed = claimed is not None and claimed[0].in_flight > 1 and len(claimed[1]) == SET_SIZE
            while len(under_way) > is_followed:
                under_way.pop(0)()
    finally:
        for end in under_way:
            end()
    _come_back(channel, now=clock(), is_unfinished=now >= ends_at)


def _begun(channel: Channel, way: Way, rows: Sequence[Any], clock: Callable[[], datetime]) -> Callable[[], None]:
    """Send a set off; what is returned waits for it and notes how it went."""
    begun = begin(way, rows)
    return lambda: note(channel, way, ended(way, begun), now=clock())


@transaction.atomic
def claim(channel: Channel, *, now: datetime) -> tuple[Way, list[Any]] | None:
    """A set that is due, now the caller's to hand over by this way. None when there is nothing that can go now.

    Of each lane the first way that is open and not to be spared takes what is new; the others only what they had
    before. The set is empty when the way has taken all it may take for the moment, or nothing of what was found
    may go out.
    """
    full: Way | None = None
    for offer in _offers(channel, now):
        found, is_full = _due(channel, offer, now)
        if found:
            rows = _vetted(channel, found, now)
            gateways.spend(offer.way, len(rows), now=now)
            return offer.way, _claimed(channel, offer.way, rows, now)
        if is_full:
            full = full or offer.way
            if not offer.has_followers:
                break
    return None if full is None else (full, [])


@dataclass(frozen=True, slots=True)
class Offer:
    """What a way may be given now: of each lane that is looked at, what had one of these ways last, no more than
    `at_most`, and as far as there is `room`. `has_followers`: when it has taken all it may, others are offered
    something all the same."""

    way: Way
    of: Mapping[Lane, Sequence[str]]
    room: Mapping[Lane, int]
    at_most: Mapping[Lane, int]
    has_followers: bool = True


def _offers(channel: Channel, now: datetime) -> Iterator[Offer]:
    """One for each way that is open, the one to prefer first, and asked for one after another.

    What a way is spared for does not wait behind what else there is for that way: the less urgent is put off
    until the others have had theirs. What is given to try a way is not, for it is one only.
    """
    ways, untaken = channel.ways(), set(Lane)
    put_off: list[Offer] = []
    for place, way in enumerate(ways, 1):
        room = gateways.room(way, now=now)
        if room is None:
            continue
        most = channel.spare(way, ways, now)
        of = {lane: ["", way.name] if lane in untaken else [way.name] for lane in Lane if most.get(lane) != 0}
        spared = [lane for lane in untaken if most.get(lane) == 0]
        first = _first_due(channel, spared, ways[place:], now)
        if first is not None:
            is_tried = max(room.values()) == 1
            later = {} if is_tried else {lane: of[lane] for lane in of if lane > first and lane not in most}
            put_off.append(Offer(way, later, room, most))
            of = {lane: of[lane] for lane in of if lane not in later}
        yield Offer(way, of, room, most, has_followers=bool(put_off))
        untaken &= most.keys()
    yield from put_off


def _first_due(channel: Channel, lanes: Collection[Lane], ways: Sequence[Way], now: datetime) -> Lane | None:
    """The most urgent of the lanes of which something is due for one of the ways."""
    if not lanes or not ways:
        return None
    due = channel.model._default_manager.filter(
        state=QUEUED, not_before__lte=now, lane__in=lanes, gateway__in=["", *(way.name for way in ways)]
    )
    lane = due.order_by("lane", "not_before").values_list("lane", flat=True).first()
    return None if lane is None else Lane(lane)


def _due(channel: Channel, offer: Offer, now: datetime) -> tuple[list[Any], bool]:
    """What is due, by lane and age, as far as there is room; and whether more would be if there were.

    When it ends is not asked here: with statistics from before a flood the planner might go by that index instead.
    """
    rows: list[Any] = []
    due = channel.model._default_manager.select_for_update(of=("self",), skip_locked=True, no_key=True).filter(
        state=QUEUED, not_before__lte=now
    )
    is_full = False
    for lane, ways in offer.of.items():
        most = min(min(SET_SIZE, offer.room[lane]) - len(rows), offer.at_most.get(lane, SET_SIZE))
        in_lane = (
            due.filter(lane=lane, gateway__in=ways).select_related(*channel.beside).order_by("not_before", "pk")
        )
        if most > 0:
            rows += in_lane[:most]
        elif not rows and not is_full:
            is_full = in_lane.exists()
    return rows, is_full


def _vetted(channel: Channel, rows: list[Any], now: datetime) -> list[Any]:
    """The rows that nothing speaks against; the others fail."""
    late = {row.pk: "expired" for row in rows if row.expires_at <= now}
    objections = {**channel.vet(rows, now), **late} if rows else {}
    for reason in sorted(set(objections.values())):
        fail(channel, [pk for pk, why in objections.items() if why == reason], reason, now=now)
    return [row for row in rows if row.pk not in objections]


def _claimed(channel: Channel, way: Way, rows: list[Any], now: datetime) -> list[Any]:
    facts = {"state": CLAIMED, "claimed_at": now, "gateway": way.name}
    channel.model._default_manager.filter(pk__among=[row.pk for row in rows]).update(
        **facts, attempts=F("attempts") + 1
    )
    for row in rows:
        for name, value in facts.items():
            setattr(row, name, value)
        row.attempts += 1
    return rows


@transaction.atomic
def note(channel: Channel, way: Way, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Keep how it went with a set, as far as the claim is still the caller's. What nobody knows stays claimed,
    unless the way may repeat it.

    Rows are locked before what the way's answers are judged by, as receipts do.
    """
    ends = {end: [each for each in outcomes if each.end == end] for end in End}
    again = [*ends[End.NOT_TAKEN], *ends[End.LATER], *ends[End.NOT_BEGUN]]
    again += ends[End.UNKNOWN] if way.may_repeat else []
    _ours(channel, ends[End.TAKEN]).update(state=Outbound.State.SENT, noted_at=now)
    others = len(channel.ways()) - 1
    for outcome in again:
        _give_back(channel, outcome, now, others=others)
    _refuse(channel, way, ends, now, others=others)
    if ends[End.TAKEN] or ends[End.REFUSED] or ends[End.LATER]:
        gateways.note_answered(way, took=bool(ends[End.TAKEN]), now=now)
    elif failed := len(ends[End.NOT_TAKEN]) + len(ends[End.UNKNOWN]):
        gateways.note_failed(way, at_once=failed, has_others=others > 0, now=now)


def _ours(channel: Channel, outcomes: Iterable[Outcome]) -> QuerySet[Any]:
    """The rows, if nobody else claimed them anew nor a receipt ended them meanwhile."""
    rows = [each.row for each in outcomes]
    return channel.model._default_manager.filter(
        pk__among=[row.pk for row in rows], state=CLAIMED, claimed_at__in={row.claimed_at for row in rows}
    )


def _refuse(
    channel: Channel, way: Way, ends: Mapping[End, Sequence[Outcome]], now: datetime, *, others: int
) -> None:
    """Fail what was refused, but for what goes out again all the same."""
    refused = ends[End.REFUSED]
    if refused:
        list(_ours(channel, refused).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    reasons = {each.row.pk: each.reason for each in refused}
    taken = [each.row for each in ends[End.TAKEN]]
    excused = channel.heard(Answers(way.name, taken, [each.row for each in refused], reasons, now))
    for outcome in refused:
        if outcome.row.pk in excused:
            _give_back(channel, outcome, now, others=others)
    for reason in sorted(set(reasons.values())):
        ours = _ours(channel, [each for each in refused if each.reason == reason and each.row.pk not in excused])
        fail(channel, ours.values_list("pk", flat=True), reason, now=now)


def _give_back(channel: Channel, outcome: Outcome, now: datetime, *, others: int) -> None:
    """Queue it anew: for any way if none has it, and at once while others were not tried; for the same way if that
    one may have it."""
    row = outcome.row
    is_for_others = outcome.end in {End.NOT_TAKEN, End.REFUSED} and row.attempts <= others
    later = now if is_for_others or outcome.end == End.NOT_BEGUN else now + _wait(row)
    _ours(channel, [outcome]).update(
        state=QUEUED,
        claimed_at=None,
        not_before=later,
        gateway=row.gateway if outcome.end == End.UNKNOWN else "",
    )


def _wait(row: Outbound) -> timedelta:
    """Twice as long with each attempt, and for each row another part of it, so that not all come at once."""
    longest: timedelta = min(TRIED_AGAIN_AFTER * 2 ** min(row.attempts, 12), TRIED_AGAIN_AT_MOST)
    return longest * (0.5 + (row.reference.int + row.attempts) % 1000 / 2000)


@transaction.atomic
def fail(channel: Channel, keys: Iterable[int], reason: str, *, now: datetime, **also: Any) -> int:
    """End rows for a reason, and tell who put them out; `also` are columns to set with it.

    Returns how many had not failed before.
    """
    rows = channel.model._default_manager.select_for_update(of=("self",)).filter(pk__in=list(keys))
    found = list(rows.exclude(state=Outbound.State.FAILED).order_by("pk").values_list("pk", "falls_back"))
    ended = channel.model._default_manager.filter(pk__in=[pk for pk, _ in found])
    ended.update(state=Outbound.State.FAILED, reason=reason, noted_at=now, **also)
    _fall_back(channel, [pk for pk, falls_back in found if falls_back])
    return len(found)


def _fall_back(channel: Channel, keys: Sequence[int]) -> None:
    jobs = [{"channel": channel.name, "outbox_id": key} for key in keys]
    if jobs:
        app.configure_task(FALL_BACK_TASK, queue=FALL_BACK_QUEUE).batch_defer(*jobs)  # type: ignore[arg-type]


@transaction.atomic
def end_late(channel: Channel, *, now: datetime) -> int:
    """End what is worth nothing any more: what waits still, and what nobody knows about. Returns how many."""
    late = channel.model._default_manager.filter(expires_at__lte=now, noted_at=None).order_by("expires_at")
    # What is queued has no claim, what is claimed has one. Asked by state, the planner may take another index.
    waiting = late.filter(claimed_at=None).values_list("pk", flat=True)[:SWEEP_SIZE]
    unknown = late.filter(claimed_at__lte=now - channel.lost_after).values_list("pk", flat=True)
    return fail(channel, waiting, "expired", now=now) + fail(channel, unknown[:SWEEP_SIZE], "unknown", now=now)


@transaction.atomic
def resume(channel: Channel, *, now: datetime) -> int:
    """Have delivered what waits for longer than any job takes, since its job was lost, and what is due by now.

    Returns how many wait so.
    """
    end_late(channel, now=now)
    open_ = channel.model._default_manager.filter(expires_at__gt=now)
    repeating = [way.name for way in channel.ways() if way.may_repeat]
    lost = open_.filter(state=CLAIMED, claimed_at__lte=now - channel.lost_after, gateway__in=repeating)
    found = list(lost.order_by("pk").values_list("pk", flat=True)[:SWEEP_SIZE])
    lost.filter(pk__in=found).update(state=QUEUED, claimed_at=None)
    due = open_.filter(state=QUEUED, not_before__lte=now)
    first = due.order_by("lane").values_list("lane", flat=True).first()
    if first is not None:
        wake(channel, Lane(first))
    return due.filter(Q(not_before__lte=now - channel.lost_after) | Q(pk__in=found)).count()


def _come_back(channel: Channel, *, now: datetime, is_unfinished: bool) -> None:
    """Queue the next turn: at once when this one was over before the work was, else when something is due within
    the sweep's minute."""
    waiting = channel.model._default_manager.filter(
        state=QUEUED, not_before__lte=now + SWEEP_EVERY, expires_at__gt=now
    )
    lane = waiting.order_by("lane").values_list("lane", flat=True).first()
    if lane is None:
        return
    if is_unfinished:
        wake(channel, Lane(lane))
        return
    due_at = waiting.aggregate(at=Min("not_before"))["at"] or now
    opens_at = gateways.opening(channel.ways(), now) or now
    wake(channel, Lane(lane), at=max(due_at, opens_at, now + TRIED_AGAIN_AFTER))


@transaction.atomic
def forget_words(channel: Channel, words: Sequence[str], *, before: datetime) -> int:
    """Empty the words of what was queued before then. That there was something stays known."""
    old = channel.model._default_manager.filter(queued_at__lt=before, **{f"{words[-1]}__isnull": False})
    return old.update(**dict.fromkeys(words))
