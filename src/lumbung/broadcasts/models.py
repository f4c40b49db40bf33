"""One announcement's way to every phone, how far it got, and who did what with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lumbung.errors import marked
from lumbung.publications.models import Announcement

# Three parts of a long text in GSM-7; more is a letter.
LONGEST_TEXT = 459
FEWEST_AN_HOUR, MOST_AN_HOUR = 100, 100_000


# How far it is → how that is said.
STATES = {
    "draft": marked("Not sent yet"),
    "running": marked("Being sent"),
    "paused": marked("Paused"),
    "stopped": marked("Stopped"),
    "done": marked("Sent"),
}


class Broadcast(models.Model):
    """An announcement as a text in both languages, so many an hour, to the phones on file.

    Persons are taken in the order of their keys; `last_person` is the one it came to. `put_out` counts texts that
    went into the outbox, `left_out` those who want none or whose phone had it already. `expected` is how many
    phones there were when it began. What `paced_until` lets through is spent. `held_for` says why it holds by
    itself, without an officer.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        RUNNING = "running"
        PAUSED = "paused"
        STOPPED = "stopped"
        DONE = "done"

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="broadcasts")
    text_id = models.CharField(max_length=LONGEST_TEXT)
    text_en = models.CharField(max_length=LONGEST_TEXT)
    an_hour = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State, default=State.DRAFT)
    saved_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expected = models.PositiveIntegerField(default=0)
    last_person = models.BigIntegerField(default=0)
    put_out = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    paced_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="broadcast_says_something", condition=Q(text_id__regex=r"\S", text_en__regex=r"\S")
            ),
            models.CheckConstraint(
                name="broadcast_pace", condition=Q(an_hour__range=(FEWEST_AN_HOUR, MOST_AN_HOUR))
            ),
            models.CheckConstraint(
                name="broadcast_times_fit_state",
                condition=Q(state="draft", begun_at__isnull=True, ended_at__isnull=True, paced_until__isnull=True)
                | Q(state__in=["running", "paused"], begun_at__isnull=False, ended_at__isnull=True)
                & Q(paced_until__isnull=False)
                | Q(state__in=["stopped", "done"], begun_at__isnull=False, ended_at__isnull=False),
            ),
            # Two at once would be twice the pace that somebody chose.
            models.UniqueConstraint(
                name="broadcast_one_runs", fields=["state"], condition=Q(state__in=["running"])
            ),
        ]

    def __str__(self) -> str:
        return f"broadcast {self.pk}"

    @property
    def state_words(self) -> str:
        """How far it is, a sentence of the catalogue."""
        return STATES[self.state]

    @property
    def texts(self) -> dict[str, str]:
        """What is said, by language."""
        return {"id": self.text_id, "en": self.text_en}


class BroadcastDeed(models.Model):
    """Who did what with a broadcast, when; nobody when it went on or held by itself. Only added to."""

    class Deed(models.TextChoices):
        SAVED = "saved"
        BEGUN = "begun"
        PAUSED = "paused"
        HELD = "held"
        RESUMED = "resumed"
        STOPPED = "stopped"
        DONE = "done"

    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="deeds")
    deed = models.CharField(max_length=7, choices=Deed)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="broadcast_deeds", fields=["broadcast", "at"])]

    def __str__(self) -> str:
        return f"broadcast deed {self.pk}"
