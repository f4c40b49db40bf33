"""Employers' monthly returns and the contributions they owe, member by member."""

from django.db import models
from django.db.models import F, Q

from lumbung.encryption import EncryptedField, EncryptedText
from lumbung.payments.models import PaymentCode
from lumbung.registry.models import Employer, MemberNumber


class Return(models.Model):
    """An employer's wage return for one month, as accepted, or a correction of some lines of a settled return.

    The same file for the same month is one return; only when corrections have taken back all of it may the file
    come again, as another `edition`. While a return is open, a newer file for the month replaces it. Once it is
    settled, later files for the month may only add members who are not in it, and what is wrong is put right by
    corrections: `corrects` is the return that was wrong, `reason` says why, `taken_back_total` is what the lines
    held that it takes back. A correction has a payment code only when it asks for more than that.

    `terms` are the employer's facts that the law was asked with (judging.Terms). A settled return stands in
    `entry_count` entries of the books: `return:ID`, `return:ID:2`, … `entry_id` is the first of them.
    """

    class State(models.TextChoices):
        OPEN = "open"
        REPLACED = "replaced"
        SETTLED = "settled"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="returns")
    month = models.DateField()
    digest = models.BinaryField()
    edition = models.SmallIntegerField(db_default=1)
    file_name = models.CharField(max_length=200)
    content = EncryptedField(null=True)
    received_at = models.DateTimeField()
    law_version = models.CharField(max_length=64)
    terms = models.JSONField(null=True)
    members = models.IntegerField()
    total = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    payment_code = models.OneToOneField(PaymentCode, on_delete=models.PROTECT, null=True, related_name="+")
    entry_id = models.BigIntegerField(null=True)
    entry_count = models.SmallIntegerField(db_default=1)
    paid_on = models.DateField(null=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    reason = models.CharField(max_length=500, db_default="")
    taken_back_total = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="return_same_file_once",
                fields=["employer", "month", "digest", "edition"],
                condition=Q(corrects__isnull=True),
            ),
            models.UniqueConstraint(
                name="return_one_open",
                fields=["employer", "month"],
                condition=Q(state="open", corrects__isnull=True),
            ),
            models.CheckConstraint(name="return_month_starts", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="return_settled_with_entry",
                condition=Q(state="settled", entry_id__isnull=False, paid_on__isnull=False)
                | (~Q(state="settled") & Q(entry_id__isnull=True, paid_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="return_asks_or_corrects",
                condition=Q(corrects__isnull=True, payment_code__isnull=False, reason="", taken_back_total=0)
                | (Q(corrects__isnull=False, taken_back_total__gte=0) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="return_correction_asks_for_the_difference",
                condition=Q(corrects__isnull=True)
                | Q(payment_code__isnull=False, total__gt=F("taken_back_total"))
                | Q(payment_code__isnull=True, total__lte=F("taken_back_total")),
            ),
        ]

        indexes = [
            models.Index(name="return_settled_of_month", fields=["month", "id"], condition=Q(state="settled")),
            # Few at a time: what is reported for a month and not paid yet.
            models.Index(name="return_open_of_month", fields=["month", "id"], condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"return {self.pk}"

    @property
    def difference(self) -> int:
        """What a correction asks for beyond what it takes back; below zero it is the employer's credit."""
        return self.total - self.taken_back_total


class ReturnLine(models.Model):
    """One member in a return: the wage, and what follows from it by law, in whole rupiah.

    Lines are only added. A trigger checks their return and their members as sets: foreign keys checked row by row
    cost ten seconds for 200,000 lines. `job_loss` says that the member was insured against job loss when the line
    was taken in, so a part of its JKK and JKM funds that. In a correction `line` is that of the line put right.
    """

    returned = models.ForeignKey(
        Return, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    member_number = models.ForeignKey(
        MemberNumber, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
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
    job_loss = models.BooleanField(db_default=False)

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
        indexes = [
            # A member's lines, and with a span of returns those of one month, however long the history.
            models.Index(name="return_line_member_return", fields=["member_number", "returned"]),
        ]

    def __str__(self) -> str:
        return f"line {self.line} of return {self.returned_id}"


class TakenBack(models.Model):
    """A line that a correction takes back: out of force once the correction is settled, and kept as it was.

    A line is taken back once. Rows go only with a correction that is replaced before it is settled. Triggers check
    and keep them as sets.
    """

    line = models.OneToOneField(
        ReturnLine, on_delete=models.PROTECT, related_name="taken_back", db_constraint=False, primary_key=True
    )
    by = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="takes_back", db_constraint=False)

    def __str__(self) -> str:
        return f"line taken back by return {self.by_id}"


class Payslip(models.Model):
    """The wage on a member's payslip for a month, in rupiah, as he typed and kept it; sealed, for him alone."""

    member_number = models.ForeignKey(MemberNumber, on_delete=models.PROTECT, related_name="payslips")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    wage = EncryptedText()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="payslip_once", fields=["member_number", "employer", "month"]),
            models.CheckConstraint(name="payslip_month_starts", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"payslip {self.pk}"
