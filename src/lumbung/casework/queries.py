"""Read cases: the officers' queue, and a member's own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet

from lumbung.accounts.models import User
from lumbung.casework.models import Case
from lumbung.encryption import blind_index
from lumbung.errors import marked
from lumbung.registry.models import Person

# Who opened a case or a record with a reason sees it for so long.
READ_FOR = timedelta(hours=8)
# Names of facts → what they are called on a page.
LABELS = {
    "phone": marked("Phone"),
    "email": marked("E-mail"),
    "username": marked("User name"),
    "what": marked("What is wrong"),
    "name": marked("Name"),
    "birth_date": marked("Birth date"),
    "nik": marked("KTP number"),
    "member_number": marked("Member number"),
    "why": marked("Why"),
    "way": marked("How the member wants to prove who he is"),
    "reach": marked("Where to reach the member"),
    "employer": marked("Employer"),
    "months": marked("Months"),
}
# Facts for programs, which a page shows in another way.
NOT_TOLD = {"claim"}
WAYS = {"counter": marked("At a counter"), "video": marked("By a video call")}


# The facts that are one of a few words, and what those words say.
CHOICES = {"what", "way"}
WORDS = {
    "name": LABELS["name"],
    "birth_date": LABELS["birth_date"],
    "nik": LABELS["nik"],
    "counter": marked("At a counter of the fund"),
    "video": marked("By video call"),
}


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
    """One thing that was asked: what it is called, and its value, a sentence of the catalogue if `is_word`."""

    label: str
    value: str
    is_word: bool


def facts_in_words(case: Case) -> list[Fact]:
    """What was asked, each with its label, a sentence of the catalogue; a fact without one keeps its own name."""
    return [
        Fact(LABELS.get(name, name), WORDS.get(value, value) if name in CHOICES else value, name in CHOICES)
        for name, value in facts(case).items()
        if name not in NOT_TOLD
    ]


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
