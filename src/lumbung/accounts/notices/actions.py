"""Tell a user over every channel what was done with the account, and write it into the access log."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import get_random_string
from procrastinate.contrib.django import app

from lumbung.accounts.actions import note_access
from lumbung.accounts.contacts import actions as contacts
from lumbung.accounts.contacts import queries as known
from lumbung.accounts.models import AccessEvent, User
from lumbung.accounts.notices.changes import Change
from lumbung.accounts.notices.circumstances import Circumstances
from lumbung.accounts.sessions import actions as sessions
from lumbung.accounts.texts import code_text
from lumbung.messaging import actions as messaging

TOLD_EVERY = timedelta(days=1)


@transaction.atomic
def tell_change(user: User, change: Change, circumstances: Circumstances) -> None:
    """Note the change, end all other sessions, and tell every contact, whoever made it."""
    note_access(change.what, user=user, actor=user, place=circumstances.place, now=circumstances.now)
    sessions.end_others(user, circumstances.session_key, place=circumstances.place, now=circumstances.now)
    now, device = circumstances.now, circumstances.user_agent
    contacts.tell_user(user, known.channels(user), change.word, now=now, at=now, device=device)


@app.task(name="lumbung.accounts.notices.actions.tell_closed", queue="mail")
def tell_closed(user_id: int | None, place: str) -> None:
    """Note and tell that too many wrong passwords came; for a name that nobody has the job does nothing."""
    user = User.objects.select_related("person").filter(pk=user_id).first() if user_id else None
    if user is not None:
        tell_closed_to(user, place=place, now=timezone.now())


@transaction.atomic
def tell_closed_to(user: User, *, place: str, now: datetime) -> None:
    """Each time in the access log; by mail and text once a day at most, or who tries decides how many."""
    was_told = AccessEvent.objects.filter(user=user, what="log_in_failed", at__gt=now - TOLD_EVERY).exists()
    note_access("log_in_failed", user=user, place=place, now=now)
    if was_told:
        return
    contacts.tell_user(user, known.channels(user), "wrong_passwords", now=now, at=now)


def send_nothing(*, by_phone: bool, now: datetime) -> None:
    """Do for an unknown contact all the work that a code for a known one takes, so that time tells nothing."""
    code = get_random_string(6, "0123456789")
    if by_phone:
        messaging.send_nowhere(body=code_text(code, language=settings.LANGUAGE_CODE), now=now)
    else:
        body = render_to_string("account/email/login_code_message.txt", {"code": code})
        subject = render_to_string("account/email/login_code_subject.txt", {})
        messaging.mail_nowhere(subject=subject.strip(), body=body, now=now)
