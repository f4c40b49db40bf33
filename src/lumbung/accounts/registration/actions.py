"""Make an account of who is known, send codes and links, confirm, and forget who never confirmed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from lumbung import masking
from lumbung.accounts.actions import make_member_user, note_access, set_phone
from lumbung.accounts.inbox import actions as inbox
from lumbung.accounts.models import ContactChange, Phone, User
from lumbung.accounts.phones import account_phone_index
from lumbung.accounts.registration import letters, queries
from lumbung.accounts.registration.errors import ContactTaken, RegistrationGone, RegistrationIsOver
from lumbung.accounts.registration.letters import Letter
from lumbung.accounts.registration.ways import Way
from lumbung.messaging import actions as messaging
from lumbung.messaging.lanes import Lane
from lumbung.messaging.mail.actions import mail_index
from lumbung.registry.actions import put_on_file
from lumbung.registry.models import Person

# A user name is kept for who chose it and has confirmed nothing for so long; then another may choose it.
NAME_HELD_FOR = timedelta(hours=1)
# Who never confirmed is forgotten after so long.
UNCONFIRMED_KEPT = timedelta(days=1)
# The owner of a contact hears of others' tries at most once in so many seconds.
TELL_OWNER_EVERY = 24 * 60 * 60


@transaction.atomic
def begin(
    person_id: int,
    *,
    username: str,
    password: str,
    phone: str,
    email: str,
    language: str,
    now: datetime,
) -> User:
    """Make the account of a person who is known, unconfirmed. An earlier try that confirmed nothing gives way.

    At least one contact: `phone` in E.164, `email`; the other may be empty. Raises RegistrationIsOver when the
    person has an account by now, UsernameTaken, ValidationError with all reasons against the password.
    """
    assert phone or email
    person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
    if User.objects.filter(person=person, is_confirmed=True).exists():
        raise RegistrationIsOver
    _make_room(person, username.lower(), now)
    user = make_member_user(person, username, password, language=language, email=email.lower(), registered_at=now)
    _set_contacts(user, phone, email)
    return user


def _make_room(person: Person, username: str, now: datetime) -> None:
    User.objects.filter(person=person, is_confirmed=False).delete()
    idle = User.objects.filter(username=username, is_confirmed=False, registered_at__lt=now - NAME_HELD_FOR)
    idle.filter(phone__verified_at__isnull=True).exclude(emailaddress__verified=True).delete()


def _set_contacts(user: User, phone: str, email: str) -> None:
    """The contacts that the user gives, none of them confirmed."""
    Phone.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    if phone:
        set_phone(user, phone, verified_at=None)
    if email:
        EmailAddress.objects.create(user=user, email=email.lower(), primary=True, verified=False)
    User.objects.filter(pk=user.pk).update(email=email.lower())
    user.email = email.lower()


@transaction.atomic
def change_contacts(user_id: int, *, phone: str, email: str) -> User:
    """Give other contacts while nothing is confirmed. Codes and links sent before confirm nothing any more.

    Raises RegistrationIsOver.
    """
    user = _registering(user_id)
    if queries.has_confirmed(user):
        raise RegistrationIsOver
    _set_contacts(user, phone, email)
    return user


def _registering(user_id: int) -> User:
    """The user, not confirmed yet and locked. Raises RegistrationIsOver."""
    users = User.objects.select_for_update(of=("self",), no_key=True).select_related("person")
    user = users.filter(pk=user_id, is_confirmed=False, registered_at__isnull=False).first()
    if user is None:
        raise RegistrationIsOver
    return user


@transaction.atomic
def send_code(user: User, way: Way, digits: str, *, now: datetime) -> None:
    """Send a code to the contact that the user gave. If it is another account's, its owner is told instead."""
    _send_unless_taken(user, way, letters.code(digits, language=user.language), now)


@transaction.atomic
def send_link(user: User, path: str, *, now: datetime) -> None:
    """Send the link with this path to the e-mail address that the user gave, or tell its owner instead."""
    assert user.person is not None
    assert user.registered_at is not None
    numbers = queries.endings(user.person)
    _send_unless_taken(
        user, Way.LINK, letters.link(path, numbers, user.registered_at, language=user.language), now
    )


def _send_unless_taken(user: User, way: Way, letter: Letter, now: datetime) -> None:
    """One message, to nobody when the contact is another's, and one job: alike for whoever measures it."""
    to = queries.contact(user, way)
    if not queries.is_taken(user, way):
        _send(way, to, letter, now)
    elif way.is_mail:
        messaging.mail_nowhere(subject=letter.subject, body=letter.body, now=now)
    else:
        messaging.send_nowhere(body=letter.body, now=now)
    tell_owner.defer(user_id=user.pk, way=way.value)


@transaction.atomic
def send_code_to_file(user: User, way: Way, digits: str, *, now: datetime) -> None:
    """Send a code to a contact of the person on file. Raises RegistrationIsOver when there is none of that way."""
    assert user.person is not None
    to = queries.on_file(user.person).get(way)
    if to is None:
        raise RegistrationIsOver
    _send(way, to, letters.code(digits, language=user.language), now)


def _send(way: Way, to: str, letter: Letter, now: datetime) -> None:
    terms: dict[str, Any] = {"lane": Lane.CODE, "expires_at": now + letter.lasts, "now": now}
    if way.is_mail:
        messaging.send_mail(to=to, subject=letter.subject, body=letter.body, language=letter.language, **terms)
    else:
        messaging.send(to=to, body=letter.body, **terms)


