"""No page of a member asks the database more than five questions, though the history is forty years long."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from budget import asked
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from door_users import Users
from lives import forty_years
from proofs import proven
from test_doors import addresses

from lumbung.accounts import queries
from lumbung.accounts.locking import actions as locking
from lumbung.accounts.models import ReadOnly, User
from lumbung.config.doors import MEMBER

MOST = 5
# Drawing a paper is counted against a limit in the cache, as sending is, and as the button of a mail is, which
# anybody may press; the worker and what follows a proof come once. None of them is a page of a member.
NO_PAGES = {"/history/contributions.pdf", "/stop-mail/abc/", "/sw.js", "/logout/"}
# Pages of members who are inside, so that none drops out of the walk unseen.
LOOKED_AT = {
    "/dashboard/", "/history/", "/numbers/", "/balance/", "/balance/difference/", "/projection/", "/wages/",
    "/card/", "/statement/", "/profile/", "/profile/address/", "/profile/heirs/", "/profile/bank-account/",
    "/inbox/", "/account/", "/account/contacts/", "/account/notices/", "/account/requests/", "/account/access/",
    "/account/consents/", "/account/data/", "/account/lock/", "/account/close/", "/account/app/",
    "/account/passkeys/add/", "/why/balance/", "/why/programme/JHT/",
}  # fmt: skip
Enter = Callable[[User], Client]


@pytest.fixture(autouse=True)
def no_limits_left_over(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_no_page_asks_more_than_five_questions(enter: Enter) -> None:
    client = proven(enter(forty_years().user), MEMBER)
    client.get("/dashboard/")
    looked_at, too_many = set[str](), dict[str, list[str]]()
    for path in sorted(set(addresses(get_resolver(MEMBER.urlconf).url_patterns)) - NO_PAGES):
        answer, statements = asked(client, path)
        if answer.status_code == 200:
            looked_at.add(path)
        if len(statements) > MOST:
            too_many[path] = statements
    assert looked_at >= LOOKED_AT, LOOKED_AT - looked_at
    assert not too_many


def test_a_lock_comes_before_a_time_that_ends(users: Users) -> None:
    """One question for both, the same answer as two."""
    now = timezone.now()
    member = users.member
    assert queries.read_only_until(member, now) is None
    times = [(now - timedelta(days=1), now + timedelta(days=days)) for days in (2, 6, 4)]
    for since, until in times:
        ReadOnly.objects.create(user=member, cause=ReadOnly.Cause.RECOVERED, since=since, until=until)
    later = now + timedelta(days=9)
    ReadOnly.objects.create(user=member, cause=ReadOnly.Cause.RECOVERED, since=now, until=later, lifted_at=now)
    found = queries.read_only_until(member, now)
    assert (found.cause, found.since, found.until) == ("recovered", *times[1])
    assert queries.read_only_until(users.other_member, now) is None
    assert member.person is not None
    locking.lock(member.person, place="member", now=now)
    found = queries.read_only_until(member, now + timedelta(days=30))
    assert (found.cause, found.since, found.until) == ("locked", now, None)
    assert queries.read_only_until(users.employer, now) is None


def test_nor_does_the_answer_to_typed_wages(enter: Enter) -> None:
    """What should have been paid, with its sum at the age for old-age savings, from forty years."""
    client = proven(enter(forty_years().user), MEMBER)
    page = client.get("/wages/").content.decode()
    boxes = re.findall(r'name="(wage-[^"]+)"', page)
    answer, statements = asked(client, "/wages/", dict.fromkeys(boxes, "9000000"))
    assert answer.context["loss"].future > 0
    assert len(statements) <= MOST, statements
