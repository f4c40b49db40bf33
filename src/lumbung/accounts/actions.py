"""Make users of the four kinds. Passwords and secrets are never logged and never stored readable."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from allauth.idp.oidc.models import Client, Token
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from procrastinate.contrib.django import app

from lumbung.accounts import usernames
from lumbung.accounts.errors import AlreadyHasUser, UsernameTaken
from lumbung.accounts.models import User
from lumbung.registry.models import Employer, Person


@dataclass(frozen=True, slots=True)
class Program:
    """A program's way in. The secret is given out this once: only its hash is kept."""

    user: User
    client_id: str
    secret: str = field(repr=False)


@transaction.atomic
def make_member_user(person: Person, username: str, password: str, *, language: str = "id") -> User:
    """Let a member log in. Raises UsernameTaken, AlreadyHasUser, ValidationError with all reasons."""
    if User.objects.filter(person=person).exists():
        raise AlreadyHasUser
    return _make(User(kind=User.Kind.MEMBER, person=person, language=language), username, password)


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
    user.save()
    return user


@app.periodic(cron="20 2 * * *")
@app.task(name="lumbung.accounts.actions.forget_what_is_over", queueing_lock="lumbung.accounts.forget")
def forget_what_is_over(timestamp: int) -> None:
    """Each night: delete sessions and programs' tokens that are no longer good for anything."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    Token.objects.filter(expires_at__lt=now).delete()
