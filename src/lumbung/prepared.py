"""Hot statements: past Django's cursor, which puts values into the text, or with a whole list as one value."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


def rows(statement: str, arguments: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement on Django's connection, in its transaction if there is one.

    Prepared the first time, unless the connection never prepares (`prepare_threshold=0` in its address). Raises
    Django's database errors.
    """
    connection.ensure_connection()
    connection.close_if_health_check_failed()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(statement, arguments, prepare=True).fetchall()
