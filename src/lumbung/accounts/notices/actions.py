"""Tell a user over every channel what was done with the account, and write it into the access log."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext, override
from procrastinate.contrib.django import app

from lumbung.accounts.actions import note_access
from lumbung.accounts.inbox import actions as inbox
from lumbung.accounts.models import AccessEvent, User
from lumbung.accounts.notices import queries
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
    with override(user.language):
        facts = {"sentence": gettext(change.sentence), "when": circumstances.when, "device": circumstances.device}
        text = gettext(
            "Lumbung: %(sentence)s %(when)s, %(device)s. Not you? Open Lumbung yourself, choose Forgot password, "
            "and tell the fund's office."
        )
        _tell(user, facts["sentence"], text % facts, "account/email/change.txt", facts, now=circumstances.now)
    inbox.tell(user, change.word, now=circumstances.now, at=circumstances.now, device=circumstances.user_agent)


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
    with override(user.language):
        facts = {"when": Circumstances(now, place, "").when}
        text = gettext(
            "Lumbung: five wrong passwords were tried for your account, %(when)s. Nobody got in. Log-in by "
            "passkey or code stays open. Not you? Just keep your password secret."
        )
        subject = gettext("Wrong passwords were tried for your account")
        _tell(user, subject, text % facts, "account/email/closed.txt", facts, now=now)
    inbox.tell(user, "wrong_passwords", now=now, at=now)


def _tell(user: User, subject: str, text: str, template: str, facts: dict[str, str], *, now: datetime) -> None:
    body = render_to_string(template, facts).strip()
    for address in queries.addresses(user):
        messaging.send_mail(to=address, subject=subject.rstrip("."), body=body, now=now)
    for phone in queries.phones(user):
        messaging.send(to=phone, body=text, now=now)


def send_nothing(*, by_phone: bool, now: datetime) -> None:
    """Do for an unknown contact all the work that a code for a known one takes, so that time tells nothing."""
    code = get_random_string(6, "0123456789")
    if by_phone:
        messaging.send_nowhere(body=code_text(code, language=settings.LANGUAGE_CODE), now=now)
    else:
        body = render_to_string("account/email/login_code_message.txt", {"code": code})
        subject = render_to_string("account/email/login_code_subject.txt", {})
        messaging.mail_nowhere(subject=subject.strip(), body=body, now=now)
