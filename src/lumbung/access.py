"""The gates: which rows may this person reach. "Not there" and "not yours" are one and the same answer."""

import hmac
from collections.abc import Collection, Sequence
from datetime import date, datetime

from lumbung.accounts.models import Message, User, WaitingPhone
from lumbung.accounts.newphones import queries as newphones
from lumbung.billing import explanation as billing
from lumbung.billing.models import Bill
from lumbung.casework.models import Case, Reading
from lumbung.casework.records import queries as records
from lumbung.contributions import explanation as contributions
from lumbung.contributions.models import ReturnLine
from lumbung.encryption import blind_index
from lumbung.errors import Refusal, marked
from lumbung.ledger import lines
from lumbung.ledger.lines import AccountLine
from lumbung.profiles.models import Heir
from lumbung.registry import identity
from lumbung.registry.models import Employer, MemberNumber, Person


class NotReachable(Refusal):
    """The row is not there, or it is not this person's; nobody learns which."""

    code = "not_reachable"
    sentence = marked("There is nothing here that you may see.")


def person(user: User) -> Person:
    """The insured person a member's user stands for. Raises NotReachable for every other kind of user."""
    if not (user.is_authenticated and user.kind == User.Kind.MEMBER and user.person is not None):
        raise NotReachable
    return user.person


def member_numbers(user: User) -> list[str]:
    """All member numbers of the user's person, the oldest first."""
    return list(person(user).member_numbers.order_by("number").values_list("number", flat=True))


def member_number_for(user: User, number: str) -> MemberNumber:
    """The member number, when it is one of the user's own. Raises NotReachable."""
    found = person(user).member_numbers.filter(pk=number).first()
    if found is None:
        raise NotReachable
    return found


def entry_for(user: User, entry_id: int) -> list[AccountLine]:
    """The lines that the user's member numbers have in an entry. Raises NotReachable when they have none."""
    found = lines.of_entries(member_numbers(user), entries=[entry_id])
    if not found:
        raise NotReachable
    return found


def contribution_for(user: User, return_id: int) -> list[ReturnLine]:
    """The lines that the user's member numbers have in an employer's return. Raises NotReachable."""
    found = contributions.lines_of(return_id, member_numbers(user))
    if not found:
        raise NotReachable
    return found


def bill_for(user: User, bill_id: int) -> Bill:
    """The bill, when one of the user's member numbers was asked to pay it. Raises NotReachable."""
    found = billing.bill_of(bill_id, member_numbers(user))
    if found is None:
        raise NotReachable
    return found


def member_number_for_phone(phone: str, number: str) -> MemberNumber | None:
    """The member number, when the phone (in E.164) is the one on file of its person; otherwise None."""
    return next(iter(member_numbers_for_phone(phone, [number])), None)


def member_numbers_for_phone(phone: str, numbers: Sequence[str]) -> list[MemberNumber]:
    """Those of the member numbers on whose person's file the phone (in E.164) is, with their persons."""
    found = MemberNumber.objects.filter(pk__in=numbers, person__phone_index=blind_index(phone, context="phone"))
    return list(found.select_related("person").order_by("pk"))


def member_number_for_facts(number: str, *, born: date, nik: str) -> MemberNumber | None:
    """The member number, when birth date and NIK are its person's; both are compared whole, whichever is wrong."""
    found = MemberNumber.objects.select_related("person").filter(pk=number).first()
    return found if found is not None and _knows(found.person, born, nik) else None


def right_facts(asked: Collection[tuple[str, date, str]]) -> set[tuple[str, date, str]]:
    """Those of the member numbers with birth dates and NIKs that are right; one statement for any number."""
    found = MemberNumber.objects.select_related("person").in_bulk({number for number, _, _ in asked})
    return {
        (number, born, nik)
        for number, born, nik in asked
        if number in found and _knows(found[number].person, born, nik)
    }


def _knows(person: Person, born: date, nik: str) -> bool:
    has_born = hmac.compare_digest(born.isoformat(), person.birth_date.isoformat())
    has_nik = hmac.compare_digest(nik, person.nik or "")
    return has_born & has_nik


def member_number_for_program(user: User, number: str) -> MemberNumber:
    """The member number, for a program; which programs may ask is a matter of scopes. Raises NotReachable."""
    is_program = user.is_authenticated and user.kind == User.Kind.PROGRAM
    found = MemberNumber.objects.filter(pk=number).first() if is_program else None
    if found is None:
        raise NotReachable
    return found


def employer_for(user: User, full_number: str) -> Employer:
    """The employer's division, when the user belongs to it. Raises NotReachable."""
    parts = identity.EMPLOYER_NUMBER.fullmatch(full_number)
    own = user.employer if user.is_authenticated and user.kind == User.Kind.EMPLOYER else None
    if parts is None or own is None or (own.number, own.division) != parts.groups():
        raise NotReachable
    return own


def message_for(user: User, message_id: int) -> Message:
    """The message, when it is in the inbox of the member who asks. Raises NotReachable."""
    person(user)
    found = Message.objects.filter(pk=message_id, user=user).first()
    if found is None:
        raise NotReachable
    found.user = user  # the one at hand, whose number of unread ones falls by reading
    return found


def case_for_officer(user: User, case_id: int) -> Case:
    """The case with its person, for an officer. Raises NotReachable."""
    is_officer = user.is_authenticated and user.kind == User.Kind.OFFICER
    found = Case.objects.select_related("person", "decided_by").filter(pk=case_id).first() if is_officer else None
    if found is None:
        raise NotReachable
    return found


def record_for_officer(user: User, reading_id: int, now: datetime) -> Reading:
    """The record that the officer himself opened with a reason a short while ago. Raises NotReachable."""
    is_officer = user.is_authenticated and user.kind == User.Kind.OFFICER
    found = records.opened(reading_id, user, now) if is_officer else None
    if found is None:
        raise NotReachable
    return found


def case_for(user: User, case_id: int) -> Case:
    """The case, when it is about the member who asks. Raises NotReachable."""
    found = Case.objects.filter(pk=case_id, person=person(user)).first()
    if found is None:
        raise NotReachable
    return found


def waiting_phone_for(user: User, waiting_id: int) -> WaitingPhone:
    """The phone that waits for the member's word. Raises NotReachable."""
    found = newphones.waiting_phone(person(user), waiting_id)
    if found is None:
        raise NotReachable
    return found


def heir_for(user: User, heir_id: int) -> Heir:
    """The heir, when the member who asks named him. Raises NotReachable."""
    found = Heir.objects.filter(pk=heir_id, person=person(user)).first()
    if found is None:
        raise NotReachable
    return found
