"""Read about papers: the card that stands, and what a check of a paper finds."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from lumbung.papers import checking, contents, keys, signing
from lumbung.papers.checking import Checked, Verdict
from lumbung.papers.contents import Card
from lumbung.papers.models import Paper
from lumbung.registry.models import Person


def standing_card(person: Person) -> Paper | None:
    """The person's one card that is neither replaced nor withdrawn; its time may be over."""
    return Paper.objects.filter(
        person=person, kind=Paper.Kind.CARD, replaced_at__isnull=True, withdrawn_at__isnull=True
    ).first()


def card_of(paper: Paper) -> Card:
    """What a card of ours says, as it was signed."""
    assert paper.text is not None, "the database holds it for every card"
    card = contents.from_payload(signing.claimed(paper.text))
    assert isinstance(card, Card), "it is of a card's kind"
    return card


def last_day(paper: Paper) -> date:
    """The last day on which a card is accepted, where the fund is."""
    assert paper.expires_at is not None, "the database holds it for every card"
    return day_before(paper.expires_at)


def is_over(paper: Paper, *, now: datetime) -> bool:
    """Whether a card's last day is past."""
    return paper.expires_at is not None and paper.expires_at <= now


def day_before(instant: datetime) -> date:
    """The day that ends at an instant, where the fund is."""
    return timezone.make_naive(instant - timedelta(seconds=1)).date()


def check(text: str, *, now: datetime) -> Checked:
    """What the fund knows of a paper, by the text of its code: one read, and only when the signature is right."""
    checked = checking.check(text, keys.keyring().public, now=now)
    if checked.contents is None:
        return checked
    paper = Paper.objects.filter(reference=checked.contents.issue.reference).defer("text").first()
    if paper is None or bytes(paper.digest) != signing.digest(text):
        return Checked(Verdict.NOT_ON_RECORD)
    return Checked(_standing(paper, now), checked.contents)


def _standing(paper: Paper, now: datetime) -> Verdict:
    if paper.withdrawn_at is not None:
        return Verdict.WITHDRAWN
    if paper.replaced_at is not None:
        return Verdict.REPLACED
    return Verdict.EXPIRED if is_over(paper, now=now) else Verdict.NEWEST
