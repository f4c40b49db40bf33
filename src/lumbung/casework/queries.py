"""Read cases: the officers' queue, and a member's own."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from lumbung.casework.models import Case
from lumbung.registry.models import Person


def queue() -> QuerySet[Case]:
    """What is open, the most urgent first."""
    return Case.objects.filter(state=Case.State.OPEN).select_related("person").order_by("due_at", "pk")


def late(now: datetime) -> int:
    """How many open cases are past their time."""
    return Case.objects.filter(state=Case.State.OPEN, due_at__lt=now).count()


def of_person(person: Person) -> QuerySet[Case]:
    """A person's cases, the newest first."""
    return Case.objects.filter(person=person).order_by("-opened_at", "-pk")


def open_of(person: Person, kind: str) -> Case | None:
    """The person's open case of that kind."""
    return Case.objects.filter(person=person, kind=kind, state=Case.State.OPEN).first()


def facts(case: Case) -> Mapping[str, str]:
    """What was asked, by the keys of the case's kind."""
    told: Mapping[str, str] = json.loads(case.facts)
    return told
