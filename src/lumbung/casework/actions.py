"""Open, read and decide cases. Each deed leaves a line in the person's access log."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from lumbung.accounts.actions import note_access
from lumbung.accounts.inbox import actions as inbox
from lumbung.accounts.locking.queries import require_open
from lumbung.accounts.models import User
from lumbung.accounts.registration.actions import forget_unconfirmed
from lumbung.casework import queries, registration
from lumbung.casework.errors import (
    BadCorrection,
    CaseChanged,
    CaseIsClosed,
    NoteNeeded,
    NotReadBefore,
    ReasonNeeded,
)
from lumbung.casework.models import Case, Reading
from lumbung.registry import identity
from lumbung.registry.actions import correct_person
from lumbung.registry.models import Person

# The data-protection law asks for a correction within 3×24 hours (UU 27/2022 art. 30); the fund promises the same
# for whatever keeps a member out.
DUE_AFTER = timedelta(hours=72)
# Choice: in a dispute the employer has to be asked, so the fund promises two weeks.
DUE_AFTER_OF: Mapping[str, timedelta] = {Case.Kind.DISPUTE: timedelta(days=14)}
SHORTEST_REASON = 10
# What follows when a case is accepted, by its kind, in the same transaction: function(case, facts, officer, now).
# What it returns, such as a code, is for the officer to hand over and is shown this once.
Effect = Callable[[Case, Mapping[str, str], User, datetime], str | None]
EFFECTS: dict[str, Effect] = {Case.Kind.REGISTRATION: registration.accept}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decided case, and what the officer hands over to the member."""

    case: Case
    to_hand_over: str | None = field(default=None, repr=False)


@transaction.atomic
def open_case(
    kind: str,
    person: Person,
    facts: Mapping[str, str],
    *,
    user: User | None,
    place: str,
    now: datetime,
    subject: str = "",
) -> Case:
    """Have an officer look at what a person asks.

    While one of the kind is open about the same subject, that one is meant and updated.
    """
    due = now + DUE_AFTER_OF.get(kind, DUE_AFTER)
    case, is_new = Case.objects.select_for_update().get_or_create(
        kind=kind,
        person=person,
        subject=subject,
        state=Case.State.OPEN,
        defaults={"user": user, "facts": json.dumps(facts), "opened_at": now, "due_at": due},
    )
    if not is_new:
        case.facts, case.user = json.dumps(facts), user or case.user
        case.save(update_fields=["facts", "user"])
    note_access("case_opened", person=person, user=user, actor=user, place=place, now=now)
    return case


def checked_reason(reason: str) -> str:
    """The reason in one line. Raises ReasonNeeded when it is too short to be one."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise ReasonNeeded
    return reason


@transaction.atomic
def read_case(case_id: int, officer: User, *, reason: str, now: datetime) -> Case:
    """Note why an officer opens a case, which shows him this one and no other. Raises ReasonNeeded."""
    reason = checked_reason(reason)
    case = Case.objects.select_related("person").get(pk=case_id)
    Reading.objects.create(officer=officer, person=case.person, case=case, at=now)
    note_access(
        "case_read", person=case.person, user=case.user, actor=officer, place="office", reason=reason, now=now
    )
    return case


@transaction.atomic
def decide(case_id: int, officer: User, *, accepted: bool, note: str, seen: str, now: datetime) -> Outcome:
    """Accept or refuse, with a word to the member; accepting does what the kind stands for, or nothing at all.

    `seen` is the queries.stamp of the case as the officer read it. Raises NoteNeeded, CaseIsClosed, NotReadBefore,
    CaseChanged, PersonLocked where accepting changes something, and what the effect raises.
    """
    if len(note.strip()) < SHORTEST_REASON:
        raise NoteNeeded
    case = Case.objects.select_for_update(of=("self",)).select_related("person").get(pk=case_id)
    if not case.is_open:
        raise CaseIsClosed
    if not was_read(case, officer, now):
        raise NotReadBefore
    if seen != queries.stamp(case):
        raise CaseChanged
    to_hand_over = None
    if accepted and case.kind in EFFECTS:
        require_open(case.person)
        to_hand_over = EFFECTS[case.kind](case, json.loads(case.facts), officer, now)
    case.state = Case.State.ACCEPTED if accepted else Case.State.REFUSED
    case.decided_at, case.decided_by, case.note = now, officer, note.strip()
    case.save(update_fields=["state", "decided_at", "decided_by", "note"])
    note_access("case_decided", person=case.person, user=case.user, actor=officer, place="office", now=now)
    told = User.objects.filter(person=case.person, is_confirmed=True).first()
    inbox.tell(told, "request_accepted" if accepted else "request_refused", now=now, note=case.note)
    return Outcome(case, to_hand_over)


def was_read(case: Case, officer: User, now: datetime) -> bool:
    """Whether the officer opened this very case with a reason a short while ago."""
    return Reading.objects.filter(case=case, officer=officer, at__gt=now - queries.READ_FOR).exists()


def checked_correction(what: str, right: str) -> str:
    """The right value of `what` (name, birth_date or nik) in the form it is kept in: dates as 1990-12-31.

    Raises BadCorrection when it can't be one.
    """
    right = " ".join(right.split())
    if what == "nik":
        right = right.replace(" ", "").replace(".", "")
        if not identity.NIK.fullmatch(right):
            raise BadCorrection(what="nik")
    elif what == "birth_date":
        right = _date(right).isoformat()
    elif len(right) < 2:
        raise BadCorrection(what="name")
    return right


def _date(text: str) -> date:
    for form in ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"):
        with suppress(ValueError):
            return datetime.strptime(text, form).date()  # noqa: DTZ007  (a date has no zone)
    raise BadCorrection(what="birth_date")


def _correct(case: Case, facts: Mapping[str, str], officer: User, now: datetime) -> None:
    """Accepting a correction changes the registry."""
    value = facts[facts["what"]]
    correct_person(
        case.person,
        name=value if facts["what"] == "name" else None,
        birth_date=date.fromisoformat(value) if facts["what"] == "birth_date" else None,
        nik=value if facts["what"] == "nik" else None,
    )


EFFECTS[Case.Kind.CORRECTION] = _correct


@transaction.atomic
def withdraw(case_id: int, user: User, *, place: str, now: datetime) -> Case:
    """The member takes a request back. Raises CaseIsClosed."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id, person=user.person_id)
    if not case.is_open:
        raise CaseIsClosed
    case.state, case.decided_at = Case.State.WITHDRAWN, now
    case.save(update_fields=["state", "decided_at"])
    note_access("case_withdrawn", person=user.person, user=user, actor=user, place=place, now=now)
    return case


@app.periodic(cron="25 2 * * *")
@app.task(name="lumbung.casework.actions.forget_registrations", queueing_lock="lumbung.casework.registrations")
def forget_registrations(timestamp: int) -> None:
    """Each night: delete accounts that nobody confirmed within a day, but those for which an officer is waited."""
    waiting = Case.objects.filter(kind=Case.Kind.REGISTRATION, state=Case.State.OPEN, user__isnull=False)
    forget_unconfirmed(now=timezone.now(), but=set(waiting.values_list("user_id", flat=True)))
