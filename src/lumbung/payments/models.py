"""Payment codes that are owed, bank files that came in, and the receipts in them."""

from django.db import models
from django.db.models import F, Q

from lumbung.encryption import EncryptedField


class PaymentCode(models.Model):
    """A sum that somebody was asked to pay, in one payment, under one code (kode iuran).

    `code` is 11 running digits and a Luhn digit; `due` is the last day on which the sum is in time.
    """

    class State(models.TextChoices):
        OPEN = "open"
        PAID = "paid"
        VOID = "void"

    code = models.CharField(max_length=12, primary_key=True, db_collation="C")
    amount = models.BigIntegerField()
    due = models.DateField()
    issued_at = models.DateTimeField()
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)

    class Meta:
        constraints = [
            models.CheckConstraint(name="payment_code_shape", condition=Q(code__regex=r"^[0-9]{12}$")),
            models.CheckConstraint(name="payment_code_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="payment_code_state", condition=Q(state__in=["open", "paid", "void"])),
        ]

    def __str__(self) -> str:
        return self.code


class BankFile(models.Model):
    """A bank file as it came; the same bytes twice are one file."""

    digest = models.BinaryField(unique=True)
    content = EncryptedField()
    taken_in_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"bank file {self.pk}"


class Receipt(models.Model):
    """One payment that reached the fund's bank account: matched to a payment code, or held until somebody decides.

    `bank_reference` is unique for ever, so a payment is taken in once however often a file is fed.
    """

    class Held(models.TextChoices):
        """Why a receipt matched nothing."""

        UNKNOWN_CODE = "unknown_code"
        VOID_CODE = "void_code"
        ALREADY_PAID = "already_paid"
        TOO_LITTLE = "too_little"
        TOO_MUCH = "too_much"

    bank_reference = models.CharField(max_length=64, unique=True)
    code_as_written = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    received_on = models.DateField()
    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="receipts")
    line = models.IntegerField()
    payment_code = models.OneToOneField(PaymentCode, on_delete=models.PROTECT, null=True, related_name="receipt")
    held = models.CharField(max_length=12, choices=Held, blank=True, default="")

    class Meta:
        indexes = [
            # Whether money is held that came under a code.
            models.Index(name="receipt_held_under_code", fields=["code_as_written"], condition=~Q(held="")),
        ]
        constraints = [
            models.CheckConstraint(name="receipt_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="receipt_matched_or_held",
                condition=Q(payment_code__isnull=False, held="") | (Q(payment_code__isnull=True) & ~Q(held="")),
            ),
            models.CheckConstraint(
                name="receipt_matches_its_code",
                condition=Q(payment_code__isnull=True) | Q(payment_code=F("code_as_written")),
            ),
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk}"
