"""Read what a member agreed to."""

from django.db.models import QuerySet

from lumbung.profiles.consents.purposes import PURPOSES
from lumbung.profiles.models import Consent
from lumbung.registry.models import Person


def stands(person: Person, purpose: str) -> bool:
    """Whether the person agrees to the present text of a purpose. Whoever acts on consent asks this first."""
    version = PURPOSES[purpose].version
    return Consent.objects.filter(
        person=person, purpose=purpose, version=version, withdrawn_at__isnull=True
    ).exists()


def of_person(person: Person) -> QuerySet[Consent]:
    """Every consent that the person gave, the newest first."""
    return Consent.objects.filter(person=person).order_by("-given_at", "-pk")
