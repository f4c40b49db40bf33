"""How log lines look."""

import copy
import logging
import sys

import structlog


class Plain(logging.Formatter):
    """One line for what Django refused as suspicious (a wrong Host, a form too big), as a warning.

    Django logs these as errors with a traceback, which a stranger could make a thousand of.
    """

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith("django.security."):
            record = copy.copy(record)
            record.exc_info = record.exc_text = None
            record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        return super().format(record)


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
