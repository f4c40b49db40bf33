"""What anybody may read: announcements, and forms to download, each in both languages."""

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
