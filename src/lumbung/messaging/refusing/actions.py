"""Judge refusals: a phone is to blame only where others' texts are taken; a gateway that refuses all is spared."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from lumbung.messaging.gateways.actions import opening
from lumbung.messaging.lanes import STOPPABLE, Lane
from lumbung.messaging.models import Gateway, OutboundText, RefusedPhone, Refusing
from lumbung.messaging.outbox.channels import Answers, Way
from lumbung.messaging.phones import actions as phones
from lumbung.messaging.refusing.queries import Place

log = structlog.get_logger(__name__)
# So many different phones refused in a row are not the phones' fault. Of phones of which every tenth were dead,
# it would be so once in ten thousand million.
REFUSES_AFTER = 10
# Whoever refuses everything is given one text so often.
TRIED_EVERY = timedelta(minutes=1)
# A carrier that brings no receipts but refusals is well again when it has been silent for so long, though tried.
SILENT_FOR = timedelta(minutes=10)
# So often a text goes out before a refusal by who refuses everything is the end of it.
TRIES = 4
# Refusals that nothing throws light on; and who refused nothing for so long, since another way is used.
KEPT, FORGIVEN_AFTER = timedelta(days=7), timedelta(days=1)
NETWORK = "network"
NONE = Q(pk__in=[])


@transaction.atomic
def note_answers(answers: Answers) -> Collection[int]:
    """Judge what a gateway answered to a set of texts. Returns the keys of those that it refused as it refuses
    everything: they may go out again, another way or later. The caller holds their rows."""
    refused, taken = answers.refused, answers.taken
    if not refused and not _is_judged(gateway=answers.way, by=""):
        return ()
    _hold(answers.way)
    lanes = sorted({row.lane for row in (*refused, *taken)})
    for lane in lanes:
        _keep(Place(answers.way, "", lane), [row for row in refused if row.lane == lane])
    blamed, forgiven, ill = NONE, NONE, set()
    for lane in lanes:
        place = Place(answers.way, "", lane)
        well = [row.claimed_at for row in taken if row.lane == lane]
        if well:
            to_blame, to_forgive = _found_well(place, max(well))
            blamed, forgiven = blamed | to_blame, forgiven | to_forgive
        elif _refuses_all(place, answers.now):
            ill.add(lane)
    _judge(blamed, forgiven, answers.now)
    return [row.pk for row in refused if row.lane in ill and row.attempts < TRIES]


@transaction.atomic
def note_receipt(text: OutboundText, by: str, *, is_refused: bool, now: datetime) -> None:
    """Judge what a carrier said of a text that its gateway had taken: refused, or on its way. The caller holds
    the text's row."""
    place = Place(text.gateway, by or NETWORK, text.lane)
    if not text.gateway or text.claimed_at is None or not (is_refused or _is_judged(**place.columns)):
        return
    _hold(text.gateway)
    if is_refused:
        _keep(place, [text])
        _refuses_all(place, now)
    else:
        blamed, forgiven = _found_well(place, text.claimed_at)
        # What arrives at a phone is not refused there.
        _judge(blamed, forgiven | Q(index=bytes(text.to_index)), now)


def _is_judged(**place: str | int) -> bool:
    """Whether anything there waits for a judgement or for the end of a trouble."""
    kept = RefusedPhone.objects.filter(**place).values("pk")
    ill = Refusing.objects.filter(**place, since__isnull=False).values("pk")
    return kept.union(ill).exists()


def _hold(gateway: str) -> None:
    """One at a time judges a gateway; whoever does may lock phones from then on, but no more texts."""
    Gateway.objects.get_or_create(name=gateway)
    Gateway.objects.select_for_update().get(name=gateway)


def _keep(place: Place, texts: Sequence[OutboundText]) -> None:
    """Keep which phones were refused, each once, until they are judged; not while it refuses everything, nor what
    was handed over before it was well again."""
    state = Refusing.objects.filter(**place.columns).first()
    if state is not None and state.since is not None:
        return
    well_from = state.well_from if state is not None else None
    rows = [
        RefusedPhone(**place.columns, index=bytes(text.to_index), text=text, claimed_at=text.claimed_at)
        for text in texts
        if text.claimed_at is not None and (well_from is None or text.claimed_at >= well_from)
    ]
    RefusedPhone.objects.bulk_create(rows, ignore_conflicts=True)


def _found_well(place: Place, claimed_at: datetime) -> tuple[Q, Q]:
    """A text was taken that was handed over then. Returns the refusals by which phones are to blame, those until
    then; and those by which none is, which are all when it refused everything and is well again."""
    ill = Refusing.objects.filter(**place.columns, since__isnull=False).first()
    if ill is None or ill.since is None:
        return Q(**place.columns, claimed_at__lte=claimed_at), NONE
    return NONE, _end(ill, claimed_at) if ill.since <= claimed_at else NONE


