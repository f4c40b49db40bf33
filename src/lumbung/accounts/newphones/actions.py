"""Note a phone that wants to ask for a person, put it on file when the person says so, or refuse it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from lumbung.accounts import actions as accounts
from lumbung.accounts.contacts import actions as contacts
from lumbung.accounts.contacts import queries as known
from lumbung.accounts.contacts.queries import PHONE
from lumbung.accounts.locking.queries import require_open
from lumbung.accounts.models import AccessEvent, User, WaitingPhone
from lumbung.accounts.newphones.errors import OtherPhone
from lumbung.accounts.phones import account_phone_index
from lumbung.registry.models import Person

WAITS_FOR = timedelta(days=7)
REFUSED_FOR = timedelta(days=30)
# Who knows somebody's facts can have phones wait; more than so many at once help nobody.
MOST_WAITING = 3
TOLD_EVERY = timedelta(days=1)


@transaction.atomic
def note_asked(person: Person, phone: str, *, now: datetime) -> None:
    """Have a phone (E.164), from which all facts came, wait for the person's word in the account, and tell the
    person once a day. Nothing for who has no account (the office puts a phone on file), and for a phone that was
    refused.
    """
    Person.objects.select_for_update(no_key=True, of=("self",)).values_list("pk").get(pk=person.pk)
    user = User.objects.select_related("person").filter(person=person, is_confirmed=True, is_active=True).first()
    if user is None:
        return
    rows = WaitingPhone.objects.filter(person=person)
    index = account_phone_index(phone)
    is_there = rows.filter(number_index=index).exists()
    if is_there or rows.filter(refused_at__isnull=True).count() >= MOST_WAITING:
        return
    WaitingPhone.objects.create(person=person, number=phone, number_index=index, asked_at=now)
    was_told = AccessEvent.objects.filter(user=user, what="phone_waits", at__gt=now - TOLD_EVERY).exists()
    accounts.note_access("phone_waits", user=user, place="sms", now=now)
    if not was_told:
        shown = known.masked(PHONE, phone, filler="*")
        contacts.tell_user(user, known.channels(user), "phone_waits", now=now, at=now, new=shown)


@transaction.atomic
def confirm(waiting: WaitingPhone, *, typed: str, user: User, place: str, now: datetime) -> None:
    """The person says that the phone is his, by typing it whole (E.164): it is the one on file from now on.

    The old one and the address are told and what moves money waits, as after every change of contact. It gets
    texts; codes only when a code to it was typed. Raises OtherPhone, PersonLocked.
    """
    require_open(waiting.person)
    if typed != waiting.number:
        raise OtherPhone
    contacts.put_phone_on_file(waiting.person, waiting.number, by=user, now=now, place=place)
    waiting.delete()


@transaction.atomic
def refuse(waiting: WaitingPhone, *, user: User, place: str, now: datetime) -> None:
    """The person says that the phone is not his: it waits no more, and can't come back for some time."""
    waiting.refused_at = now
    waiting.save(update_fields=["refused_at"])
    accounts.note_access("phone_refused", user=user, actor=user, place=place, now=now)


@app.periodic(cron="40 2 * * *")
@app.task(name="lumbung.accounts.newphones.actions.forget_waiting", queueing_lock="lumbung.accounts.newphones")
def forget_waiting(timestamp: int) -> None:
    """Each night: forget phones that nobody spoke for, and those refused long ago."""
    forget(now=timezone.now())


@transaction.atomic
def forget(*, now: datetime) -> int:
    """Delete them. Returns how many."""
    rows = WaitingPhone.objects.all()
    old, _ = rows.filter(refused_at__isnull=True, asked_at__lte=now - WAITS_FOR).delete()
    refused, _ = rows.filter(refused_at__lte=now - REFUSED_FOR).delete()
    return old + refused
