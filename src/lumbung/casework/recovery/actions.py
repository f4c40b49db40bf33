"""Take in what a person asks of the office who lost phone and e-mail; accepting it gives a code, later another."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lumbung.accounts.contacts import actions as contacts
from lumbung.accounts.contacts import queries as known
from lumbung.accounts.envelopes import opened
from lumbung.accounts.models import User
from lumbung.accounts.recovery import actions as recovery
from lumbung.accounts.recovery import queries
from lumbung.casework import actions as casework
from lumbung.casework.errors import CodeIsNewer, NoCodeToGive, NotReadBefore
from lumbung.casework.models import Case
from lumbung.casework.recovery.queries import Handed, handed
from lumbung.registry.errors import BadIdentity
from lumbung.registry.identity import phone_in_e164

PURPOSE = "recovery request"


@app.task(
    name="lumbung.casework.recovery.actions.take_in", retry=RetryStrategy(max_attempts=3, exponential_wait=2)
)
def take_in(sealed: str) -> None:
    """The queue's door: a request with four facts, of which the page said nothing but thanks."""
    open_if_right(sealed, now=timezone.now())


@transaction.atomic
def open_if_right(sealed: str, *, now: datetime) -> Case | None:
    """Open the case when the four facts are one person's who has an account, and tell every old channel.

    Sealed are `number`, `nik`, `born` (ISO), `name`, `way` (counter or video), `reach` (where to call for a video,
    may be empty) and `place`. None when nothing was opened.
    """
    asked = opened(sealed, purpose=PURPOSE)
    person = queries.person_by_facts(
        number=asked["number"], nik=asked["nik"], born=date.fromisoformat(asked["born"]), name=asked["name"]
    )
    user = queries.account_of(person) if person is not None else None
    if person is None or user is None:
        return None
    facts = {"way": asked["way"], "reach": asked["reach"]}
    case = casework.open_case(Case.Kind.RECOVERY, person, facts, user=user, place=asked["place"], now=now)
    if case.opened_at == now:  # told once, however often it is asked
        contacts.tell_user(user, known.channels(user), "recovery_asked", now=now, at=now)
    return case


@transaction.atomic
def give_another_code(case_id: int, officer: User, *, reason: str, seen: int, now: datetime) -> casework.Outcome:
    """Give another code for a request that was accepted a short while ago; the one before is good for nothing.

    `seen` is the Handed.code_id that the officer's page showed, so that a form sent twice gives one code. Raises
    ReasonNeeded, NotReadBefore, CodeIsNewer, NoCodeToGive, NoAccount.
    """
    case, found, reason = _opened(case_id, officer, reason=reason, seen=seen, now=now)
    if not found.may_give:
        raise NoCodeToGive
    return casework.Outcome(case, recovery.give_code(case.person, officer, reason=reason, now=now))


@transaction.atomic
def withdraw_code(case_id: int, officer: User, *, reason: str, seen: int, now: datetime) -> None:
    """Take back the code that was given for a request. Raises as give_another_code does."""
    case, found, reason = _opened(case_id, officer, reason=reason, seen=seen, now=now)
    if not found.may_withdraw:
        raise NoCodeToGive
    recovery.withdraw_code(case.person, officer, reason=reason, now=now)


def _opened(case_id: int, officer: User, *, reason: str, seen: int, now: datetime) -> tuple[Case, Handed, str]:
    reason = casework.checked_reason(reason)
    case = Case.objects.select_for_update(of=("self",)).select_related("person").get(pk=case_id)
    if not casework.was_read(case, officer, now):
        raise NotReadBefore
    found = handed(case, now)
    if found is None:
        raise NoCodeToGive
    if found.code_id != seen:
        raise CodeIsNewer
    return case, found, reason


def _recovery(case: Case, facts: Mapping[str, str], officer: User, now: datetime) -> str:
    """The code that the officer hands over. Raises NoAccount."""
    return recovery.give_code(case.person, officer, now=now)


def _phone(case: Case, facts: Mapping[str, str], officer: User, now: datetime) -> None:
    """Put the phone on file that the member asked for. Raises BadIdentity."""
    phone = phone_in_e164(facts["phone"])
    if phone is None:
        raise BadIdentity(what="phone number", shape="like 0812 0000 0001")
    contacts.put_phone_on_file(case.person, phone, by=officer, now=now, place="office")


casework.EFFECTS[Case.Kind.RECOVERY] = _recovery
casework.EFFECTS[Case.Kind.PHONE] = _phone
