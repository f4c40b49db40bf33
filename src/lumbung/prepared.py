"""Hot statements: past Django's cursor, which puts values into the text, or with a whole list as one value."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.models import QuerySet

# A SELECT and its values, by place.
Asked = tuple[str, Sequence[Any]]


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


def asked_by(rows: QuerySet[Any, Any]) -> Asked:
    """What a queryset would ask."""
    statement, values = rows.query.sql_with_params()
    return statement, list(values)


def together(*parts: Asked) -> list[list[list[Any]]]:
    """The rows of several SELECTs that have nothing to do with each other, in their order, by one statement.

    They come by way of JSON: what is no number, truth, text or null is the text that JSON has for it, so a day is
    YYYY-MM-DD. The columns of a SELECT have different names.
    """
    columns = ", ".join(f"(SELECT json_agg(part) FROM ({statement}) AS part)" for statement, _ in parts)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [value for _, values in parts for value in values])
        found = [json.loads(part) if isinstance(part, str) else part for part in cursor.fetchone()]
    return [[list(row.values()) for row in part or ()] for part in found]
