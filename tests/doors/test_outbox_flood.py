"""A code goes out at once in the middle of a flood, whatever PostgreSQL last knew about the outbox."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lumbung.encryption import encrypt
from lumbung.messaging import actions as messaging
from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import OutboundText
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.outbox.channels import Channel, Way
from lumbung.messaging.texting import TEXTS

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BROADCASTS = 100_000
ONE_WAY = Channel("sms", OutboundText, "texts", TEXTS.task, lambda: [Way("one", print, may_repeat=False)])


@pytest.mark.parametrize("night", ["never", "quiet"])
def test_a_code_is_found_at_once_among_a_hundred_thousand_broadcasts(night: str, clone: Any, owner_url: str):
    """With no statistics, and with those of a quiet night: nobody analyses a table in the second of a flood."""
    if night == "quiet":
        queue_broadcasts(1000)
        rows = OutboundText.objects.all()
        rows.update(state="claimed", claimed_at=NOW, attempts=1, gateway="one")
        rows.update(state="sent", noted_at=NOW)
        with psycopg.connect(owner_url, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE messaging_outboundtext")
    queue_broadcasts(BROADCASTS)
    code = messaging.send(to="+6281200000001", body="code", now=NOW, lane=Lane.CODE)
    with CaptureQueriesContext(connection) as asked:
        assert outbox.end_late(ONE_WAY, now=NOW) == 0
        claimed = outbox.claim(ONE_WAY, now=NOW)
    assert claimed is not None
    assert claimed[1][0].pk == code.pk
    assert len(claimed[1]) == outbox.SET_SIZE
    assert outbox.end_late(ONE_WAY, now=NOW) == 0
    found = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    assert sum("SKIP LOCKED" in statement for statement in found) == len(Lane)
    assert sum("expires_at" in statement.partition("WHERE")[2] for statement in found) >= 1
    for statement in found:
        assert rows_read(statement) <= outbox.SET_SIZE, statement


def queue_broadcasts(count: int) -> None:
    sealed = encrypt(b"+6281200000002", context="messaging_outboundtext.to")
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO messaging_outboundtext (reference, "to", to_index, body, lane, state, reason, gateway,'
            " attempts, falls_back, queued_at, not_before, expires_at, receipt)"
            " SELECT gen_random_uuid(), %s, int4send(n), NULL, 3, 'queued', '', '', 0, false, %s, %s, %s, 'none'"
            " FROM generate_series(1, %s) AS n",
            [sealed, NOW - MINUTE, NOW - MINUTE, NOW + HOUR, count],
        )


def rows_read(statement: str) -> int:
    """The most rows that any step of the statement's plan looks at."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        (plan,) = cursor.fetchone()[0]
    return most_rows(plan["Plan"])


def most_rows(step: dict[str, Any]) -> int:
    looked = step["Actual Rows"] + step.get("Rows Removed by Filter", 0)
    return max([int(looked), *(most_rows(part) for part in step.get("Plans", []))])
