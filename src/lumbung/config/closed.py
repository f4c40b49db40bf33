"""The doors while nothing can be served: the operator works behind them, or the database was never there yet."""

import logging
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from lumbung import maintenance
from lumbung.config import refusals

Next = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)

# What must be asked of the database before anything is served, and could not be asked at the start.
_owed: list[Callable[[], None]] = []


def until_checked(check: Callable[[], None]) -> None:
    """Serve nothing that needs the database until this check has passed.

    So a server that starts while the database is away says so to its visitors, instead of not starting.
    """
    logger.warning("The database does not answer. Until it does, every page says to come again soon.")
    _owed.append(check)


def _is_owed() -> bool:
    """Whether a check still can't be made. Raises what the check raises when it fails."""
    try:
        for check in _owed:
            check()
    except OperationalError:
        return True
    _owed.clear()
    return False


# Asked with every request, and a path is made slowly.
_path = lru_cache(maxsize=4)(Path)


def _standing(door: str) -> maintenance.Maintenance | None:
    """The maintenance that closes this door now."""
    standing = maintenance.standing(_path(settings.LUMBUNG_MAINTENANCE_FILE))
    return None if standing is not None and door == "sms" and standing.sms_open else standing


def is_open(door: str) -> bool:
    """Whether the middleware below lets a request at this door pass."""
    return _standing(door) is None and not _owed


class MaintenanceMiddleware:
    """Answers 503 while the file of `lumbung maintenance on` is there, or while a check is owed.

    It stands behind the static files, which are still served, and before everything that asks the database.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (standing := _standing(request.door.name)) is not None:  # type: ignore[attr-defined]
            return refusals.under_maintenance(request, standing, now=timezone.now())
        if _owed and _is_owed():
            return refusals.unavailable(request, None, retry_seconds=refusals.RETRY_SECONDS)
        return self.get_response(request)
