"""Cases: what a member asked that a person must decide; and readings: who opened what with a reason."""

from django.db import models
from django.db.models import Q

from lumbung.accounts.models import User
from lumbung.encryption import EncryptedText
from lumbung.registry.models import Person


class Case(models.Model):
    """One request about one person, open until an officer decides it or the member takes it back.

    `facts` is what was asked, as JSON with the keys of its kind, sealed; `note` is the officer's word to the
    member. `due_at` is when the law, or the fund's promise, wants it decided. A person has one open case of each
    kind and `subject`, which tells apart what may be asked side by side and is empty elsewhere.
    """

    class Kind(models.TextChoices):
        """REGISTRATION: the contacts on file can't be reached. RECOVERY: phone and e-mail are lost. PHONE: a phone
        is to be put on file. CORRECTION: name, birth date or KTP number are wrong. DISPUTE: an employer reported
        another wage than the payslip says."""

        REGISTRATION = "registration"
        RECOVERY = "recovery"
        PHONE = "phone"
        CORRECTION = "correction"
        DISPUTE = "dispute"

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    kind = models.CharField(max_length=12, choices=Kind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="cases")
    subject = models.CharField(max_length=64, db_default="")
    facts = EncryptedText()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="decided_cases")
    note = EncryptedText(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="case_one_open", fields=["person", "kind", "subject"], condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="case_decided_whole",
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True, note__isnull=True)
                | Q(state="withdrawn", decided_at__isnull=False, decided_by__isnull=True)
                | Q(
                    state__in=["accepted", "refused"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    note__isnull=False,
                ),
            ),
        ]
        indexes = [models.Index(name="case_queue", fields=["due_at"], condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"case {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class Reading(models.Model):
    """An officer opened one case, or a person's record (`case` is null), with a reason that the access log keeps.

    It shows that case, or that record, to that officer for some hours, and nothing else of the person.
    """

    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="readings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="readings")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="readings")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="reading_by_case", fields=["case", "officer", "-at"])]

    def __str__(self) -> str:
        return f"reading {self.pk}"
