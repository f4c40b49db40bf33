"""Bills: facts owed under a payment code, apart from employers' returns."""

from django.db import models
from django.db.models import Q

from lumbung.payments.models import PaymentCode
from lumbung.registry.models import Employer, MemberNumber, MigrantContract, Project, SelfEmployment

# Bills that were neither withdrawn nor taken back.
IN_FORCE = Q(state__in=["open", "settled"])


class Bill(models.Model):
    """One fact that is owed, in whole rupiah; several months of a member may share a payment code.

    - `self_employed`: a month of a self-employed member, by the facts of his `enrolment`;
    - `construction`: a project, once, by the law of `month`, in which it starts;
    - `migrant`: a contract abroad; without `month` JKK and JKM in one sum (`migrant`), with one its old-age sum;
    - `late_fine`: on the contributions `owed` for a `month` that came late, on `late_paid_on`, under `late_code`.

    A void bill was withdrawn before it was paid. One taken back was paid and wrong: its entry is reversed, and the
    money lies in suspense as the payer's credit.
    """

    class Kind(models.TextChoices):
        SELF_EMPLOYED = "self_employed"
        CONSTRUCTION = "construction"
        MIGRANT = "migrant"
        LATE_FINE = "late_fine"

    class State(models.TextChoices):
        OPEN = "open"
        SETTLED = "settled"
        VOID = "void"
        TAKEN_BACK = "taken_back"

    kind = models.CharField(max_length=13, choices=Kind)
    member_number = models.ForeignKey(MemberNumber, on_delete=models.PROTECT, null=True, related_name="bills")
    enrolment = models.ForeignKey(SelfEmployment, on_delete=models.PROTECT, null=True, related_name="bills")
    contract = models.ForeignKey(MigrantContract, on_delete=models.PROTECT, null=True, related_name="bills")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="bills")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="bills")
    month = models.DateField(null=True)
    jkk = models.BigIntegerField(default=0)
    jkm = models.BigIntegerField(default=0)
    jht = models.BigIntegerField(default=0)
    migrant = models.BigIntegerField(default=0)
    fine = models.BigIntegerField(default=0)
    owed = models.BigIntegerField(null=True)
    late_paid_on = models.DateField(null=True)
    late_code = models.ForeignKey(PaymentCode, on_delete=models.PROTECT, null=True, related_name="+")
    law_version = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    payment_code = models.ForeignKey(PaymentCode, on_delete=models.PROTECT, related_name="bills")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    entry_id = models.BigIntegerField(null=True)
    paid_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(name="bill_open", fields=["id"], condition=Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="bill_self_employed_once",
                fields=["member_number", "month"],
                condition=Q(kind="self_employed") & IN_FORCE,
            ),
            models.UniqueConstraint(
                name="bill_project_once", fields=["project"], condition=Q(kind="construction") & IN_FORCE
            ),
            models.UniqueConstraint(
                name="bill_contract_once",
                fields=["contract", "month"],
                condition=Q(kind="migrant") & IN_FORCE,
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                name="bill_late_fine_once",
                fields=["employer", "month", "late_paid_on", "owed", "late_code"],
                condition=Q(kind="late_fine") & IN_FORCE,
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="bill_amounts", condition=Q(jkk__gte=0, jkm__gte=0, jht__gte=0, migrant__gte=0, fine__gte=0)
            ),
            models.CheckConstraint(
                name="bill_asks_for_something",
                condition=Q(fine__gt=0) | Q(migrant__gt=0) | Q(jkk__gt=0) | Q(jkm__gt=0) | Q(jht__gt=0),
            ),
            models.CheckConstraint(name="bill_month_starts", condition=Q(month__isnull=True) | Q(month__day=1)),
            models.CheckConstraint(
                name="bill_fits_its_kind",
                condition=Q(
                    kind="self_employed", member_number__isnull=False, enrolment__isnull=False,
                    month__isnull=False, contract__isnull=True, project__isnull=True, employer__isnull=True,
                    migrant=0, fine=0,
                )
                | Q(
                    kind="construction", project__isnull=False, employer__isnull=False, month__isnull=False,
                    member_number__isnull=True, enrolment__isnull=True, contract__isnull=True,
                    jht=0, migrant=0, fine=0,
                )
                | Q(
                    kind="migrant", member_number__isnull=False, contract__isnull=False, enrolment__isnull=True,
                    project__isnull=True, employer__isnull=True, jkk=0, jkm=0, fine=0,
                )
                & (Q(month__isnull=True, jht=0) | Q(month__isnull=False, migrant=0))
                | Q(
                    kind="late_fine", employer__isnull=False, month__isnull=False, member_number__isnull=True,
                    enrolment__isnull=True, contract__isnull=True, project__isnull=True,
                    jkk=0, jkm=0, jht=0, migrant=0,
                ),
            ),
            models.CheckConstraint(
                name="bill_late_fine_says_why",
                condition=Q(kind="late_fine", owed__gt=0, late_paid_on__isnull=False)
                | (~Q(kind="late_fine") & Q(owed__isnull=True, late_paid_on__isnull=True, late_code__isnull=True)),
            ),
            models.CheckConstraint(
                name="bill_settled_with_entry",
                condition=Q(state__in=["settled", "taken_back"], entry_id__isnull=False, paid_on__isnull=False)
                | (Q(state__in=["open", "void"]) & Q(entry_id__isnull=True, paid_on__isnull=True)),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"bill {self.pk}"

    @property
    def total(self) -> int:
        """What the bill asks for, in rupiah."""
        return self.jkk + self.jkm + self.jht + self.migrant + self.fine
