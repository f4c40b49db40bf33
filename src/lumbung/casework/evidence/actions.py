"""Keep what a member sends along with a case, and forget it in time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from lumbung.accounts.models import User
from lumbung.casework.actions import open_case
from lumbung.casework.evidence.models import EvidencePage
from lumbung.casework.evidence.queries import NewPage
from lumbung.casework.models import Case
from lumbung.registry.models import Person

# After the decision: time for the member to object and for the office to look once more.
KEPT_FOR = timedelta(days=90)


@transaction.atomic
def open_with_evidence(
    kind: str,
    person: Person,
    facts: Mapping[str, str],
    pages: Sequence[NewPage],
    *,
    user: User,
    place: str,
    now: datetime,
) -> Case:
    """Open a case, or say it anew while one of the kind is open, with exactly these pages (queries.pages_of)."""
    case = open_case(kind, person, facts, user=user, place=place, now=now)
    attach(case, pages, now=now)
    return case


@transaction.atomic
def attach(case: Case, pages: Sequence[NewPage], *, now: datetime) -> None:
    """Make these the pages of a case; those that it had are forgotten."""
    EvidencePage.objects.filter(case=case).delete()
    EvidencePage.objects.bulk_create(
        EvidencePage(
            case=case,
            position=position,
            image=page.jpeg,
            width=page.width,
            height=page.height,
            scanned=page.scanned,
            added_at=now,
        )
        for position, page in enumerate(pages, 1)
    )


@app.periodic(cron="35 2 * * *")
@app.task(name="lumbung.casework.evidence.actions.forget_evidence", queueing_lock="lumbung.casework.evidence")
def forget_evidence(timestamp: int) -> None:
    """Each night: delete the pages of cases that were decided, or taken back, long enough ago."""
    forget_decided(now=timezone.now())


@transaction.atomic
def forget_decided(*, now: datetime) -> int:
    """Delete the pages of cases closed more than KEPT_FOR ago; how many."""
    deleted, _ = EvidencePage.objects.filter(case__decided_at__lt=now - KEPT_FOR).delete()
    return deleted
