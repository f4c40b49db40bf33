"""Confirm, change and put on file the contacts of users, and tell users what happens to them."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lumbung.accounts import actions as accounts
from lumbung.accounts.contacts import letters, queries
from lumbung.accounts.contacts.errors import ContactTaken
from lumbung.accounts.contacts.queries import EMAIL, PHONE, Channels
from lumbung.accounts.envelopes import opened
from lumbung.accounts.inbox import actions as inbox
from lumbung.accounts.locking.queries import require_open
from lumbung.accounts.models import ContactChange, Phone, User
from lumbung.accounts.phones import account_phone_index
from lumbung.messaging import actions as messaging
from lumbung.messaging import queries as sent
from lumbung.messaging.lanes import WORTH_OF_WARNING, Lane
from lumbung.registry import actions as registry
from lumbung.registry.models import Person

CODE_PURPOSE = "contact code"
CODE_IS_GOOD_FOR = timedelta(minutes=10)
# More than anybody needs who waits for a code; less than would annoy the owner of a contact that others type.
MOST_AN_HOUR, MOST_A_DAY = 6, 12
CHANGED = {PHONE: "phone_changed", EMAIL: "email_changed"}
RETRY = RetryStrategy(max_attempts=3, exponential_wait=2)


@transaction.atomic
def tell_user(user: User, channels: Channels, word: str, *, now: datetime, **facts: str | datetime) -> None:
    """Say the same to all of the channels, and in the user's inbox; `word` is one of letters.WORDS."""
    tell(channels, word, language=user.language, now=now, **facts)
    inbox.tell(user, word, now=now, **facts)


def tell(channels: Channels, word: str, *, language: str, now: datetime, **facts: str | datetime) -> None:
    """Say the same by SMS and by mail to all of the channels; `word` is one of letters.WORDS.

    It is about the safety of an account, so it goes with the codes and can't be stopped; one that holds a code is
    worth nothing when it comes late.
    """
    expires_at = now + (CODE_IS_GOOD_FOR if "code" in facts else WORTH_OF_WARNING)
    for phone in channels.phones:
        text = letters.text(word, language=language, **facts)
        messaging.send(to=phone, body=text, now=now, lane=Lane.CODE, expires_at=expires_at)
    for email in channels.emails:
        subject, body = letters.mail(word, language=language, **facts)
        terms: dict[str, Any] = {"lane": Lane.CODE, "expires_at": expires_at, "now": now}
        messaging.send_mail(to=email, subject=subject, body=body, language=language, **terms)


def bring(kind: str, value: str, word: str, *, language: str, now: datetime, **facts: str | datetime) -> bool:
    """Say something to one contact because somebody asked for it. False, and silence, after too much of it."""
    hour, day = (_sent(kind, value, now - timedelta(hours=hours)) for hours in (1, 24))
    if hour >= MOST_AN_HOUR or day >= MOST_A_DAY:
        return False
    tell(_channel(kind, value), word, language=language, now=now, **facts)
    return True


def _sent(kind: str, value: str, since: datetime) -> int:
    return sent.texts_to(value, since) if kind == PHONE else sent.mails_to(value, since)


@app.task(name="lumbung.accounts.contacts.actions.send_code", retry=RETRY)
def send_code(sealed: str) -> None:
    """The queue's door: bring a code to a contact that a user wants to confirm."""
    bring_code(sealed, now=timezone.now())


@transaction.atomic
def bring_code(sealed: str, *, now: datetime) -> None:
    """Bring the code, if it is still good; if somebody else confirmed the contact, tell him that instead."""
    asked = opened(sealed, purpose=CODE_PURPOSE)
    if now.timestamp() - asked["at"] > CODE_IS_GOOD_FOR.total_seconds():
        return
    kind, value = asked["kind"], asked["value"]
    user = User.objects.get(pk=asked["user_id"])
    owner = queries.owner(kind, value, at=user.kind)
    if owner is None or owner == user:
        bring(kind, value, "contact_code", language=user.language, now=now, code=asked["code"])
    else:
        bring(kind, value, "contact_taken", language=owner.language, now=now)


