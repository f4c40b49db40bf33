"""How often something may be tried (ACCOUNT_RATE_LIMITS), and how long to wait after it was too often."""

from __future__ import annotations

import math
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext

if TYPE_CHECKING:  # the server's own refusals need this before Django has its models
    from lumbung.accounts.models import User

APP = "allauth.account"  # whose limits ours stand among
# allauth's own pages have limits of a minute alone, and do not say which was met.
DEFAULT_SECONDS = 60
MINUTE, HOUR = 60, 60 * 60


def allows(
    request: HttpRequest, action: str, *, key: str | None = None, user: User | None = None, limit_get: bool = False
) -> bool:
    """Count one more try. When it is one too many, the request knows from then on how long to wait.

    What is asked by GET is counted only where `limit_get` says that looking costs something too.
    """
    if ratelimit.consume(request, app=APP, action=action, key=key, user=user, limit_get=limit_get):
        return True
    note(request, action, key=key, user=user)
    return False


def refused(
    request: HttpRequest, action: str, *, key: str | None = None, user: User | None = None, limit_get: bool = False
) -> HttpResponse | None:
    """The door's page that says so, when it is one too many."""
    if allows(request, action, key=key, user=user, limit_get=limit_get):
        return None
    page: HttpResponse = ratelimit.respond_429(request)
    return page


def foresee(request: HttpRequest, action: str, *, key: str | None = None) -> None:
    """For a limit that allauth is about to count: if it is met, the request knows how long to wait."""
    if is_met(request, action, key=key):
        note(request, action, key=key)


def is_met(request: HttpRequest, action: str, *, key: str | None = None) -> bool:
    """Whether no further try would be taken; counts none."""
    return not ratelimit.consume(request, app=APP, action=action, key=key, dry_run=True)


def page(request: HttpRequest, template: str) -> HttpResponse:
    """A page of one's own for a limit that was met."""
    return with_wait(request, render(request, template, {"wait": in_words(wait(request))}, status=429))


def with_wait(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer, with the header that says when to come again."""
    response.headers["Retry-After"] = str(math.ceil(wait(request).total_seconds()))
    return response


def note(request: HttpRequest, action: str, *, key: str | None = None, user: User | None = None) -> None:
    """Keep with the request how long it is until a try of this will be taken, unless it knows of a longer wait."""
    now, seconds = time.time(), 1.0
    for rate in ratelimit.get_rates(app=APP, action=action):
        kept = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key, user=user)
        tries: list[float] = cache.get(kept, [])  # the newest first
        if len(tries) >= rate.amount:
            seconds = max(seconds, tries[rate.amount - 1] + rate.duration - now)
    known: float = getattr(request, "wait_seconds", 0)
    request.wait_seconds = max(seconds, known)  # type: ignore[attr-defined]


def wait(request: HttpRequest) -> timedelta:
    """How long until it is of use to ask again."""
    return timedelta(seconds=getattr(request, "wait_seconds", DEFAULT_SECONDS))


def in_words(time_left: timedelta) -> str:
    """3 minutes, 2 hours, in the active language: rounded up, so that nobody waits in vain."""
    seconds = time_left.total_seconds()
    minutes, hours = math.ceil(seconds / MINUTE), math.ceil(seconds / HOUR)
    if seconds <= HOUR:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}


def sentence(request: HttpRequest, template: str) -> str:
    """A sentence with the wait in its place."""
    return gettext(template) % {"wait": in_words(wait(request))}
