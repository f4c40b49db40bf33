"""Read about users, their contacts and their tokens."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client, Token
from django.db.models import DateTimeField, Q, Value

from lumbung import prepared
from lumbung.accounts.errors import NoSuchUser
from lumbung.accounts.models import ContactChange, Lock, Phone, ReadOnly, User
from lumbung.accounts.phones import account_phone_index


@dataclass(frozen=True, slots=True)
class ProgramToken:
    """An access token that is valid, of a program that is switched on."""

    program: User
    name: str
    scopes: tuple[str, ...]


# Asked with every request of every program, so past the ORM and prepared on the server.
_TOKEN = f"""
    SELECT t.scopes, c.name, u.id, u.username, u.language
    FROM {Token._meta.db_table} AS t
    JOIN {Client._meta.db_table} AS c ON c.id = t.client_id
    JOIN {User._meta.db_table} AS u ON u.id = c.owner_id
    WHERE t.type = %s AND t.hash = %s AND (t.expires_at IS NULL OR t.expires_at > statement_timestamp())
      AND u.is_active AND u.kind = %s
"""  # noqa: S608  (names of tables)


def program_token(value: str) -> ProgramToken | None:
    """The access token with this value, while it and its program are valid."""
    digest = hashlib.sha256(value.encode(errors="surrogatepass")).hexdigest()  # as allauth keeps it
    found = prepared.rows(_TOKEN, [Token.Type.ACCESS_TOKEN.value, digest, User.Kind.PROGRAM.value])
    if not found:
        return None
    scopes, name, key, username, language = found[0]
    program = User(pk=key, username=username, kind=User.Kind.PROGRAM, language=language)
    return ProgramToken(program, name, tuple(scopes.split()))


def user_by_name(username: str) -> User:
    """The user of this name, of whatever kind. Raises NoSuchUser."""
    found = User.objects.filter(username=username.lower()).first()
    if found is None:
        raise NoSuchUser
    return found


def user_by_phone(phone: str, *, kind: str) -> User | None:
    """The user of that kind who confirmed this phone (in E.164)."""
    found = Phone.objects.select_related("user").filter(
        number_index=account_phone_index(phone), kind=kind, verified_at__isnull=False
    )
    row = found.first()
    return None if row is None else row.user


def user_by_email(email: str, *, kind: str) -> User | None:
    """The user of that kind who confirmed this e-mail address, in any case of letters."""
    found = EmailAddress.objects.select_related("user").filter(email=email.lower(), verified=True, user__kind=kind)
    row = found.first()
    return None if row is None else row.user


def phone(user: User) -> tuple[str, bool] | None:
    """The user's phone in E.164, and whether it is confirmed."""
    row = Phone.objects.filter(user=user).first()
    return None if row is None else (row.number, row.verified_at is not None)


def read_only_until(user: User, now: datetime) -> ReadOnly | None:
    """The time in which the user may change nothing, if now is one; of several the one that lasts longest.

    A lock of his person (`Lock`) is one as well, without an end, and comes before all others. Both are one
    question to the database, because every page on which something can be changed asks it.
    """
    running = ReadOnly.objects.filter(user=user, lifted_at__isnull=True, since__lte=now)
    running = running.filter(Q(until__isnull=True) | Q(until__gt=now))
    found = running.annotate(is_lock=Value(False)).values_list("is_lock", "cause", "since", "until")
    locks = Lock.objects.filter(person=user.person_id, lifted_at__isnull=True).annotate(
        is_lock=Value(True), cause=Value(ReadOnly.Cause.LOCKED.value), until=Value(None, DateTimeField())
    )
    found = found.union(locks.values_list("is_lock", "cause", "since", "until"), all=True)
    row = found.order_by("-is_lock", "-until").first()
    return None if row is None else ReadOnly(user=user, cause=row[1], since=row[2], until=row[3])


def cooling_off(user: User, now: datetime) -> ContactChange | None:
    """The latest change of a contact that still bars what moves money."""
    return user.contact_changes.filter(cools_until__gt=now).order_by("-cools_until").first()
