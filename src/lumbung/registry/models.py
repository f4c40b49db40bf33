"""Persons, their member numbers, employers, and who worked where, or for himself, from when to when."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast

from lumbung.encryption import EncryptedDate, EncryptedText

# More than the whole fund holds (law.inputs.MOST_RUPIAH).
MOST_RUPIAH = 10**15
LONGEST_STAY_MONTHS = 120


def _days(first: str, last: str) -> Func:
    """The days between two columns, both counted, without an end where the last one is null."""
    boundary = RangeBoundary(inclusive_upper=True)
    return Func(first, last, boundary, function="daterange", output_field=DateRangeField())


class Person(models.Model):
    """One insured person, who may have several member numbers.

    The NIK, birth date, phone, e-mail and address are encrypted; the `…_index` columns are blind indexes, that of
    `likeness` over birth date and name together, by which rows are found that may be one person's.
    """

    name = models.CharField(max_length=200)
    nik = EncryptedText(null=True)
    nik_index = models.BinaryField(unique=True, null=True, editable=True)
    birth_date = EncryptedDate()
    likeness_index = models.BinaryField(null=True, db_index=True, editable=True)
    phone = EncryptedText(null=True)
    phone_index = models.BinaryField(null=True, db_index=True, editable=True)
    email = EncryptedText(null=True)
    email_index = models.BinaryField(null=True, db_index=True, editable=True)
    address = EncryptedText(null=True)
    language = models.CharField(max_length=2, default="id")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_nik_with_index",
                condition=Q(nik__isnull=True, nik_index__isnull=True)
                | Q(nik__isnull=False, nik_index__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"


class MemberNumber(models.Model):
    """A member number (KPJ): opaque text of 10 to 12 digits. Its person may change when numbers are joined."""

    number = models.CharField(max_length=12, primary_key=True, db_collation="C")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="member_numbers")

    class Meta:
        constraints = [
            models.CheckConstraint(name="member_number_shape", condition=Q(number__regex=r"^[0-9]{10,12}$")),
        ]

    def __str__(self) -> str:
        return f"member number of person {self.person_id}"


class Employer(models.Model):
    """An employer's division, known by its number (NPP) and division number.

    `labour_intensive` (an industry of PP 7/2025 with 50 workers or more) and `relief_covid` (takes part in the
    relief of PP 49/2020) are facts that somebody found; the law says in which months they lower anything.
    """

    class RiskClass(models.TextChoices):
        """Work accident risk, PP 44/2015 annex I."""

        I = "I"  # noqa: E741 the statute's own name
        II = "II"
        III = "III"
        IV = "IV"
        V = "V"

    class Size(models.TextChoices):
        """Scale, on which the programmes depend (Perpres 109/2013)."""

        MICRO = "micro"
        SMALL = "small"
        MEDIUM = "medium"
        LARGE = "large"

    number = models.CharField(max_length=8)
    division = models.CharField(max_length=3)
    name = models.CharField(max_length=200)
    risk_class = models.CharField(max_length=3, choices=RiskClass)
    size = models.CharField(max_length=6, choices=Size)
    labour_intensive = models.BooleanField(default=False)
    relief_covid = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="employer_number_division", fields=["number", "division"]),
            models.CheckConstraint(
                name="employer_number_shape",
                condition=Q(number__regex=r"^[0-9A-Z]{8}$", division__regex=r"^[0-9]{3}$"),
            ),
            models.CheckConstraint(
                name="employer_risk_class", condition=Q(risk_class__in=["I", "II", "III", "IV", "V"])
            ),
            models.CheckConstraint(
                name="employer_size", condition=Q(size__in=["micro", "small", "medium", "large"])
            ),
        ]

    def __str__(self) -> str:
        return self.full_number

    @property
    def full_number(self) -> str:
        """Number and division as they are written: 00000001-000."""
        return f"{self.number}-{self.division}"


class Employment(models.Model):
    """A member number's work for an employer, from `started` to `ended`, both counted; open when `ended` is null.

    Two employments of one member number with one employer never overlap. `job_loss_insured` says whether the
    worker could join the job loss programme (JKP) when the employment was registered.
    """

    member_number = models.ForeignKey(MemberNumber, on_delete=models.PROTECT, related_name="employments")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="employments")
    started = models.DateField()
    ended = models.DateField(null=True)
    job_loss_insured = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="employment_ends_after_start",
                condition=Q(ended__isnull=True) | Q(ended__gte=F("started")),
            ),
            ExclusionConstraint(
                name="employment_no_overlap",
                expressions=[
                    ("member_number", RangeOperators.EQUAL),
                    ("employer", RangeOperators.EQUAL),
                    (_days("started", "ended"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"employment {self.pk}"

    def covers(self, day: date) -> bool:
        """Whether the employment stands on that day."""
        return self.started <= day and (self.ended is None or day <= self.ended)


class SelfEmployment(models.Model):
    """A member number's insurance as self-employed (BPU), from `starts` to `ends`, both counted, on one income.

    A new income, sector or programme is a new row; two of one member number never overlap. `income` is the
    monthly income that he declared, in rupiah. Accident and death are always insured, old age as chosen.
    `paid_by_state` says that the state budget pays the contribution, which bars the relief of PP 50/2025.
    """

    class Sector(models.TextChoices):
        """What PP 50/2025 tells apart."""

        TRANSPORT = "transport"
        OTHER = "other"

    member_number = models.ForeignKey(MemberNumber, on_delete=models.PROTECT, related_name="self_employments")
    income = models.BigIntegerField()
    old_age = models.BooleanField()
    sector = models.CharField(max_length=9, choices=Sector)
    paid_by_state = models.BooleanField(default=False)
    relief_covid = models.BooleanField(default=False)
    starts = models.DateField()
    ends = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="self_employment_ends_after_start", condition=Q(ends__isnull=True) | Q(ends__gte=F("starts"))
            ),
            models.CheckConstraint(
                name="self_employment_income", condition=Q(income__gt=0, income__lte=MOST_RUPIAH)
            ),
            models.CheckConstraint(name="self_employment_sector", condition=Q(sector__in=["transport", "other"])),
            ExclusionConstraint(
                name="self_employment_no_overlap",
                expressions=[
                    ("member_number", RangeOperators.EQUAL),
                    (_days("starts", "ends"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"self-employment {self.pk}"

    @property
    def programmes(self) -> frozenset[str]:
        """What is insured, by the programmes' codes."""
        return frozenset({"JKK", "JKM", "JHT"} if self.old_age else {"JKK", "JKM"})


