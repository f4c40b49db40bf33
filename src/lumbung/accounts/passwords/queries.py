"""What is known of a user that a password must not hold, and how long a password must be."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings

from lumbung.accounts.models import AccessEvent, Phone, User
from lumbung.accounts.passwords.policy import FUND_WORDS, LEAST, LEAST_WITH_FACTOR, Personal
from lumbung.registry.models import MemberNumber, Person

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User) -> bool:
    """Whether log-in with the password asks this user for an app's code or a passkey too."""
    return user.pk is not None and bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def least_length(user: User | None) -> int:
    """How many characters this user's password must have."""
    return LEAST_WITH_FACTOR if user is not None and has_second_factor(user) else LEAST


def personal(user: User) -> Personal:
    """What whoever knows the user would try. Of a user who is not kept yet, what it has.

    A flow that knows more than is kept (contacts that are just being typed) puts it as texts into an attribute
    `also_personal` of the user: addresses have an @, all else is taken for a phone.
    """
    also = tuple(getattr(user, "also_personal", ()))
    emails, phones = _contacts(user)
    person, employer = user.person, user.employer
    numbers = [] if employer is None else [employer.full_number]
    if person is not None:
        numbers += [person.nik or "", *_member_numbers(person)]
        phones.append(person.phone or "")
        emails.append(person.email or "")
    return Personal(
        names=() if person is None else (person.name,),
        birth_date=None if person is None else person.birth_date,
        usernames=(user.username,),
        emails=tuple(each for each in (*emails, *also) if "@" in each),
        phones=tuple(each for each in (*phones, *also) if each and "@" not in each),
        numbers=tuple(numbers),
        firms=() if employer is None else (employer.name,),
        fund=(*FUND_WORDS, getattr(settings, "LUMBUNG_NAME", "Lumbung")),
    )


def _contacts(user: User) -> tuple[list[str], list[str]]:
    emails, phones = [user.email], []
    if user.pk is not None:
        emails += EmailAddress.objects.filter(user=user).values_list("email", flat=True)
        phones += [phone.number for phone in Phone.objects.filter(user=user)]
    return emails, phones


def _member_numbers(person: Person) -> list[str]:
    return list(MemberNumber.objects.filter(person=person).values_list("number", flat=True))


def username_changes_again(user: User, now: datetime) -> datetime | None:
    """When the user name may be changed again; None when it may be now."""
    since = now - timedelta(days=1)
    last = AccessEvent.objects.filter(user=user, what="username_changed", at__gt=since).order_by("-at").first()
    return None if last is None else last.at + timedelta(days=1)
