"""The other side of the web's comparisons: WSGI functions beside Django that do the least one can do."""

import json
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import psycopg

READ = "SELECT contribution_total FROM public.ledger_memberaccount WHERE member_number = %s"
STORE = "INSERT INTO plain.text (gateway_id, body) VALUES (%s, %s)"
_local = threading.local()


def connection() -> psycopg.Connection:
    """This thread's persistent connection; each statement is a transaction of its own."""
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=0)
    found: psycopg.Connection = _local.connection
    return found


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """GET /read/NUMBER: one row by its key. POST /text?id=: one row stored durably, a constant answered."""
    if environ["REQUEST_METHOD"] == "GET":
        number = environ["PATH_INFO"].rpartition("/")[2]
        row = connection().execute(READ, [number]).fetchone()
        body, kind = json.dumps({"balance": row and row[0]}).encode(), "application/json"
    else:
        gateway_id = parse_qs(environ["QUERY_STRING"])["id"][0]
        connection().execute(STORE, [gateway_id, environ["wsgi.input"].read()])
        body, kind = b"", "text/plain"
    start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]
