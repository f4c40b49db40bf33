"""What was received and is held."""

from django.db.models import QuerySet

from lumbung.payments.models import Receipt


def held() -> QuerySet[Receipt]:
    """Receipts that matched no payment code exactly, in the order in which they arrived."""
    return Receipt.objects.exclude(held="").order_by("received_on", "pk")
