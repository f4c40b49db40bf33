"""Codes and links on their way: how often, and what the session keeps of them."""

from django.http import HttpRequest
from django.urls import reverse

from lumbung.accounts import limits
from lumbung.accounts.models import User
from lumbung.accounts.phones import account_phone_index
from lumbung.accounts.registration import actions, codes, links, queries
from lumbung.accounts.registration.ways import Way
from lumbung.messaging.mail.actions import mail_index
from lumbung.portal.registration.progress import Progress


def send(request: HttpRequest, progress: Progress, user: User, way: Way, *, to_file: bool = False) -> bool:
    """Send a code or a link; False when one went to that contact a short while ago, or too many did.

    `to_file`: to the person's contact on file instead of the one that the user gave.
    """
    index = index_of(way, contact_of(user, way, to_file=to_file))
    if not limits.allows(request, "register_send", key=index):
        return False
    progress.keep(way=way.value, to_file=to_file)
    now = request.now  # type: ignore[attr-defined]
    if way is Way.LINK:
        path = reverse("portal:register_link", args=[links.token(user)])
        actions.send_link(user, path, now=now)
        return True
    digits, kept = codes.fresh(progress.codes, contact=index, now=now)
    progress.keep(codes=kept)
    (actions.send_code_to_file if to_file else actions.send_code)(user, way, digits, now=now)
    return True


def contact_of(user: User, way: Way, *, to_file: bool) -> str:
    """The contact that the user gave, or the person's contact on file, as it is now."""
    assert user.person is not None
    return queries.on_file(user.person).get(way, "") if to_file else queries.contact(user, way)


def index_of(way: Way, contact: str) -> str:
    """The blind index of a contact, which a session may keep."""
    return (mail_index(contact) if way.is_mail else account_phone_index(contact)).hex()
