"""Let people in again who forgot or lost something; and give, take back and use an officer's code."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app

from lumbung.accounts import actions as accounts
from lumbung.accounts.contacts import actions as contacts
from lumbung.accounts.contacts import queries as known
from lumbung.accounts.contacts.queries import EMAIL, KINDS, PHONE
from lumbung.accounts.envelopes import opened
from lumbung.accounts.locking.queries import lock_of, require_open
from lumbung.accounts.models import ReadOnly, RecoveryCode, RecoveryTries, User
from lumbung.accounts.recovery import codes, queries
from lumbung.accounts.recovery.errors import CodeNotGood, NoAccount
from lumbung.accounts.sessions import actions as sessions
from lumbung.registry.models import MemberNumber, Person

RESET_PURPOSE, USERNAME_PURPOSE = "reset code", "forgotten user name"
CODE_IS_GOOD_FOR = timedelta(hours=72)
# Who typed an officer's code in time has so long to set contacts and password.
STEPS_TAKE = timedelta(minutes=30)


# Forgotten


@app.task(name="lumbung.accounts.recovery.actions.send_reset_code", retry=contacts.RETRY)
def send_reset_code(sealed: str) -> None:
    """The queue's door: bring a code for a new password to whom it is for, if there is such a user."""
    bring_reset_code(sealed, now=timezone.now())


@transaction.atomic
def bring_reset_code(sealed: str, *, now: datetime) -> None:
    """Bring the code by the chosen channel to a confirmed contact. Silent when there is none, and when late."""
    asked = opened(sealed, purpose=RESET_PURPOSE)
    if now.timestamp() - asked["at"] > contacts.CODE_IS_GOOD_FOR.total_seconds():
        return
    user = queries.user_known_as(asked["login"], kind=asked["door"])
    contact = known.contact(user, asked["channel"]) if user is not None else None
    if user is not None and contact is not None and contact.is_confirmed:
        contacts.bring(
            contact.kind, contact.value, "reset_code", language=user.language, now=now, code=asked["code"]
        )


@app.task(name="lumbung.accounts.recovery.actions.send_username", retry=contacts.RETRY)
def send_username(sealed: str) -> None:
    """The queue's door: bring a forgotten user name to the contact that was typed, if a user confirmed it."""
    bring_username(sealed, now=timezone.now())


@transaction.atomic
def bring_username(sealed: str, *, now: datetime) -> None:
    """Send the user name to the confirmed contact it was asked with, and to no other."""
    asked = opened(sealed, purpose=USERNAME_PURPOSE)
    kind, value = queries.read_login(asked["contact"])
    if kind not in KINDS:
        return
    user = queries.user_known_as(value, kind=asked["door"])
    if user is None:
        return
    if contacts.bring(kind, value, "username", language=user.language, now=now, username=user.username):
        accounts.note_access("username_sent", user=user, place=asked["place"], now=now)


@transaction.atomic
def reset_password(user: User, password: str, *, now: datetime, place: str) -> None:
    """Set a forgotten password anew. Every session of the user ends by it; second factors stay as they are.

    The caller had the password judged by the policy (AUTH_PASSWORD_VALIDATORS) and a contact confirmed.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user, place=place, now=now)
    accounts.note_access("password_reset", user=user, place=place, now=now)
    contacts.tell_user(user, known.channels(user), "password_reset", now=now, at=now)


# An officer's code


@transaction.atomic
def give_code(person: Person, officer: User, *, now: datetime, reason: str | None = None) -> str:
    """Make the code that an officer tells a person whom he has checked; it is readable this once.

    One that was given before is taken back. Whoever still reads an old phone or mailbox is told. `reason` is why
    another one is given, for the access log. Raises NoAccount, PersonLocked.
    """
    require_open(person)
    user = queries.account_of(person)
    if user is None:
        raise NoAccount
    _withdraw(person, now=now)
    code = codes.new()
    RecoveryCode.objects.create(
        person=person,
        code_hash=codes.digest(code, person_id=person.pk),
        given_by=officer,
        given_at=now,
        expires_at=now + CODE_IS_GOOD_FOR,
    )
    accounts.note_access("code_given", user=user, actor=officer, place="office", reason=reason, now=now)
    contacts.tell_user(user, known.channels(user), "code_given", now=now, at=now)
    return code


@transaction.atomic
def withdraw_code(person: Person, officer: User, *, now: datetime, reason: str | None = None) -> bool:
    """Take back the code that was not used yet, and tell the person. Returns whether there was one."""
    was_open = _withdraw(person, now=now)
    if was_open:
        user = queries.account_of(person)
        accounts.note_access(
            "code_withdrawn", person=person, user=user, actor=officer, place="office", reason=reason, now=now
        )
        if user is not None:
            contacts.tell_user(user, known.channels(user), "code_withdrawn", now=now, at=now)
    return was_open


def _withdraw(person: Person, *, now: datetime) -> bool:
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)  # one at a time
    unused = RecoveryCode.objects.filter(person=person, used_at__isnull=True, withdrawn_at__isnull=True)
    return bool(unused.update(withdrawn_at=now))


@transaction.atomic
def try_code(*, number: str, born: date, code: str, now: datetime) -> RecoveryCode | None:
    """The officer's code, when member number, birth date and code belong together and it is still good.

    A wrong code is counted, and after MOST_TRIES none is right any more; but only tries by somebody who knows the
    birth date count for it, or any stranger could use them up. None says nothing about why, and neither does the
    time: every try runs the same statements, and each writes one row, also where no code was ever given.
    """
    row = MemberNumber.objects.select_related("person").filter(pk=number).first()
    named = row.person_id if row is not None and row.person.birth_date == born else 0
    unused = RecoveryCode.objects.filter(person_id=named, used_at__isnull=True, withdrawn_at__isnull=True)
    found = unused.filter(expires_at__gt=now).first()
    kept, person_id = (b"", 0) if found is None else (bytes(found.code_hash), found.person_id)
    about = codes.tried(f"{number} {born}") if found is None else codes.tried_code(found.pk)
    is_in_time = _count_try(about, now=now) <= RecoveryCode.MOST_TRIES
    if found is None or not codes.fits(code, kept, person_id=person_id) or not is_in_time:
        return None
    RecoveryTries.objects.filter(pk=about).update(count=F("count") - 1)
    return found


def _count_try(about: bytes, *, now: datetime) -> int:
    """The how manieth try it is. Who tries at the same moment waits until this one is done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_recoverytries AS kept (about, count, last_at) VALUES (%s, 1, %s)"
            " ON CONFLICT (about) DO UPDATE SET count = kept.count + 1, last_at = excluded.last_at"
            " RETURNING count",
            [about, now],
        )
        return int(cursor.fetchone()[0])


