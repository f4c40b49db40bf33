"""Read cases: the officers' queue, and a member's own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from lumbung.accounts.models import User
from lumbung.casework.models import Case
from lumbung.casework.words import CHOICES, LABELS, NOT_TOLD, OTHER, WORDS
from lumbung.encryption import blind_index
from lumbung.law.month import Month
from lumbung.registry.models import Person
from lumbung.wording import day_name, month_name

# Who opened a case or a record with a reason sees it for so long.
READ_FOR = timedelta(hours=8)


def queue() -> QuerySet[Case]:
    """What is open, the most urgent first."""
    return Case.objects.filter(state=Case.State.OPEN).select_related("person").order_by("due_at", "pk")


def late(now: datetime) -> int:
    """How many open cases are past their time."""
    return Case.objects.filter(state=Case.State.OPEN, due_at__lt=now).count()


def of_person(person: Person) -> QuerySet[Case]:
    """A person's cases, the newest first, each with the numbers of the pages that were sent with it."""
    pages = ArrayAgg("evidence__position", filter=Q(evidence__isnull=False), order_by="evidence__position")
    return Case.objects.filter(person=person).annotate(page_numbers=pages).order_by("-opened_at", "-pk")


def latest(kind: str, user: User) -> Case | None:
    """The newest case of that kind that this user opened."""
    return Case.objects.filter(kind=kind, user=user).order_by("-opened_at", "-pk").first()


def open_asked_by(user: User) -> QuerySet[Case]:
    """What this user asked and still waits for."""
    return Case.objects.filter(user=user, state=Case.State.OPEN)


def open_of(person: Person, kind: str) -> Case | None:
    """The person's open case of that kind."""
    return Case.objects.filter(person=person, kind=kind, state=Case.State.OPEN).first()


def closed() -> QuerySet[Case]:
    """What was decided or taken back, the newest first."""
    return Case.objects.exclude(state=Case.State.OPEN).select_related("decided_by").order_by("-decided_at", "-pk")


def member_numbers(case: Case) -> list[str]:
    """The member numbers of the person whom a case is about."""
    return list(case.person.member_numbers.order_by("number").values_list("number", flat=True))


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was asked: what it is called, and its value, both in the reader's language."""

    label: str
    value: str = field(repr=False)


def facts_in_words(told: Mapping[str, str]) -> list[Fact]:
    """What was asked, as `facts` gives it, in the active language."""
    return [
        Fact(gettext(LABELS.get(name, OTHER)), _said(name, value))
        for name, value in told.items()
        if name not in NOT_TOLD
    ]


def _said(name: str, value: str) -> str:
    """A fact's value: one of a few words, a day or months as they are written, or what the member wrote."""
    if name in CHOICES:
        return gettext(WORDS.get(value, OTHER))
    if name == "birth_date":
        return day_name(date.fromisoformat(value))
    if name == "months":
        return ", ".join(month_name(Month.parse(month)) for month in value.split(", "))
    return value


def stamp(case: Case) -> str:
    """Another text once other facts are asked, or other pages of evidence are there.

    A page carries it, so that nobody decides what he has not seen.
    """
    pages = ",".join(map(str, case.evidence.order_by("pk").values_list("pk", flat=True)))
    return blind_index(f"{case.pk}:{case.facts}:{pages}", context="case as seen").hex()


def facts(case: Case) -> Mapping[str, str]:
    """What was asked, by the keys of the case's kind."""
    told: Mapping[str, str] = json.loads(case.facts)
    return told