class Project(models.Model):
    """A construction project (Jakon), insured as a whole; `contract_value` is in rupiah, without VAT."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(max_length=200)
    contract_value = models.BigIntegerField()
    starts = models.DateField()
    ends = models.DateField()
    relief_covid = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="project_once", fields=["employer", "name", "starts"]),
            models.CheckConstraint(name="project_ends_after_start", condition=Q(ends__gte=F("starts"))),
            models.CheckConstraint(
                name="project_value", condition=Q(contract_value__gt=0, contract_value__lte=MOST_RUPIAH)
            ),
        ]

    def __str__(self) -> str:
        return f"project {self.pk}"


# A contract with its extension, less the day of departure, in make_interval(years, months, weeks, days).
_STAY = Func(
    Value(0),
    F("contract_months") + F("extension_months"),
    Value(0),
    Value(-1),
    function="make_interval",
    output_field=models.DurationField(),
)


class MigrantContract(models.Model):
    """A migrant worker's (PMI) contract abroad: from `departs_on` for so many months and their extension.

    `agency` tells those who leave through one from those who leave by themselves. `old_age` is the monthly sum
    chosen for old age in rupiah, 0 for none. `ends`, the last day, is reckoned by the database.
    """

    member_number = models.ForeignKey(MemberNumber, on_delete=models.PROTECT, related_name="migrant_contracts")
    departs_on = models.DateField()
    contract_months = models.SmallIntegerField()
    extension_months = models.SmallIntegerField(default=0)
    agency = models.BooleanField()
    old_age = models.BigIntegerField(default=0)
    ends = models.GeneratedField(
        expression=Cast(F("departs_on") + _STAY, models.DateField()),
        output_field=models.DateField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="migrant_contract_months",
                condition=Q(contract_months__gt=0, extension_months__gte=0)
                & Q(contract_months__lte=LONGEST_STAY_MONTHS, extension_months__lte=LONGEST_STAY_MONTHS),
            ),
            models.CheckConstraint(
                name="migrant_contract_old_age", condition=Q(old_age__gte=0, old_age__lte=MOST_RUPIAH)
            ),
            ExclusionConstraint(
                name="migrant_contract_no_overlap",
                expressions=[
                    ("member_number", RangeOperators.EQUAL),
                    (_days("departs_on", "ends"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"migrant contract {self.pk}"

    @property
    def months(self) -> int:
        """How many months it lasts, the extension counted."""
        return self.contract_months + self.extension_months
