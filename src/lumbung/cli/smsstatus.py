"""`lumbung sms status`: how texts, mails and pushes fare."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from lumbung.cli import django

if TYPE_CHECKING:
    from lumbung.messaging.outbox.queries import Standing


@click.command()
@click.option("--json", "as_json", is_flag=True, help="All of it as JSON, with times in UTC.")
def status(as_json: bool) -> None:
    """What waits to go out, by lane, and for how long; what ended today and how; how the gateways fare."""
    django.setup()
    from django.utils import timezone

    from lumbung.messaging.outbox import queries

    now = datetime.now(UTC)
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    standing = queries.standing(now=now, since=midnight)
    if as_json:
        click.echo(json.dumps(asdict(standing), default=lambda at: at.isoformat(), indent=2))
    else:
        click.echo("\n".join(_lines(standing, now)))


def _lines(standing: "Standing", now: datetime) -> list[str]:
    lines = [_row("GATEWAY", "STATE", "FAILURES", "OPEN IN", "LAST TOOK", "LAST FAILED")]
    for gateway in standing.gateways:
        opens = gateway.closed_until if gateway.state == "closed" else None
        times = (_span(opens and opens - now), _ago(gateway.took_at, now), _ago(gateway.failed_at, now))
        lines.append(_row(gateway.name, gateway.state, gateway.failures, *times))
    if standing.refusals:
        lines += ["", _row("REFUSED BY", "CARRIER", "LANE", "PHONES", "EVERYTHING")]
    for refused in standing.refusals:
        place = refused.gateway, refused.by or "-", refused.lane
        lines.append(_row(*place, refused.phones, f"for {_span(now - refused.since)}" if refused.since else "no"))
    lines += ["", _row("WAITS", "LANE", "IN ALL", "DUE", "CLAIMED", "OLDEST DUE")]
    for depth in standing.depths:
        counts = (depth.waiting, depth.due, depth.claimed, f"{depth.oldest_seconds} s")
        if depth.waiting or depth.claimed or depth.kind == "sms":
            lines.append(_row(depth.kind, depth.lane, *counts))
    lines.append(_row("inbound", "", standing.inbound, "", "", f"{standing.inbound_seconds} s"))
    lines += ["", _row("TODAY", "LANE", "COUNT", "STATE", "REASON")]
    lines += [_row(each.kind, each.lane, each.count, each.state, each.reason) for each in standing.ended]
    return lines


def _row(*cells: object) -> str:
    return "".join(f"{cell!s:<14}" for cell in cells).rstrip()


def _span(span: object) -> str:
    seconds = getattr(span, "total_seconds", None)
    return f"{int(seconds())} s" if seconds else "-"


def _ago(at: datetime | None, now: datetime) -> str:
    return "never" if at is None else f"{_span(now - at)} ago"
