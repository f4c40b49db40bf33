"""Employers' monthly returns and the contributions they owe, member by member."""

from django.db import models
from django.db.models import F, Q

from lumbung.encryption import EncryptedField
from lumbung.payments.models import PaymentCode
from lumbung.registry.models import Employer, MemberNumber


class Return(models.Model):
    """An employer's wage return for one month, as accepted. The same file for the same month is one return.

    While it is open, a newer file for the month replaces it. Once it is settled, later files for the month may
    only add members who are not in it.
    """

    class State(models.TextChoices):
        OPEN = "open"
        REPLACED = "replaced"
        SETTLED = "settled"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="returns")
    month = models.DateField()
    digest = models.BinaryField()
    file_name = models.CharField(max_length=200)
    content = EncryptedField(null=True)
    received_at = models.DateTimeField()
    law_version = models.CharField(max_length=64)
    members = models.IntegerField()
    total = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    payment_code = models.OneToOneField(PaymentCode, on_delete=models.PROTECT, related_name="+")
    entry_id = models.BigIntegerField(null=True)
    paid_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="return_same_file_once", fields=["employer", "month", "digest"]),
            models.UniqueConstraint(
                name="return_one_open", fields=["employer", "month"], condition=Q(state="open")
            ),
            models.CheckConstraint(name="return_month_starts", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="return_settled_with_entry",
                condition=Q(state="settled", entry_id__isnull=False, paid_on__isnull=False)
                | (~Q(state="settled") & Q(entry_id__isnull=True, paid_on__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"return {self.pk}"


class ReturnLine(models.Model):
    """One member in a return: the wage, and what follows from it by law, in whole rupiah.

    Lines are only added. A trigger checks their return and their members as sets: foreign keys checked row by row
    cost ten seconds for 200,000 lines.
    """

    returned = models.ForeignKey(
        Return, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    member_number = models.ForeignKey(
        MemberNumber, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    line = models.IntegerField()
    wage = models.BigIntegerField()
    back_pay = models.BigIntegerField()
    jht_employer = models.BigIntegerField()
    jht_member = models.BigIntegerField()
    jp_wage = models.BigIntegerField()
    jp_employer = models.BigIntegerField()
    jp_member = models.BigIntegerField()
    jkk = models.BigIntegerField()
    jkm = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="return_line_member_once", fields=["returned", "member_number"]),
            models.CheckConstraint(
                name="return_line_never_negative",
                condition=Q(
                    wage__gte=0, back_pay__gte=0, jht_employer__gte=0, jht_member__gte=0, jp_wage__gte=0,
                    jp_employer__gte=0, jp_member__gte=0, jkk__gte=0, jkm__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="return_line_pension_wage", condition=Q(jp_wage__lte=F("wage") + F("back_pay"))
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"line {self.line} of return {self.returned_id}"
