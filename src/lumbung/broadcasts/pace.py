"""When texts of a broadcast may go out, and how many. Pure: instants, hours and a rate in, a number out."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

# After a gap (a worker was down, the night is over) no more than this much time is made up at once.
MADE_UP = timedelta(minutes=2)
# Nothing is put out so shortly before the end of the hours, so that what waits a moment still goes.
LAST_MINUTES = timedelta(minutes=10)
# So much of an hour's texts may wait in the outbox before more are put out.
WAITING = timedelta(minutes=2)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when texts may reach people, by the fund's clock, on one day."""

    begin: time
    end: time
    zone: tzinfo

    def ends_at(self, now: datetime) -> datetime | None:
        """When the hours end in which the instant lies; None when it lies in none."""
        local = now.astimezone(self.zone)
        if not self.begin <= local.time() < self.end:
            return None
        return datetime.combine(local.date(), self.end, self.zone)

    def next_begin(self, now: datetime) -> datetime:
        """When the hours begin next."""
        local = now.astimezone(self.zone)
        day = local.date() if local.time() < self.begin else local.date() + timedelta(days=1)
        return datetime.combine(day, self.begin, self.zone)


def due(*, paced_until: datetime, now: datetime, an_hour: int) -> tuple[int, datetime]:
    """How many texts may go out now, and the instant from which they are counted."""
    since = min(max(paced_until, now - MADE_UP), now)
    return int((now - since) * an_hour / HOUR), since


def may_wait(an_hour: int) -> int:
    """How many texts may wait in the outbox before no more are put out."""
    return max(50, int(an_hour * (WAITING / HOUR)))


def ready_at(*, now: datetime, count: int, an_hour: int, hours: Hours) -> datetime:
    """When about so many texts will be out, night by night."""
    left, at = count * HOUR / an_hour, now
    while True:
        ends_at = hours.ends_at(at)
        room = ends_at - LAST_MINUTES - at if ends_at is not None else timedelta(0)
        if left <= room:
            return at + left
        left -= max(room, timedelta(0))
        at = hours.next_begin(at)
