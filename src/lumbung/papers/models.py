"""Papers that were issued, and what a member was told of a year."""

from django.db import models
from django.db.models import F, Q

from lumbung.encryption import EncryptedText
from lumbung.registry.models import Person


class Paper(models.Model):
    """One paper that somebody holds, known by a random `reference`; `digest` is that of its signed text.

    Of a card the `text` itself is kept, sealed: screen, PDF and PNG are drawn from it, so they say what is signed.
    A person has one card that stands: a newer one replaces it. A statement stands for its period for ever.
    """

    class Kind(models.TextChoices):
        CARD = "card"
        STATEMENT = "statement"

    kind = models.CharField(max_length=9, choices=Kind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="papers")
    reference = models.CharField(max_length=16, unique=True, db_collation="C")
    digest = models.BinaryField()
    text = EncryptedText(null=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="paper_one_card",
                fields=["person"],
                condition=Q(kind="card", replaced_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="paper_card_or_statement",
                condition=Q(kind="card", text__isnull=False, expires_at__gt=F("issued_at"))
                | Q(kind="statement", text__isnull=True, expires_at__isnull=True, replaced_at__isnull=True),
            ),
            models.CheckConstraint(name="paper_reference", condition=Q(reference__regex=r"^[A-Za-z0-9_-]{16}$")),
            models.CheckConstraint(
                name="paper_over_later",
                condition=(Q(replaced_at__isnull=True) | Q(replaced_at__gte=F("issued_at")))
                & (Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("issued_at"))),
            ),
        ]
        indexes = [models.Index(name="paper_by_person", fields=["person", "-issued_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class YearTold(models.Model):
    """What a person was told of one year, in figures as they were known at `made_at`; sealed JSON."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="years_told")
    year = models.SmallIntegerField()
    made_at = models.DateTimeField()
    facts = EncryptedText()

    class Meta:
        constraints = [models.UniqueConstraint(name="year_told_once", fields=["person", "year"])]

    def __str__(self) -> str:
        return f"year {self.year} told, {self.pk}"
