"""Persons, their member numbers, employers, and who worked where from when to when."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from lumbung.encryption import EncryptedDate, EncryptedText


class Person(models.Model):
    """One insured person, who may have several member numbers.

    The NIK, birth date, phone, e-mail and address are encrypted; the `…_index` columns are blind indexes.
    """

    name = models.CharField(max_length=200)
    nik = EncryptedText(null=True)
    nik_index = models.BinaryField(unique=True, null=True, editable=True)
    birth_date = EncryptedDate()
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
    """An employer's division, known by its number (NPP) and division number."""

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

    Two employments of one member number with one employer never overlap.
    """

    member_number = models.ForeignKey(MemberNumber, on_delete=models.PROTECT, related_name="employments")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="employments")
    started = models.DateField()
    ended = models.DateField(null=True)

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
                    (
                        Func(
                            "started",
                            "ended",
                            RangeBoundary(inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"employment {self.pk}"

    def covers(self, day: date) -> bool:
        """Whether the employment stands on that day."""
        return self.started <= day and (self.ended is None or day <= self.ended)
