"""The rows of the books, to read. The tables, their guards and their functions are in sql/."""

from django.db import models


class ControlAccount(models.Model):
    """An account of the general ledger."""

    code = models.TextField(primary_key=True)
    name = models.TextField()

    class Meta:
        managed = False
        db_table = "ledger_controlaccount"

    def __str__(self) -> str:
        return self.code


class Entry(models.Model):
    """One fact or one batch. `day` is when it happened, `recorded_at` when it was booked.

    A reversal `reverses` the whole of another entry; a correction `corrects` the lines of some of its members.
    """

    id = models.BigIntegerField(primary_key=True)
    key = models.TextField(unique=True)
    kind = models.TextField()
    day = models.DateField()
    recorded_at = models.DateTimeField()
    reverses = models.OneToOneField(
        "self", models.PROTECT, db_column="reverses", null=True, related_name="reversed_by"
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, db_column="corrects", null=True, related_name="corrected_by"
    )
    reason = models.TextField()
    line_count = models.IntegerField()
    control_count = models.IntegerField()
    digest = models.BinaryField()

    class Meta:
        managed = False
        db_table = "ledger_entry"

    def __str__(self) -> str:
        return f"entry {self.pk}"


class ControlLine(models.Model):
    """A line of the general ledger: debits positive, credits negative, an entry's sum is zero."""

    pk = models.CompositePrimaryKey("entry_id", "position")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="control_lines")
    position = models.SmallIntegerField()
    account = models.ForeignKey(ControlAccount, models.PROTECT, db_column="account", related_name="+")
    amount = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "ledger_controlline"

    def __str__(self) -> str:
        return f"control line {self.position} of entry {self.entry_id}"


class Totals(models.Model):
    """What a member number has had so far, in whole rupiah and months."""

    contribution_total = models.BigIntegerField()
    development_total = models.BigIntegerField()
    withdrawal_total = models.BigIntegerField()
    pension_total = models.BigIntegerField()
    pension_months_total = models.IntegerField()

    class Meta:
        abstract = True

    @property
    def old_age_balance(self) -> int:
        return self.contribution_total + self.development_total - self.withdrawal_total


class MemberLine(Totals):
    """A line of a member's account: amounts, and the totals after it."""

    pk = models.CompositePrimaryKey("member_number", "book_day", "position")
    member_number = models.TextField()
    position = models.IntegerField()
    book_day = models.DateField()
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="member_lines")
    day = models.DateField()
    contribution_month = models.DateField(null=True)
    contribution = models.BigIntegerField()
    development = models.BigIntegerField()
    withdrawal = models.BigIntegerField()
    pension = models.BigIntegerField()
    pension_months = models.SmallIntegerField()

    class Meta:
        managed = False
        db_table = "ledger_memberline"

    def __str__(self) -> str:
        return f"line {self.position} of entry {self.entry_id}"


class MemberAccount(Totals):
    """The present totals of a member number. `last_book_day` is the book day of its last line."""

    member_number = models.TextField(primary_key=True)
    last_position = models.IntegerField()
    last_book_day = models.DateField()

    class Meta:
        managed = False
        db_table = "ledger_memberaccount"

    def __str__(self) -> str:
        return "member account"


class Seal(models.Model):
    """A link of the chain of digests."""

    sequence = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT)
    booked_to = models.DateTimeField()
    digest = models.BinaryField()

    class Meta:
        managed = False
        db_table = "ledger_seal"

    def __str__(self) -> str:
        return f"seal {self.sequence}"