def _judge(blamed: Q, forgiven: Q, now: datetime) -> None:
    """Blame the phones of these refusals, but for those of the others; forget both.

    All are locked at once and then blamed at once, in the order that everybody keeps to.
    """
    found = phones.locked(RefusedPhone.objects.filter(blamed | forgiven))
    to_blame = [bytes(index) for index in found.filter(blamed).exclude(forgiven).values_list("index", flat=True)]
    found.delete()
    if to_blame:
        phones.note_refused(to_blame, now=now)


def _end(ill: Refusing, well_from: datetime) -> Q:
    """It is well again: no phone is to blame for what it refused, which is to be forgotten."""
    Refusing.objects.filter(pk=ill.pk).update(since=None, well_from=well_from)
    log.info("gateway_takes_texts_again", gateway=ill.gateway, by=ill.by, lane=ill.lane)
    return Q(gateway=ill.gateway, by=ill.by, lane=ill.lane)


def _refuses_all(place: Place, now: datetime) -> bool:
    """Whether whatever is handed over there is refused, as far as it is known."""
    if Refusing.objects.filter(**place.columns, since__isnull=False).update(heard_at=now):
        return True
    kept = RefusedPhone.objects.filter(**place.columns)
    newest = list(kept.order_by("-text").values_list("text", "claimed_at")[: 2 * REFUSES_AFTER])
    if len(newest) < REFUSES_AFTER or _is_silent_about_most(place, min(text for text, _ in newest), len(newest)):
        return False
    facts = {"since": min(claimed_at for _, claimed_at in newest), "heard_at": now, "tried_at": now}
    Refusing.objects.update_or_create(**place.columns, defaults=facts)
    log.error("gateway_refuses_everything", **place.columns, phones=kept.count())
    return True


def _is_silent_about_most(place: Place, first: int, count: int) -> bool:
    """Whether more texts than were refused went to the carriers since the first of them, and nothing bad was heard
    of these. A gateway answers at once, so it never is.

    Only the newest refusals are asked about, or those of weeks in which it was well would speak for it for days.
    """
    if not place.by:
        return False
    sent = OutboundText.objects.filter(
        pk__gte=first, gateway=place.gateway, lane=place.lane, state=OutboundText.State.SENT
    )
    return sent[: count + 1].count() > count


@transaction.atomic
def spare(way: Way, ways: Sequence[Way], now: datetime) -> Mapping[Lane, int]:
    """How many texts of which lanes, none or one to try, the way may be given where it refuses everything.

    What can wait, waits until it is well again, or goes by another of the ways. Codes and answers go by another
    one, or by this one when there is none: they are worth nothing later, and whoever invents phones, to have them
    refused, must not keep others from theirs. Asked once the way's row is locked, if it is at all.
    """
    names = [each.name for each in ways]
    found = list(Refusing.objects.filter(gateway__in=names, since__isnull=False).order_by("lane", "by"))
    if not found:  # as nearly always, and this is asked for each set
        return {}
    rows = [row for row in found if not _recovered(row, now)]
    ill = {(row.gateway, row.lane) for row in rows}
    spared: dict[Lane, int] = {}
    forgiven = NONE
    for row in found:
        lane = Lane(row.lane)
        if row.gateway != way.name:
            continue
        if row not in rows:
            forgiven |= _end(row, row.tried_at)
            continue
        others = [each for each in ways if (each.name, row.lane) not in ill]
        is_tried = _may_try(row, now)  # noted also of what goes on: by what it was given a silent carrier is well
        if lane in STOPPABLE or (others and opening(others, now) is None):
            spared[lane] = max(spared.get(lane, 0), int(is_tried))
    _judge(NONE, forgiven, now)
    return spared


def _recovered(row: Refusing, now: datetime) -> bool:
    """Whether this is a carrier of which nothing bad was heard for long, though it was given texts."""
    is_silent = row.heard_at < row.tried_at and row.heard_at + SILENT_FOR <= now
    return bool(row.by) and is_silent and row.tried_at + TRIED_EVERY <= now


def _may_try(row: Refusing, now: datetime) -> bool:
    """Whether this is the one who gives it a text to try now; nobody while nothing waits for it."""
    if now < row.tried_at + TRIED_EVERY:
        return False
    due = OutboundText.objects.filter(
        state=OutboundText.State.QUEUED, lane=row.lane, not_before__lte=now, gateway__in=["", row.gateway]
    )
    if not due.exists():
        return False
    return Refusing.objects.filter(pk=row.pk, tried_at=row.tried_at).update(tried_at=now) > 0


@transaction.atomic
def forget(*, now: datetime) -> None:
    """Forget old refusals that nobody could be blamed for, and old troubles of who is not used any more."""
    old = Refusing.objects.filter(since__isnull=False, heard_at__lte=now - FORGIVEN_AFTER)
    forgotten = Q(claimed_at__lte=now - KEPT)
    for ill in old.order_by("gateway", "lane", "by"):
        forgotten |= _end(ill, ill.heard_at)
    _judge(NONE, forgotten, now)