@app.periodic(cron="35 2 * * *")
@app.task(name="lumbung.accounts.recovery.actions.forget_tries", queueing_lock="lumbung.accounts.forget_tries")
def forget_tries(timestamp: int) -> None:
    """Each night: forget tries of codes that are over by now."""
    RecoveryTries.objects.filter(last_at__lt=timezone.now() - CODE_IS_GOOD_FOR).delete()


@dataclass(frozen=True, slots=True, repr=False)
class NewStart:
    """What a person sets who comes in with an officer's code; the contacts were confirmed by codes too."""

    password: str
    phone: str | None = None
    email: str | None = None
    keep_passkeys: bool = False


@transaction.atomic
def recover(code_id: int, start: NewStart, *, now: datetime, place: str) -> User:
    """Open a person's account anew: other contacts, another password, and for some days nothing else changes.

    Old contacts are forgotten and told. Of the second factors only passkeys stay, and only if the person says that
    they are at hand: any other, or one that is lost, would lock the person out again. Raises CodeNotGood (used or
    taken back meanwhile, or too slow), NoAccount, ContactTaken, and ValidationError when the password is too weak
    without the factors that went. A lock that was set since the code was given makes it no good.
    """
    assert start.phone or start.email
    code = RecoveryCode.objects.select_for_update(of=("self",)).select_related("person").get(pk=code_id)
    if lock_of(code.person) is not None:
        raise CodeNotGood
    if code.used_at or code.withdrawn_at or code.expires_at + STEPS_TAKE <= now:
        raise CodeNotGood
    user = User.objects.select_for_update(of=("self",)).filter(person=code.person, is_active=True).first()
    if user is None:
        raise NoAccount
    code.used_at = now
    code.save(update_fields=["used_at"])
    until = _make_read_only(user, now=now, place=place)
    old = known.channels(user)
    _set_contacts(user, start, now=now)
    _drop_factors(user, keep_passkeys=start.keep_passkeys, now=now, place=place)
    user.refresh_from_db()
    validate_password(start.password, user)
    user.set_password(start.password)
    user.save(update_fields=["password"])
    sessions.end_all(user, place=place, now=now)
    accounts.note_access("recovered", user=user, place=place, now=now)
    told = old | known.channels(user)
    contacts.tell_user(user, told, "recovered", now=now, at=now, until=until)
    return user


def _make_read_only(user: User, *, now: datetime, place: str) -> datetime:
    until = now + timedelta(days=settings.LUMBUNG_READ_ONLY_DAYS)
    ReadOnly.objects.create(user=user, cause=ReadOnly.Cause.RECOVERED, since=now, until=until)
    accounts.note_access("read_only", user=user, place=place, now=now)
    return until


def _set_contacts(user: User, start: NewStart, *, now: datetime) -> None:
    for kind, value in ((PHONE, start.phone), (EMAIL, start.email)):
        before = known.contact(user, kind).value
        contacts.drop_contact(user, kind)
        if value:
            contacts.take_contact(user, kind, value, now=now)
            if value != before:
                contacts.note_change(user, kind, old=before, new=value, now=now)


def _drop_factors(user: User, *, keep_passkeys: bool, now: datetime, place: str) -> None:
    factors = Authenticator.objects.filter(user=user)
    if keep_passkeys:
        factors = factors.exclude(type=Authenticator.Type.WEBAUTHN)
    if factors.delete()[0]:
        accounts.note_access("factor_removed", user=user, place=place, now=now)
