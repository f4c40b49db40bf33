"""Find who wants back in. Whoever asks, the caller says the same."""

from datetime import date, datetime

from allauth.mfa.models import Authenticator

from lumbung.accounts import queries
from lumbung.accounts.contacts.queries import EMAIL, PHONE
from lumbung.accounts.mailboxes import looks_like_one
from lumbung.accounts.models import RecoveryCode, RecoveryTries, User
from lumbung.accounts.recovery import codes
from lumbung.encryption import blind_index
from lumbung.registry import names
from lumbung.registry.identity import phone_in_e164
from lumbung.registry.models import MemberNumber, Person

USERNAME = "username"


def read_login(typed: str) -> tuple[str, str]:
    """What somebody typed to be known by: its kind (email, phone, username) and its one spelling."""
    typed = typed.strip()
    if looks_like_one(typed):
        return EMAIL, typed.lower()
    phone = phone_in_e164(typed)
    return (USERNAME, typed.lower()) if phone is None else (PHONE, phone)


def user_known_as(typed: str, *, kind: str) -> User | None:
    """Who logs in under this user name, confirmed phone or confirmed address, at the door for that kind."""
    what, value = read_login(typed)
    if what == EMAIL:
        user = queries.user_by_email(value, kind=kind)
    elif what == PHONE:
        user = queries.user_by_phone(value, kind=kind)
    else:
        user = User.objects.filter(username=value, kind=kind).first()
    return user if user is not None and user.is_active and user.is_confirmed else None


def account_of(person: Person) -> User | None:
    """The account that a person can be let into again."""
    return User.objects.filter(person=person, is_active=True, is_confirmed=True).first()


def person_by_facts(*, number: str, nik: str, born: date, name: str) -> Person | None:
    """The person with this member number, when KTP number, birth date and name are his too."""
    row = MemberNumber.objects.select_related("person").filter(pk=number).first()
    if row is None or row.person.nik_index is None:
        return None
    person = row.person
    same_nik = bytes(person.nik_index or b"") == blind_index(nik, context="nik")
    is_same = same_nik and person.birth_date == born and names.same_name(person.name, name)
    return person if is_same else None


def newest_code(person: Person, *, since: datetime) -> RecoveryCode | None:
    """The last code that was given from then on, whatever became of it."""
    return RecoveryCode.objects.filter(person=person, given_at__gte=since).order_by("-pk").first()


def is_spent(code: RecoveryCode) -> bool:
    """Whether the code was tried wrongly so often that it opens nothing any more."""
    tries = RecoveryTries.objects.filter(pk=codes.tried_code(code.pk)).first()
    return tries is not None and tries.count >= RecoveryCode.MOST_TRIES


def recovery_code(code_id: int) -> RecoveryCode:
    """An officer's code with its person."""
    return RecoveryCode.objects.select_related("person").get(pk=code_id)


def has_passkeys(user: User) -> bool:
    """Whether the user has a passkey, wherever it may be."""
    passkeys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return bool(passkeys.exists())
