"""What anybody may read, each in both languages: announcements, forms to download, officers' texts of the help;
what officers are writing, and who changed what."""

from django.conf import settings
from django.db import models
from django.db.models import BinaryField, F, Func, Q
from django.db.models.functions import Length

from lumbung.publications.files import ENDINGS

LONGEST_SLUG = 60
LONGEST_TITLE = 120
LONGEST_PURPOSE = 300
LONGEST_BODY = 20_000
MOST_FORM_BYTES = 5_000_000
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _filled(*columns: str) -> Q:
    """All of these texts say something."""
    return Q(*(Q(**{f"{column}__regex": r"\S"}) for column in columns))


class Announcement(models.Model):
    """A notice to everybody, shown from one day to another, both counted; without an end until withdrawn."""

    slug = models.CharField(max_length=LONGEST_SLUG, unique=True, db_collation="C")
    title_id = models.CharField(max_length=LONGEST_TITLE)
    title_en = models.CharField(max_length=LONGEST_TITLE)
    body_id = models.TextField(max_length=LONGEST_BODY)
    body_en = models.TextField(max_length=LONGEST_BODY)
    published_from = models.DateField()
    published_until = models.DateField(null=True)
    pinned = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="announcement_slug_shape", condition=Q(slug__regex=SLUG)),
            models.CheckConstraint(
                name="announcement_says_something", condition=_filled("title_id", "title_en", "body_id", "body_en")
            ),
            models.CheckConstraint(
                name="announcement_ends_after_it_starts",
                condition=Q(published_until__isnull=True) | Q(published_until__gte=F("published_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"announcement {self.slug}"


class Form(models.Model):
    """A form to download: what it is for, and the file itself. A new file takes the place of the old one."""

    slug = models.CharField(max_length=LONGEST_SLUG, unique=True, db_collation="C")
    title_id = models.CharField(max_length=LONGEST_TITLE)
    title_en = models.CharField(max_length=LONGEST_TITLE)
    purpose_id = models.CharField(max_length=LONGEST_PURPOSE)
    purpose_en = models.CharField(max_length=LONGEST_PURPOSE)
    place = models.PositiveSmallIntegerField(default=100)  # smaller numbers come first in the list
    content = models.BinaryField(max_length=MOST_FORM_BYTES)
    digest = models.BinaryField()  # SHA-256 of the content
    media_type = models.CharField(max_length=80)
    bytes_count = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="form_slug_shape", condition=Q(slug__regex=SLUG)),
            models.CheckConstraint(
                name="form_says_something", condition=_filled("title_id", "title_en", "purpose_id", "purpose_en")
            ),
            models.CheckConstraint(
                name="form_size_is_its_own",
                condition=Q(bytes_count=Length("content")) & Q(bytes_count__range=(1, MOST_FORM_BYTES)),
            ),
            models.CheckConstraint(
                name="form_digest_is_its_own",
                condition=Q(digest=Func("content", function="sha256", output_field=BinaryField())),
            ),
            models.CheckConstraint(name="form_media_type_known", condition=Q(media_type__in=tuple(ENDINGS))),
        ]

    def __str__(self) -> str:
        return f"form {self.slug}"


class HelpText(models.Model):
    """One version of a topic of the help. The newest decides; one that says nothing is the built-in text again.

    The ways out of a topic stay those of `publications.helping`. Only added to.
    """

    topic = models.CharField(max_length=LONGEST_SLUG, db_collation="C")
    number = models.PositiveIntegerField()
    title_id = models.CharField(max_length=LONGEST_TITLE, blank=True)
    title_en = models.CharField(max_length=LONGEST_TITLE, blank=True)
    body_id = models.TextField(max_length=LONGEST_BODY, blank=True)
    body_en = models.TextField(max_length=LONGEST_BODY, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="help_text_once", fields=["topic", "number"]),
            models.CheckConstraint(
                name="help_text_whole_or_built_in",
                condition=Q(title_id="", title_en="", body_id="", body_en="")
                | _filled("title_id", "title_en", "body_id", "body_en"),
            ),
        ]

    def __str__(self) -> str:
        return f"help {self.topic} {self.number}"

    @property
    def is_built_in(self) -> bool:
        return not self.title_id


class Kind(models.TextChoices):
    """What officers write: announcements, forms to download, topics of the help."""

    ANNOUNCEMENT = "announcement"
    FORM = "form"
    HELP = "help"


class Draft(models.Model):
    """What officers are writing under a name; nobody else sees it. Publishing it empties the place.

    `facts` holds texts and days by the names of their columns, unfinished ones too; `content` a form's new file.
    """

    kind = models.CharField(max_length=12, choices=Kind)
    slug = models.CharField(max_length=LONGEST_SLUG, db_collation="C")
    facts = models.JSONField()
    content = models.BinaryField(max_length=MOST_FORM_BYTES, null=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="draft_once", fields=["kind", "slug"]),
            models.CheckConstraint(name="draft_slug_shape", condition=Q(slug__regex=SLUG)),
            models.CheckConstraint(name="draft_file_of_form", condition=Q(kind="form") | Q(content__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"draft of {self.kind} {self.slug}"


class Edit(models.Model):
    """Who changed what everybody reads, and when; `by` is null for the operator's commands. Only added to."""

    class Deed(models.TextChoices):
        SAVED = "saved"
        DISCARDED = "discarded"
        PUBLISHED = "published"
        ENDED = "ended"

    kind = models.CharField(max_length=12, choices=Kind)
    slug = models.CharField(max_length=LONGEST_SLUG, db_collation="C")
    deed = models.CharField(max_length=9, choices=Deed)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="edit_by_name", fields=["kind", "slug", "-at"])]

    def __str__(self) -> str:
        return f"{self.deed} {self.kind} {self.slug}"