@transaction.atomic
def set_contact(user: User, kind: str, value: str, *, now: datetime, place: str) -> ContactChange | None:
    """Take a contact that was just confirmed by a code: for log-in and codes, and as the one on file.

    When it is another one than before, or the first, old and new are told and what moves money waits. Returns
    that change; None when the contact on file was only confirmed. Raises ContactTaken, PersonLocked.
    """
    user = User.objects.select_for_update(of=("self",)).select_related("person").get(pk=user.pk)
    require_open(user.person)
    before = queries.channels(user)
    known = before.phones if kind == PHONE else before.emails
    take_contact(user, kind, value, now=now)
    told = before | _channel(kind, value)
    shown = queries.masked(kind, value, filler="*")
    if known == (value,):  # the fund's own: nothing is redirected by confirming it
        tell_user(user, told, "contact_confirmed", now=now, new=shown, at=now)
        accounts.note_access(CHANGED[kind], user=user, actor=user, place=place, now=now)
        return None
    old = next((each for each in known if each != value), "")
    change = note_change(user, kind, old=old, new=value, now=now)
    tell_user(user, told, CHANGED[kind], now=now, new=shown, at=now, until=change.cools_until)
    accounts.note_access(CHANGED[kind], user=user, actor=user, place=place, now=now)
    return change


def note_change(user: User, kind: str, *, old: str, new: str, now: datetime) -> ContactChange:
    """Have whatever moves money wait for LUMBUNG_COOLING_OFF_DAYS; `old` is empty when there was none."""
    return ContactChange.objects.create(
        user=user,
        kind=kind,
        old=queries.masked(kind, old) if old else "",
        new=queries.masked(kind, new),
        changed_at=now,
        cools_until=now + timedelta(days=settings.LUMBUNG_COOLING_OFF_DAYS),
    )


@transaction.atomic
def take_contact(user: User, kind: str, value: str, *, now: datetime) -> None:
    """Keep a contact that was confirmed, for log-in and codes, and as the one on file. Raises ContactTaken."""
    try:
        with transaction.atomic():
            if kind == PHONE:
                accounts.set_phone(user, value, verified_at=now)
            else:
                _keep_email(user, value.lower())
    except IntegrityError:
        raise ContactTaken from None
    if user.person is not None:
        registry.set_contact(user.person, kind, value)


def _keep_email(user: User, email: str) -> None:
    """One address a user; whoever had it unconfirmed loses it."""
    EmailAddress.objects.filter(email=email, verified=False).exclude(user=user).delete()
    EmailAddress.objects.filter(user=user).exclude(email=email).delete()
    EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    user.email = email
    user.save(update_fields=["email"])


@transaction.atomic
def drop_contact(user: User, kind: str) -> None:
    """Forget a contact that is lost, here and on file: neither codes nor balances go there any more."""
    if kind == PHONE:
        Phone.objects.filter(user=user).delete()
    else:
        EmailAddress.objects.filter(user=user).delete()
        user.email = ""
        user.save(update_fields=["email"])
    if user.person is not None:
        registry.set_contact(user.person, kind, None)


@transaction.atomic
def put_phone_on_file(person: Person, phone: str, *, by: User | None, now: datetime, place: str) -> None:
    """Note a phone (E.164) of a person whom the office knows, or who says himself that it is his. It gets texts;
    codes once a code to it was typed.

    A user of the person is told, on the old phone too, and waits with what moves money; another phone that the
    user had confirmed is forgotten, for this was asked because it is gone. Raises PersonLocked.
    """
    require_open(person)
    user = User.objects.select_for_update(of=("self",)).filter(person=person).first()
    if user is not None:
        _replace_phone(user, phone, now=now)
    registry.set_contact(person, PHONE, phone)
    accounts.note_access("phone_changed", person=person, user=user, actor=by, place=place, now=now)


def _replace_phone(user: User, phone: str, *, now: datetime) -> None:
    before = queries.channels(user)
    if before.phones == (phone,):
        return
    Phone.objects.filter(user=user).exclude(number_index=account_phone_index(phone)).delete()
    old = next((each for each in before.phones if each != phone), "")
    change = note_change(user, PHONE, old=old, new=phone, now=now)
    told, shown = before | _channel(PHONE, phone), queries.masked(PHONE, phone, filler="*")
    tell_user(user, told, "phone_changed", now=now, new=shown, at=now, until=change.cools_until)


def _channel(kind: str, value: str) -> Channels:
    return Channels((value,), ()) if kind == PHONE else Channels((), (value,))
