"""What a page costs the database, beyond what every page of a logged-in member costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lumbung import prepared
from lumbung.ledger import queries as ledger

# Session, user with his person, activity and access log come with every page.
_EVERY_PAGE = (
    "django_session",
    "accounts_session",
    "accounts_accessevent",
    "SAVEPOINT",
    'SELECT "accounts_user"."id"',
)


def asked(client: Client, path: str, data: dict[str, str] | None = None) -> tuple[HttpResponse, list[str]]:
    """The answer, and the statements it took beyond session, user, activity and access log."""
    with all_statements() as found:
        answer = client.get(path) if data is None else client.post(path, data)
    return answer, [text for text in found if not any(word in text for word in _EVERY_PAGE)]


@contextmanager
def all_statements() -> Iterator[list[str]]:
    """Also those that the books ask past Django's cursor."""
    found: list[str] = []
    real, hot = ledger._rows, prepared.rows

    def rows(statement: str, *arguments: object, **options: object) -> object:
        found.append(statement)
        return real(statement, *arguments, **options)  # type: ignore[arg-type]

    def hot_rows(statement: str, arguments: object) -> object:
        found.append(statement)
        return hot(statement, arguments)  # type: ignore[arg-type]

    with (
        patch.object(ledger, "_rows", rows),
        patch.object(prepared, "rows", hot_rows),
        CaptureQueriesContext(connection) as captured,
    ):
        yield found
    found += [query["sql"] for query in captured]
