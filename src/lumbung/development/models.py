"""Runs of the development result, their chunks, and the working of each account."""

from django.db import models
from django.db.models import Q

from lumbung.development.bookkeeping import SKIPPED


class DevelopmentRun(models.Model):
    """The result of one year, credited to all accounts, or an adjustment of it after back-dated bookings.

    `number` counts the runs of a year from 1. `rate` is percent a year as it was decreed. `looked_to` stands on
    the annual run: bookings up to that instant were looked through for adjustments.
    """

    class Kind(models.TextChoices):
        ANNUAL = "annual"
        ADJUSTMENT = "adjustment"

    class State(models.TextChoices):
        WORKING = "working"
        FINISHED = "finished"

    id = models.AutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind)
    year = models.SmallIntegerField()
    number = models.IntegerField()
    rate = models.CharField(max_length=12)
    decree = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.WORKING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    looked_to = models.DateTimeField()

    class Meta:
        db_table = "development_run"
        constraints = [
            models.UniqueConstraint(name="development_run_once", fields=["year", "number"]),
            models.UniqueConstraint(
                name="development_run_one_a_year", fields=["year"], condition=Q(kind="annual")
            ),
            models.UniqueConstraint(
                name="development_run_one_adjustment",
                fields=["year"],
                condition=Q(kind="adjustment", state="working"),
            ),
            models.CheckConstraint(
                name="development_run_finished_then",
                condition=Q(state="finished", finished_at__isnull=False)
                | Q(state="working", finished_at__isnull=True),
            ),
            models.CheckConstraint(
                name="development_run_rate_written", condition=Q(rate__regex=r"^[0-9]{1,2}(\.[0-9]{1,4})?$")
            ),
        ]

    def __str__(self) -> str:
        return f"development run {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.state == self.State.FINISHED


class DevelopmentChunk(models.Model):
    """Accounts whose numbers lie from `first` on and before `beyond`: one transaction of a run.

    Without `beyond` the chunk has no end, and the first one no beginning, so each account belongs to one of them.
    """

    run = models.ForeignKey(DevelopmentRun, on_delete=models.PROTECT, related_name="chunks")
    number = models.IntegerField()
    first = models.TextField(db_collation="C")
    beyond = models.TextField(db_collation="C", null=True)
    done_at = models.DateTimeField(null=True)
    entry_id = models.BigIntegerField(null=True)
    accounts = models.IntegerField(default=0)

    class Meta:
        db_table = "development_chunk"
        constraints = [
            models.UniqueConstraint(name="development_chunk_once", fields=["run", "number"]),
            models.UniqueConstraint(name="development_chunk_entry_once", fields=["entry_id"]),
        ]

    def __str__(self) -> str:
        return f"development chunk {self.pk}"


class DevelopmentWorking(models.Model):
    """How the result of one account was worked out in one run; money in whole rupiah. Rows are only added.

    Counted are the account's lines up to `position`. `opening` is what it held on 1 January by value date, `moved`
    what came and went in the year, `weighted` 12 * opening + the sum of amount * (13 - month). `entitled` is what
    follows from it, `credited` what the account had got before for the year; the difference was posted, unless
    `skipped` says why not. Wide columns first: a row of 88 bytes.
    """

    pk = models.CompositePrimaryKey("year", "member_number", "run_id")
    opening = models.BigIntegerField()
    moved = models.BigIntegerField()
    weighted = models.BigIntegerField()
    entitled = models.BigIntegerField()
    credited = models.BigIntegerField()
    run = models.ForeignKey(
        DevelopmentRun, on_delete=models.PROTECT, related_name="workings", db_index=False, db_constraint=False
    )
    position = models.IntegerField()
    year = models.SmallIntegerField()
    member_number = models.TextField(db_collation="C")
    skipped = models.TextField(db_collation="C")

    class Meta:
        db_table = "development_working"
        constraints = [
            models.CheckConstraint(
                name="development_working_reason", condition=Q(skipped="") | Q(skipped__in=sorted(SKIPPED))
            ),
        ]
        indexes = [
            # Few rows: only these are looked for again, when the account holds enough.
            models.Index(name="development_working_owed", fields=["year"], condition=Q(skipped="overdrawn")),
        ]

    def __str__(self) -> str:
        return "development working"

    @property
    def difference(self) -> int:
        """What was to be posted: below zero when the account had got too much."""
        return self.entitled - self.credited
