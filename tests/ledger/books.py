"""Books of several months with everything in them that an entry can be, invented from a seed."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from random import Random

from django.db import transaction

from lumbung.ledger import actions, queries
from lumbung.ledger.drafts import Draft, MemberLines
from lumbung.ledger.errors import (
    AlreadyCorrected,
    AlreadyReversed,
    NotReversible,
    Overdrawn,
    PartlyCorrected,
)
from lumbung.ledger.models import Entry, MemberLine

NUMBERS = sorted(
    [*(f"1000000{n:04}" for n in range(30)), "123456789012", "-1", "N-1", "A", "0", "9" * 32, "PX00", "X--Y-"]
)
# Words that mean something to the programs that read an export, or would on a line of their own.
HOSTILE = (
    '", "x" \\',
    "ends in a backslash \\",
    "5,60% instead of 5,06%",
    "x, reverses:1, key:other, date:2020-01-01",
    "; date:2020-01-01 [2020-01-02=2020-01-03]",
    '2020-01-01 * "fake" ^entry-1 #tag',
    "    Assets:Bank  1 IDR",
    "account x",
    "include nothing.journal",
    "comment",
    "} ~ (code) | ! * = @ {1 IDR} [x]",
    "naïve 重 \U0001f4b0 \u202eback",
    "\u00a0\u2003Assets:Bank\u2003\u20035 IDR",
    "key:",
    ":",
    ",",
)
_TAKEN_BACK = (AlreadyCorrected, AlreadyReversed, NotReversible, Overdrawn, PartlyCorrected)
_PREMIUMS = ("premium_accident", "premium_death", "premium_job_loss", "premium_migrant", "fines", "tax_withheld")


def keep(seed: int, *, months: int = 6, entries: int = 12) -> None:
    """Post some entries in each of some months of 2024; what the books refuse is left out."""
    random = Random(seed)
    for month in range(months):
        now = datetime(2024, 1, 5, 3, tzinfo=UTC) + timedelta(days=31 * month)
        for _ in range(entries):
            now += timedelta(hours=random.randrange(30))
            one_of = random.choice((_contribution, _contribution, *_OTHERS))
            with suppress(*_TAKEN_BACK), transaction.atomic():
                one_of(random, now)


def _key(random: Random) -> str:
    return random.choice(('return:"{}', "return:{};x", "a,b:{}", "\\{}", "|!*({})", "date:2020-01-{}")).format(
        random.randrange(10**6)
    )


def _day(random: Random, now: datetime) -> date:
    """A value date up to half a year before the book date, or the day after it."""
    return now.date() + timedelta(days=random.choice((1, 0, 0, -1, -random.randrange(180))))


def _contribution(random: Random, now: datetime) -> None:
    numbers = sorted(random.sample(NUMBERS, random.randrange(1, len(NUMBERS))))
    old_age = [random.randrange(1, 3_000_000) for _ in numbers]
    pension = [random.choice((0, random.randrange(1, 400_000))) for _ in numbers]
    premiums = {code: -random.randrange(1, 90_000) for code in random.sample(_PREMIUMS, random.randrange(3))}
    amounts = {"member_old_age": -sum(old_age), "member_pension": -sum(pension), **premiums}
    control = [(code, amount) for code, amount in amounts.items() if amount]
    control.append((random.choice(("bank", "suspense", "receivable")), -sum(amounts.values())))
    lines = MemberLines(
        numbers, [date(2023, random.randrange(1, 13), 1)], old_age, (), (), pension, [int(p > 0) for p in pension]
    )
    reason = random.choice(("", *HOSTILE))
    actions.post(Draft(_key(random), "contribution", _day(random, now), control, lines, reason), now=now)


def _development(random: Random, now: datetime) -> None:
    numbers = sorted(random.sample(NUMBERS, 9))
    amounts = [random.randrange(1, 50_000) for _ in numbers]
    control = (("development_reserve", sum(amounts)), ("member_old_age", -sum(amounts)))
    lines = MemberLines(numbers, developments=amounts)
    actions.post(Draft(_key(random), "development", _day(random, now), control, lines), now=now)


def _withdrawal(random: Random, now: datetime) -> None:
    """All or a part of what somebody has, with a part of it credited in the same line."""
    number = random.choice(NUMBERS)
    has = queries.balance(number, None).old_age_balance
    if not has:
        return
    credited, paid = random.randrange(1, 999), random.choice((has, random.randrange(1, has + 1)))
    control = (("development_reserve", credited), ("member_old_age", paid - credited), ("bank", -paid))
    lines = MemberLines([number], developments=[credited], withdrawals=[paid])
    whole = [(code, amount) for code, amount in control if amount]
    actions.post(Draft(_key(random), "withdrawal", _day(random, now), whole, lines), now=now)


def _receipt(random: Random, now: datetime) -> None:
    amount = random.randrange(1, 10**12)
    control = (("bank", amount), ("suspense", -amount))
    actions.post(Draft(_key(random), "receipt", _day(random, now), control), now=now)


def _reversal(random: Random, now: datetime) -> None:
    entries = list(Entry.objects.order_by("-pk").values_list("pk", flat=True)[:8])
    if entries:
        entry_id = random.choice(entries)
        actions.reverse(entry_id, key=_key(random), reason=random.choice(HOSTILE), now=now)


def _correction(random: Random, now: datetime) -> None:
    """Take the lines of some members of an entry back, at the cost of the bank."""
    entries = list(Entry.objects.filter(line_count__gt=1).order_by("-pk").values_list("pk", flat=True)[:8])
    if not entries:
        return
    entry_id = random.choice(entries)
    lines = list(MemberLine.objects.filter(entry_id=entry_id).order_by("member_number"))
    wrong = random.sample(lines, random.randrange(1, len(lines)))
    old_age = sum(line.contribution + line.development - line.withdrawal for line in wrong)
    pension = sum(line.pension for line in wrong)
    control = (("member_old_age", old_age), ("member_pension", pension), ("bank", -old_age - pension))
    actions.correct(
        entry_id,
        [line.member_number for line in wrong],
        control=[(code, amount) for code, amount in control if amount],
        key=_key(random),
        reason=random.choice(HOSTILE),
        now=now,
    )


_OTHERS = (_development, _withdrawal, _receipt, _reversal, _correction)
