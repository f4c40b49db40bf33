"""Open, read and decide cases. Each deed leaves a line in the person's access log."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from lumbung.accounts.actions import note_access
from lumbung.accounts.models import AccessEvent, User
from lumbung.accounts.registration.actions import forget_unconfirmed
from lumbung.casework import registration
from lumbung.casework.errors import CaseIsClosed, NoteNeeded, NotReadBefore, ReasonNeeded
from lumbung.casework.models import Case
from lumbung.registry.models import Person

# The data-protection law asks for a correction within 3×24 hours (UU 27/2022 art. 30); the fund promises the same
# for whatever keeps a member out.
DUE_AFTER = timedelta(hours=72)
# Who opened a case with a reason may decide it for so long.
READ_FOR = timedelta(hours=8)
SHORTEST_REASON = 10
# What follows when a case is accepted, by its kind: function(case, facts, officer, now), in the same transaction.
Effect = Callable[[Case, Mapping[str, str], User, datetime], None]
EFFECTS: dict[str, Effect] = {Case.Kind.REGISTRATION: registration.accept}


@transaction.atomic
def open_case(
    kind: str, person: Person, facts: Mapping[str, str], *, user: User | None, place: str, now: datetime
) -> Case:
    """Have an officer look at what a person asks. While one of the kind is open, that one is meant and updated."""
    case, is_new = Case.objects.select_for_update().get_or_create(
        kind=kind,
        person=person,
        state=Case.State.OPEN,
        defaults={"user": user, "facts": json.dumps(facts), "opened_at": now, "due_at": now + DUE_AFTER},
    )
    if not is_new:
        case.facts, case.user = json.dumps(facts), user or case.user
        case.save(update_fields=["facts", "user"])
    note_access("case_opened", person=person, user=user, actor=user, place=place, now=now)
    return case


@transaction.atomic
def read_case(case_id: int, officer: User, *, reason: str, now: datetime) -> Case:
    """Note why an officer opens a case. Raises ReasonNeeded."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise ReasonNeeded
    case = Case.objects.select_related("person").get(pk=case_id)
    note_access(
        "case_read", person=case.person, user=case.user, actor=officer, place="office", reason=reason, now=now
    )
    return case


@transaction.atomic
def decide(case_id: int, officer: User, *, accepted: bool, note: str, now: datetime) -> Case:
    """Accept or refuse, with a word to the member; accepting does what the kind stands for, or nothing at all.

    Raises NoteNeeded, CaseIsClosed, NotReadBefore, and what the effect raises.
    """
    if len(note.strip()) < SHORTEST_REASON:
        raise NoteNeeded
    case = Case.objects.select_for_update(of=("self",)).select_related("person").get(pk=case_id)
    if not case.is_open:
        raise CaseIsClosed
    if not was_read(case, officer, now):
        raise NotReadBefore
    if accepted and case.kind in EFFECTS:
        EFFECTS[case.kind](case, json.loads(case.facts), officer, now)
    case.state = Case.State.ACCEPTED if accepted else Case.State.REFUSED
    case.decided_at, case.decided_by, case.note = now, officer, note.strip()
    case.save(update_fields=["state", "decided_at", "decided_by", "note"])
    note_access("case_decided", person=case.person, user=case.user, actor=officer, place="office", now=now)
    return case


def was_read(case: Case, officer: User, now: datetime) -> bool:
    """Whether the officer opened something of this person with a reason a short while ago."""
    return AccessEvent.objects.filter(
        person=case.person, actor=officer, what="case_read", at__gt=now - READ_FOR
    ).exists()


@transaction.atomic
def withdraw(case_id: int, person: Person, *, now: datetime) -> Case:
    """The member takes a request back. Raises CaseIsClosed."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id, person=person)
    if not case.is_open:
        raise CaseIsClosed
    case.state, case.decided_at = Case.State.WITHDRAWN, now
    case.save(update_fields=["state", "decided_at"])
    return case


@app.periodic(cron="25 2 * * *")
@app.task(name="lumbung.casework.actions.forget_registrations", queueing_lock="lumbung.casework.registrations")
def forget_registrations(timestamp: int) -> None:
    """Each night: delete accounts that nobody confirmed within a day, but those for which an officer is waited."""
    waiting = Case.objects.filter(kind=Case.Kind.REGISTRATION, state=Case.State.OPEN, user__isnull=False)
    forget_unconfirmed(now=timezone.now(), but=set(waiting.values_list("user_id", flat=True)))
