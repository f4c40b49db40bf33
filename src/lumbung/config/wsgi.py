"""The WSGI application that granian serves."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection

from lumbung.config import closed
from lumbung.config.charsets import Application, KnownCharsets
from lumbung.papers.keys import refuse_wrong_keys

LEDGER_RIGHTS = """
    SELECT count(*), count(*) FILTER (
        WHERE has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
    )
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname LIKE 'ledger\\_%'
"""


def refuse_ledger_writer() -> None:
    """Stop the start when the database role could write the ledger's tables past its functions.

    Whoever serves pages must not be able to change what was booked, whatever hole a page has.
    Raises ImproperlyConfigured.
    """
    with connection.cursor() as cursor:
        cursor.execute(LEDGER_RIGHTS)
        tables, writable = cursor.fetchone()
    connection.close()
    if not tables:
        raise ImproperlyConfigured("The database has no tables yet. Run `lumbung db migrate` first.")
    if writable:
        raise ImproperlyConfigured(
            "DATABASE_URL logs in as a role that may write the ledger's tables directly. Serve as the"
            " application's role (lumbung_app, made by `lumbung db prepare`); the owner's is for"
            " `lumbung db migrate` only."
        )


def make_application() -> Application:
    """Django, and before it what looks at each request before Django does."""
    django = get_wsgi_application()
    from lumbung.config.shortcut import TextsFirst  # noqa: PLC0415 -- its models want Django set up

    return KnownCharsets(TextsFirst(django))


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lumbung.config.settings")
application = make_application()
refuse_wrong_keys()
try:
    refuse_ledger_writer()
except OperationalError:
    closed.until_checked(refuse_ledger_writer)
