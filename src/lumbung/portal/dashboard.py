"""The first page of a member: what he has, whether he is covered, what he would be paid, what waits for him."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.contributions.gaps import queries as gaps
from lumbung.contributions.gaps.queries import Attention
from lumbung.errors import marked
from lumbung.portal.requests import LoggedIn
from lumbung.portal.templatetags.lumbung import case_kind
from lumbung.standing.attention import Notice, attention
from lumbung.standing.benefits import benefits
from lumbung.standing.queries import standing
from lumbung.wording import clock, month_name


@require_safe
def dashboard(request: LoggedIn) -> HttpResponse:
    """Balance, status and cover of the member who is logged in, what he would be paid today, and what waits."""
    person = access.person(request.user)
    found = standing(person, today=timezone.localdate())
    months = gaps.attention(found.numbers, today=found.today, covers=found.covers)
    context = {
        "person": person,
        "standing": found,
        "status": found.status,
        "total": found.total,
        "benefits": benefits(found.facts),
        "waiting": list(_waiting(attention(request.user, now=request.now), months)),
    }
    return render(request, "portal/dashboard.html", context)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that needs attention, in words, and where something can be done about it."""

    text: str
    url: str
    action: str


# What a notice says by what it is and what it is about, where to go, and what the link says.
WORDS: Mapping[tuple[str, str], tuple[str, str, str]] = {
    ("read_only", "recovered"): (
        marked("Your account only shows until {until}."), "account_contacts", marked("Why, and what you can do"),
    ),
    ("read_only", "locked"): (
        marked("You are locked: nothing is changed or paid out."), "portal:lock", marked("Why, and how to unlock"),
    ),
    ("cooling", "phone"): (
        marked("Your phone number was changed. Until {until} no money can be paid out."), "account_contacts",
        marked("It was not you?"),
    ),
    ("cooling", "email"): (
        marked("Your e-mail address was changed. Until {until} no money can be paid out."), "account_contacts",
        marked("It was not you?"),
    ),
    ("cooling", "bank"): (
        marked("Your bank account was changed. Until {until} no money can be paid out."), "portal:profile",
        marked("It was not you?"),
    ),
    ("phone", ""): (
        marked("A new phone wants to ask for your balance by SMS."), "portal:new_phones", marked("Is it yours?"),
    ),
    ("number", ""): (
        marked("We found another member number with your name and birth date."), "portal:numbers",
        marked("Is it yours?"),
    ),
}  # fmt: skip


def _waiting(notices: Iterable[Notice], months: Attention) -> Iterator[Waiting]:
    """All that needs attention: what bars most first, then months, then what others are working on."""
    told = [*notices]
    for notice in told:
        if notice.what != "case":
            sentence, place, action = WORDS[notice.what, notice.about]
            until = clock(notice.at) if notice.at else ""
            yield Waiting(gettext(sentence).format(until=until), reverse(place), gettext(action))
    if months.count:
        text = ngettext(
            "{count} month is not in order: {newest}.", "{count} months are not in order, the newest is {newest}.",
            months.count,
        )  # fmt: skip
        text = text.format(count=months.count, newest=month_name(months.newest[0].month))
        yield Waiting(text, reverse("portal:history"), gettext("See which, and what to do"))
    for notice in told:
        if notice.what == "case" and notice.at:
            text = gettext("We are working on your request: {about}. You have our answer by {until}.")
            text = text.format(about=case_kind(notice.about), until=clock(notice.at))
            yield Waiting(text, reverse("portal:cases"), gettext("See your requests"))