@app.task(name="lumbung.accounts.registration.actions.tell_owner")
def tell_owner(user_id: int, way: str) -> None:
    """Tell the owner of a contact that somebody registers with it, if it has one."""
    user = queries.registering(user_id)
    if user is not None and queries.is_taken(user, Way(way)):
        tell_owner_once_a_day(user, Way(way), now=timezone.now())


def tell_owner_once_a_day(user: User, way: Way, *, now: datetime) -> bool:
    """Whether the owner of the contact that the user gave was told now, since not told within a day."""
    to = queries.contact(user, way)
    index = mail_index(to) if way.is_mail else account_phone_index(to)
    is_first: bool = cache.add(f"registration:told:{index.hex()}", True, TELL_OWNER_EVERY)
    if is_first:
        _send(way, to, letters.contact_in_use(language=user.language), now)
    return is_first


@transaction.atomic
def confirm_contact(user_id: int, way: Way, contact: str, *, place: str, now: datetime) -> User:
    """Note that the contact which the user gave is his; with that he is confirmed, unless the fund knows others.

    `contact` is what was shown to be his. `user.is_confirmed` tells. Raises RegistrationIsOver, also when he gave
    another one in the same moment, and ContactTaken.
    """
    user = _registering(user_id)
    if contact != queries.contact(user, way):
        raise RegistrationIsOver
    try:
        with transaction.atomic():
            if way.is_mail:
                _verify_email(user)
            else:
                set_phone(user, queries.contact(user, way), verified_at=now)
    except IntegrityError:
        raise ContactTaken from None
    if not queries.must_prove(user):
        _confirm(user, actor=user, place=place, now=now)
    return user


def _verify_email(user: User) -> None:
    EmailAddress.objects.filter(email=user.email, verified=False).exclude(user=user).delete()
    EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)


@transaction.atomic
def end_registration(user_id: int, *, place: str, now: datetime) -> None:
    """The owner of the e-mail address says that somebody else registers: nothing is left of it, and the member
    reads of it at every contact on file, once a day at most. Raises RegistrationIsOver.
    """
    user = _registering(user_id)
    person = user.person
    assert person is not None
    if queries.has_confirmed(user):
        raise RegistrationIsOver
    user.delete()
    note_access("registration_ended", person=person, place=place, now=now)
    if cache.add(f"registration:ended:{person.pk}", True, TELL_OWNER_EVERY):
        for way, text in queries.on_file(person).items():
            _send(way, text, letters.ended(language=person.language), now)


@transaction.atomic
def confirm_by_file(user_id: int, *, place: str, now: datetime) -> User:
    """The code that went to a contact on file came back: the user is confirmed. Raises RegistrationIsOver."""
    user = _registering(user_id)
    if not queries.has_confirmed(user):
        raise RegistrationIsOver
    _confirm(user, actor=user, place=place, now=now)
    return user


@transaction.atomic
def confirm_by_officer(user_id: int, way: Way, contact: str, *, officer: User, now: datetime) -> User:
    """An officer found that the member is himself: the user is confirmed and his contact is the one on file.

    Raises RegistrationGone when the registration or its contact is another one by now.
    """
    try:
        user = _registering(user_id)
    except RegistrationIsOver:
        raise RegistrationGone from None
    if contact not in {queries.confirmed_phone(user), queries.confirmed_email(user)} - {""}:
        raise RegistrationGone
    _confirm(user, actor=officer, place="office", now=now, replaces=way)
    return user


def _confirm(user: User, *, actor: User, place: str, now: datetime, replaces: Way | None = None) -> None:
    """Confirm, keep the contact on file where there is none (or where it replaces one), and tell every contact."""
    assert user.person is not None
    User.objects.filter(pk=user.pk).update(is_confirmed=True)
    user.is_confirmed = True
    note_access("confirmed", user=user, actor=actor, place=place, now=now)
    known = queries.on_file(user.person)
    own = {Way.SMS: queries.confirmed_phone(user), Way.EMAIL: queries.confirmed_email(user)}
    new = {way: text for way, text in own.items() if text and (way not in known or way == replaces)}
    for way, text in new.items():
        if way in known and known[way] != text:
            _note_change(user, way, known[way], text, now)
    if new:
        put_on_file(user.person, phone=new.get(Way.SMS), email=new.get(Way.EMAIL))
    inbox.tell(user, "account_made", now=now, at=now)
    letter = letters.account_made(language=user.person.language)
    for way, text in {*known.items(), *new.items()}:
        _send(way, text, letter, now)


def _note_change(user: User, way: Way, old: str, new: str, now: datetime) -> None:
    kind = ContactChange.Kind.EMAIL if way.is_mail else ContactChange.Kind.PHONE
    mask = masking.masked_email if way.is_mail else masking.masked
    until = now + timedelta(days=settings.LUMBUNG_COOLING_OFF_DAYS)
    ContactChange.objects.create(
        user=user, kind=kind, old=mask(old), new=mask(new), changed_at=now, cools_until=until
    )


@transaction.atomic
def forget_unconfirmed(*, now: datetime, but: Collection[int]) -> int:
    """Delete who registered over a day ago and is not confirmed, but for those users. Returns how many."""
    over = User.objects.filter(is_confirmed=False, registered_at__lt=now - UNCONFIRMED_KEPT).exclude(pk__in=but)
    count = over.count()
    over.delete()
    return count
