"""Pages of evidence: one picture each, sealed, tied to a case."""

from django.db import models
from django.db.models import Q

from lumbung.casework.models import Case
from lumbung.encryption import EncryptedField


class EvidencePage(models.Model):
    """One page that a member sent with a case, as a JPEG that we drew ourselves from what came.

    `scanned` says whether a scanner looked at the file as it came. The page is forgotten some time after the case
    was decided.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    position = models.SmallIntegerField()
    image = EncryptedField()
    width = models.IntegerField()
    height = models.IntegerField()
    scanned = models.BooleanField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="evidence_page_once", fields=["case", "position"]),
            models.CheckConstraint(
                name="evidence_page_has_a_size", condition=Q(position__gte=1, width__gte=1, height__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"page {self.position} of case {self.case_id}"
