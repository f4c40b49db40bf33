"""Which phone may ask for which member number."""

from collections.abc import Collection
from datetime import datetime

from lumbung import access
from lumbung.encryption import blind_index
from lumbung.messaging.phones import phone_index
from lumbung.registry.models import MemberNumber, Person
from lumbung.sms.models import SmsRegistration


def may_ask_for(phone: str, number: str | None) -> list[MemberNumber]:
    """The member numbers that the phone (in E.164) is registered for and is the one on file of: all, or this one.

    For one number both are looked up in any case, so that the time tells nothing.
    """
    rows = SmsRegistration.objects.filter(phone_index=phone_index(phone))
    if number is not None:
        rows = rows.filter(member_number=number)
    registered = list(rows.order_by("member_number").values_list("member_number", flat=True))
    on_file = access.member_numbers_for_phone(phone, registered if number is None else [number])
    return [member for member in on_file if member.number in registered]


def known_phones(senders: Collection[str]) -> set[str]:
    """Those of the senders that are a phone (in E.164) which is registered, or on file of anybody."""
    registered, on_file = (
        {index(sender): sender for sender in senders}
        for index in (phone_index, lambda sender: blind_index(sender, context="phone"))
    )
    found = SmsRegistration.objects.filter(phone_index__in=registered).values_list("phone_index", flat=True)
    persons = Person.objects.filter(phone_index__in=on_file).values_list("phone_index", flat=True)
    return {registered[bytes(index)] for index in found} | {on_file[bytes(index)] for index in persons if index}


def registered_since(member: MemberNumber, since: datetime) -> int:
    """How many phones registered for the number since then."""
    return SmsRegistration.objects.filter(member_number=member, registered_at__gt=since).count()
