"""Of many phones at once: which member numbers they may ask for, and what stands on those."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Count

from lumbung.encryption import blind_index
from lumbung.ledger import queries as books
from lumbung.messaging.phones import phone_index
from lumbung.registry.models import MemberNumber
from lumbung.sms import answers
from lumbung.sms.models import SmsRegistration


def may_ask(pairs: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], MemberNumber]:
    """Of these pairs of phone (in E.164) and member number those in which the phone is registered for the number
    and on file of its person, who has no other number; with the member numbers and their persons."""
    numbers = {number for _, number in pairs}
    indexes = {phone: (phone_index(phone), blind_index(phone, context="phone")) for phone, _ in pairs}
    registered = {
        (bytes(index), number)
        for index, number in SmsRegistration.objects.filter(member_number_id__among=numbers).values_list(
            "phone_index", "member_number_id"
        )
    }
    found = MemberNumber.objects.filter(pk__among=numbers).select_related("person")
    found = found.only(
        "number", "person__language", "person__phone_index"
    )  # the rest is sealed, and opening it costs
    members = {member.number: member for member in found}
    have_one = _with_one_number({member.person_id for member in members.values()})
    return {
        (phone, number): members[number]
        for phone, number in pairs
        if number in members
        and members[number].person_id in have_one
        and (indexes[phone][0], number) in registered
        and bytes(members[number].person.phone_index or b"") == indexes[phone][1]
    }


def _with_one_number(persons: Collection[int]) -> set[int]:
    counted = MemberNumber.objects.filter(person_id__among=persons).values("person").annotate(numbers=Count("pk"))
    return set(counted.filter(numbers=1).values_list("person", flat=True))


def words(asked: Sequence[tuple[MemberNumber, date, str]]) -> list[str]:
    """What each is told: the member number's balance on the day, in the language."""
    balances = books.balances([(member.number, day) for member, day, _ in asked])
    return [
        answers.balance(
            number=member.number,
            amount=balances[member.number, day].old_age_balance,
            day=day,
            total=None,
            language=language,
        )
        for member, day, language in asked
    ]
