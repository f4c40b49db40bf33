"""How log lines look."""

import copy
import logging
import sys
from http import HTTPStatus

import structlog

from lumbung.config.away import is_database_away


class Plain(logging.Formatter):
    """One line, as a warning, for what Django refused as suspicious (a wrong Host, a form too big), and for each
    request that came while the database was away.

    Django logs these as errors with a traceback, which a stranger could make a thousand of.
    """

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith("django.security.") or _is_away(record):
            record = copy.copy(record)
            record.exc_info = record.exc_text = None
            record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        return super().format(record)


class WantedOnly(logging.Filter):
    """Leaves out each request that met closed doors: whoever closed them knows."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE or bool(record.exc_info)


def _is_away(record: logging.LogRecord) -> bool:
    return isinstance(record.exc_info, tuple) and is_database_away(record.exc_info[1])


def configure() -> None:
    """What the packages note is a line of JSON each, on standard error: a command's answer stays whole."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        # Made anew for each logger: standard error may be another one by then.
        logger_factory=lambda *names: structlog.PrintLogger(sys.stderr),
    )
