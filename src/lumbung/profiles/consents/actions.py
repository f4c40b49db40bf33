"""Note what a member agrees to, and that he does not any more."""

from datetime import datetime

from django.db import transaction

from lumbung.accounts.actions import note_access
from lumbung.accounts.models import User
from lumbung.profiles.consents.errors import TextChanged
from lumbung.profiles.consents.purposes import PURPOSES, digest
from lumbung.profiles.models import Consent
from lumbung.registry.models import Person


@transaction.atomic
def give(
    user: User, purpose: str, *, version: int, text: str, language: str, place: str, now: datetime
) -> Consent:
    """Note that the member agrees to this very `text`, read in this language; twice is once.

    Raises TextChanged.
    """
    asked = PURPOSES[purpose]
    if version != asked.version:
        raise TextChanged
    person = _locked(user)
    standing = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at__isnull=True).first()
    if standing is not None and standing.version == version:
        return standing
    _end(standing, user=user, place=place, now=now)
    given = Consent.objects.create(
        person=person,
        purpose=purpose,
        version=version,
        language=language,
        digest=digest(text),
        given_at=now,
        given_place=place,
        given_by=user,
    )
    note_access("consent_given", user=user, actor=user, place=place, now=now)
    return given


@transaction.atomic
def withdraw(user: User, purpose: str, *, place: str, now: datetime) -> None:
    """Note that the member does not agree any more; what was done before stays lawful."""
    standing = Consent.objects.filter(person=_locked(user), purpose=purpose, withdrawn_at__isnull=True).first()
    if standing is not None:
        _end(standing, user=user, place=place, now=now)
        note_access("consent_withdrawn", user=user, actor=user, place=place, now=now)


def _end(consent: Consent | None, *, user: User, place: str, now: datetime) -> None:
    if consent is not None:
        consent.withdrawn_at, consent.withdrawn_place, consent.withdrawn_by = now, place, user
        consent.save(update_fields=["withdrawn_at", "withdrawn_place", "withdrawn_by"])


def _locked(user: User) -> Person:
    assert user.person_id is not None
    return Person.objects.select_for_update(no_key=True).get(pk=user.person_id)
