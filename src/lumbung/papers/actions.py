"""Issue, replace and withdraw papers. Each deed leaves a line in the person's access log."""

import secrets
from datetime import date, datetime, time, timedelta

from django.db import models, transaction
from django.utils import timezone

from lumbung.accounts.actions import note_access
from lumbung.accounts.models import User
from lumbung.accounts.telling import actions as telling
from lumbung.contributions import queries as contributions
from lumbung.papers import keys, signing
from lumbung.papers.contents import MOST_NUMBERS, Card, Issue, Statement, endings
from lumbung.papers.drawing import House
from lumbung.papers.errors import NoCard, NoSuchPaper
from lumbung.papers.models import Paper, YearTold
from lumbung.papers.sealing import sealed
from lumbung.papers.statements import queries as statements
from lumbung.papers.statements.drawing import statement_pdf
from lumbung.papers.years import queries as years
from lumbung.papers.years.told import Told
from lumbung.registry.models import MemberNumber, Person

CARD_DAYS = 365  # after its day, a card is to be made anew
_REFERENCE_BYTES = 12


def issue(*, issuer: str, now: datetime) -> Issue:
    """What a new paper has of its own; its reference is by chance and says nothing of anybody."""
    return Issue(secrets.token_urlsafe(_REFERENCE_BYTES), issuer, now.replace(microsecond=0))


@transaction.atomic
def issue_card(person: Person, *, user: User | None, issuer: str, place: str, now: datetime) -> Paper:
    """Make the person's card as things stand now. The one before it is replaced."""
    today = timezone.make_naive(now).date()
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    numbers = MemberNumber.objects.filter(person=person).order_by("number").values_list("number", flat=True)
    status = contributions.status(person.pk, today=today)
    card = Card(
        issue=issue(issuer=issuer, now=now),
        name=person.name,
        numbers=endings(list(numbers)),
        valid_on=today,
        programmes=status.programmes if status.active else (),
        expires_at=timezone.make_aware(datetime.combine(today, time()) + timedelta(days=CARD_DAYS + 1)),
    )
    text = keys.keyring().sign(card.payload())
    _standing_cards(person).update(replaced_at=now)
    paper = Paper.objects.create(
        kind=Paper.Kind.CARD,
        person=person,
        reference=card.issue.reference,
        digest=signing.digest(text),
        text=text,
        issued_at=card.issue.issued_at,
        expires_at=card.expires_at,
    )
    note_access("card_made", now=now, place=place, person=person, user=user, actor=user)
    _tell(person, "card_made", paper.reference, now=now)
    return paper


def make_statement(
    person: Person,
    first: date | None,
    last: date,
    *,
    user: User | None,
    house: House,
    issuer: str,
    language: str,
    place: str,
    now: datetime,
) -> bytes:
    """A statement from one day (None: the first booking) to another, as a PDF that the fund signed.

    Reading, drawing and signing take up to some seconds and hold no transaction; only what is kept of it is
    written in one. Raises BadPeriod, TooLong and TooBusy.
    """
    period = statements.period(person, first, last, today=timezone.make_naive(now).date())
    own = issue(issuer=issuer, now=now)
    numbers = period.endings[:MOST_NUMBERS]
    said = Statement(own, period.name, numbers, period.first, last, period.opening, period.closing)
    text = keys.keyring().sign(said.payload())
    made = sealed(statement_pdf(said, text, period, house, language=language), reason=f"Statement {own.reference}")
    _keep_statement(person, own, text, user=user, place=place, now=now)
    return made


@transaction.atomic
def _keep_statement(
    person: Person, own: Issue, text: str, *, user: User | None, place: str, now: datetime
) -> None:
    Paper.objects.create(
        kind=Paper.Kind.STATEMENT,
        person=person,
        reference=own.reference,
        digest=signing.digest(text),
        issued_at=own.issued_at,
    )
    note_access("statement_made", now=now, place=place, person=person, user=user, actor=user)
    _tell(person, "statement_made", own.reference, now=now)


def _tell(person: Person, word: str, reference: str, *, now: datetime) -> None:
    """Tell the member, whoever had the paper made."""
    member = User.objects.filter(person=person).first()
    telling.tell(member, word, now=now, cause=f"paper:{reference}", at=now)


def tell_year(person: Person, year: int, *, user: User | None, place: str, now: datetime) -> None:
    """Put down what a year brought and what is to be expected now, in figures. A year told before is told anew."""
    facts = years.told(person, year, today=timezone.make_naive(now).date())
    _keep_year(person, year, facts, user=user, place=place, now=now)


@transaction.atomic
def _keep_year(person: Person, year: int, facts: Told, *, user: User | None, place: str, now: datetime) -> None:
    YearTold.objects.update_or_create(
        person=person, year=year, defaults={"made_at": now, "facts": facts.as_json()}
    )
    note_access("year_told", now=now, place=place, person=person, user=user, actor=user)


@transaction.atomic
def withdraw_card(person: Person, *, user: User | None, place: str, now: datetime) -> None:
    """Say that the person's card is to be accepted no more. Raises NoCard."""
    if not _standing_cards(person).update(withdrawn_at=now):
        raise NoCard
    note_access("paper_withdrawn", now=now, place=place, person=person, user=user, actor=user)


@transaction.atomic
def withdraw(reference: str, *, place: str, now: datetime) -> None:
    """Say that the paper with this reference is to be accepted no more. Raises NoSuchPaper."""
    paper = (
        Paper.objects.select_for_update(of=("self",), no_key=True)
        .filter(reference=reference, withdrawn_at__isnull=True)
        .first()
    )
    if paper is None:
        raise NoSuchPaper
    Paper.objects.filter(pk=paper.pk).update(withdrawn_at=now)
    note_access("paper_withdrawn", now=now, place=place, person=paper.person)


def _standing_cards(person: Person) -> "models.QuerySet[Paper]":
    return Paper.objects.filter(
        person=person, kind=Paper.Kind.CARD, replaced_at__isnull=True, withdrawn_at__isnull=True
    )
