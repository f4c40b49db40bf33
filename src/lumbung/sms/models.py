"""Which phone may ask for which member number."""

from django.db import models

from lumbung.registry.models import MemberNumber


class SmsRegistration(models.Model):
    """A phone that proved by DAFTAR that its holder knows the member number's birth date and NIK.

    It opens nothing by itself: the phone must also be the one on file when it asks.
    """

    member_number = models.ForeignKey(MemberNumber, on_delete=models.PROTECT, related_name="sms_registrations")
    phone_index = models.BinaryField(editable=True)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="sms_registration_once", fields=["member_number", "phone_index"]),
        ]
        indexes = [models.Index(name="sms_registration_by_phone", fields=["phone_index"])]

    def __str__(self) -> str:
        return f"sms registration {self.pk}"
