"""Make users of the four kinds. Passwords and secrets are never logged and never stored readable."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from allauth.idp.oidc.models import Client, Token
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from procrastinate.contrib.django import app

from lumbung.accounts import usernames
from lumbung.accounts.access_events import WORDS
from lumbung.accounts.errors import AlreadyHasUser, UsernameTaken
from lumbung.accounts.models import AccessEvent, Phone, User
from lumbung.accounts.phones import account_phone_index
from lumbung.messaging import actions as messaging
from lumbung.registry.models import Employer, Person


@dataclass(frozen=True, slots=True)
class Program:
    """A program's way in. The secret is given out this once: only its hash is kept."""

    user: User
    client_id: str
    secret: str = field(repr=False)


@transaction.atomic
def make_member_user(
    person: Person,
    username: str,
    password: str,
    *,
    language: str = "id",
    email: str = "",
    registered_at: datetime | None = None,
) -> User:
    """Let a member log in; one who registers by himself (`registered_at`), once he is confirmed.

    Raises UsernameTaken, AlreadyHasUser, ValidationError with all reasons.
    """
    if User.objects.filter(person=person).exists():
        raise AlreadyHasUser
    user = User(kind=User.Kind.MEMBER, person=person, language=language, email=email)
    user.registered_at, user.is_confirmed = registered_at, registered_at is None
    return _make(user, username, password)


@transaction.atomic
def make_employer_user(employer: Employer, username: str, password: str, *, language: str = "id") -> User:
    """Let somebody act for an employer. Raises UsernameTaken, ValidationError with all reasons."""
    return _make(User(kind=User.Kind.EMPLOYER, employer=employer, language=language), username, password)


@transaction.atomic
def make_officer(username: str, password: str, *, language: str = "id") -> User:
    """Let an officer of the fund log in. Raises UsernameTaken, ValidationError with all reasons."""
    return _make(User(kind=User.Kind.OFFICER, language=language), username, password)


@transaction.atomic
def make_program(name: str, *, scopes: Sequence[str] = ("me",)) -> Program:
    """Let a program fetch tokens for these scopes (OAuth 2 client credentials, no other grant)."""
    secret = get_random_string(43)  # 256 bits
    client = Client(name=name, default_scopes="\n".join(scopes), scopes="\n".join(scopes))
    client.grant_types = Client.GrantType.CLIENT_CREDENTIALS
    client.response_types = ""
    client.set_secret(secret)
    user = User(kind=User.Kind.PROGRAM, username=f"program.{client.id}")
    user.set_unusable_password()
    user.save()
    client.owner = user
    client.save()
    return Program(user=user, client_id=client.id, secret=secret)


def _make(user: User, username: str, password: str) -> User:
    user.username = username.lower()
    for validator in usernames.validators:
        validator(user.username)
    if User.objects.filter(username=user.username).exists():
        raise UsernameTaken
    validate_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as refused:
        if "username" not in str(refused):
            raise
        raise UsernameTaken from None  # by somebody who chose it in the same moment
    return user


@transaction.atomic
def set_phone(user: User, phone: str, *, verified_at: datetime | None) -> None:
    """Keep the user's phone (in E.164). Once confirmed, it is taken from whoever else had it unconfirmed.

    Raises IntegrityError when another user of the kind confirmed it before; the flows ask first.
    """
    index = account_phone_index(phone)
    if verified_at is not None:
        messaging.note_reached(phone)
        Phone.objects.filter(number_index=index, kind=user.kind, verified_at__isnull=True).exclude(
            user=user
        ).delete()
    Phone.objects.update_or_create(
        user=user,
        defaults={"kind": user.kind, "number": phone, "number_index": index, "verified_at": verified_at},
    )


def note_access(
    what: str,
    *,
    now: datetime,
    place: str,
    user: User | None = None,
    person: Person | None = None,
    actor: User | None = None,
    reason: str | None = None,
) -> AccessEvent:
    """Write into the access log who did what with a person's record or a user's account.

    `what` is a word of access_events.WORDS, `place` the door's name, `reason` an officer's own words.
    """
    assert what in WORDS, what
    person = person or (user.person if user is not None else None)
    return AccessEvent.objects.create(
        person=person, user=user, actor=actor, what=what, place=place, reason=reason, at=now
    )


@app.periodic(cron="20 2 * * *")
@app.task(name="lumbung.accounts.actions.forget_what_is_over", queueing_lock="lumbung.accounts.forget")
def forget_what_is_over(timestamp: int) -> None:
    """Each night: delete sessions and programs' tokens that are no longer good for anything."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    Token.objects.filter(expires_at__lt=now).delete()
