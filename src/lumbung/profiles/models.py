"""Whom a member names as heirs, where his money is to go, and what he agreed to."""

from django.db import models
from django.db.models import F, Q

from lumbung.accounts.models import User
from lumbung.encryption import EncryptedDate, EncryptedText
from lumbung.errors import marked
from lumbung.registry.models import Person

MOST_HEIRS = 10


class Heir(models.Model):
    """Somebody whom a member names to receive money at death. The law decides who does; this helps to find them.

    `rank` is the member's own order: 1 comes first, equal ranks stand side by side.
    """

    class Relation(models.TextChoices):
        """The order in which the law names them (PP 44/2015, old age and death)."""

        SPOUSE = "spouse", marked("Husband or wife")
        CHILD = "child", marked("Child")
        PARENT = "parent", marked("Father or mother")
        GRANDCHILD = "grandchild", marked("Grandchild")
        GRANDPARENT = "grandparent", marked("Grandfather or grandmother")
        SIBLING = "sibling", marked("Brother or sister")
        PARENT_IN_LAW = "parent_in_law", marked("Father-in-law or mother-in-law")
        BY_WILL = "by_will", marked("Somebody else, named in a will")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="heirs")
    rank = models.SmallIntegerField()
    relation = models.CharField(max_length=13, choices=Relation)
    name = EncryptedText()
    birth_date = EncryptedDate(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="heir_rank", condition=Q(rank__gte=1, rank__lte=MOST_HEIRS)),
        ]

    def __str__(self) -> str:
        return f"heir {self.pk}"

    @property
    def relation_words(self) -> str:
        """The relation as a sentence of the catalogue."""
        return str(self.Relation(self.relation).label)


class BankAccount(models.Model):
    """Where benefits are paid to, from `since` until another one took its place or it was taken off.

    `bank` is a code of banks.yaml. Changes cool off (accounts.ContactChange) before any money moves.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="bank_accounts")
    bank = models.CharField(max_length=3)
    number = EncryptedText()
    holder = EncryptedText()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="bank_account_one_in_use", fields=["person"], condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                name="bank_account_ends", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"bank account {self.pk}"


class Consent(models.Model):
    """One consent as it was given: to which version of which text, in which language, when, where and by whom.

    It stands until it is withdrawn, and is kept after that as proof. `digest` is that of the text as it was read;
    `given_by` and `withdrawn_by` are null when the account is closed.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20)
    version = models.SmallIntegerField()
    language = models.CharField(max_length=2)
    digest = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    given_place = models.CharField(max_length=10)
    given_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_place = models.CharField(max_length=10, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="consent_stands_once", fields=["person", "purpose"], condition=Q(withdrawn_at__isnull=True)
            ),
            models.CheckConstraint(
                name="consent_withdrawn_later",
                condition=Q(withdrawn_at__isnull=True, withdrawn_place="")
                | Q(withdrawn_at__gte=F("given_at")) & ~Q(withdrawn_place=""),
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"
