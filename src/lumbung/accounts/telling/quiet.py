"""Quiet hours: from when a notice may be sent."""

from datetime import datetime, time, timedelta

from django.utils import timezone

FROM, UNTIL = time(21), time(7)


def not_before(now: datetime, *, quiet_from: time, quiet_until: time) -> datetime | None:
    """The end of the quiet hours in which the instant lies, by the fund's clock; None when it lies in none.

    They begin with `quiet_from` and are over at `quiet_until`; over midnight when the first one is the later one.
    """
    zone = timezone.get_default_timezone()
    local = now.astimezone(zone)
    clock, day = local.time(), local.date()
    if quiet_from < quiet_until:
        return datetime.combine(day, quiet_until, zone) if quiet_from <= clock < quiet_until else None
    if clock >= quiet_from:
        return datetime.combine(day + timedelta(days=1), quiet_until, zone)
    return datetime.combine(day, quiet_until, zone) if clock < quiet_until else None
