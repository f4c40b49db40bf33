"""Issue payment codes, and take in what the bank received."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import connection, transaction
from procrastinate.contrib.django import app

from lumbung.errors import Problem, marked
from lumbung.ledger import actions as ledger
from lumbung.payments import bankfile, bookkeeping
from lumbung.payments.errors import BankFileRefused
from lumbung.payments.models import BankFile, PaymentCode, Receipt

# One take-in at a time: two files that share a bank reference would otherwise race for it.
TAKE_IN_LOCK = 0x4C554D01
# Before the first contributions of the law (July 2015) nobody paid the fund.
FIRST_DAY = date(2015, 7, 1)
# Whose codes were paid is not ours to know: these tasks look for what they issued, each until nothing is left.
SETTLING = "lumbung.contributions.actions.settle_returns"
ALSO_SETTLING = ("lumbung.billing.actions.settle_bills",)
PAYMENTS_A_JOB, JOBS_AT_MOST = 50, 4


def with_check_digit(digits: str) -> str:
    """The digits with their Luhn digit behind, which catches a mistyped digit and most swapped neighbours."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


@transaction.atomic
def issue_code(*, amount: int, due: date, now: datetime) -> PaymentCode:
    """Ask for a sum, in whole rupiah, under a fresh payment code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('payments_code_number')")
        (number,) = cursor.fetchone()
    code = with_check_digit(f"{number:011d}")
    return PaymentCode.objects.create(code=code, amount=amount, due=due, issued_at=now)


@transaction.atomic
def void_codes(codes: Iterable[str]) -> None:
    """Withdraw codes that are still open; money that arrives under one is held."""
    PaymentCode.objects.filter(code__in=list(codes), state=PaymentCode.State.OPEN).update(
        state=PaymentCode.State.VOID
    )


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of a bank file: receipts matched and held now, and how many were known already."""

    matched: list[Receipt]
    held: list[Receipt]
    known: int


@transaction.atomic
def take_in_bank_file(content: bytes, *, today: date, now: datetime) -> TakenIn:
    """Keep a bank file's new payments, match them exactly, and book the money; a payment is taken in once.

    A payment that is not exactly what a code asks for is held with the reason; one that comes late is not. What
    is matched is settled by a few jobs, queued in the same transaction. Raises BankFileRefused with every problem
    when one line is wrong; then nothing is kept.
    """
    read = bankfile.read(content)
    problems = [*read.problems, *_odd_days(read.lines, today)]
    if problems:
        raise BankFileRefused(sorted(problems, key=lambda problem: problem.line or sys.maxsize))
    _take_turns()
    fresh = _not_known(read.lines)
    if not fresh:
        return TakenIn([], [], len(read.lines))
    file, _ = BankFile.objects.get_or_create(
        digest=sha256(content).digest(), defaults={"content": content, "taken_in_at": now}
    )
    receipts = _match(fresh, file)
    Receipt.objects.bulk_create(receipts, batch_size=5_000)
    _book(receipts, file, now)
    matched = [receipt for receipt in receipts if receipt.payment_code_id]
    _queue_settling(len(matched))
    return TakenIn(matched, [r for r in receipts if r.held], len(read.lines) - len(fresh))


def _queue_settling(payments: int) -> None:
    if payments:
        for task in (*[SETTLING] * jobs_for(payments), *ALSO_SETTLING):
            app.configure_task(task, allow_unknown=True).defer()


def jobs_for(payments: int) -> int:
    """How many jobs settle so many payments side by side: a few, however many they are."""
    return min(JOBS_AT_MOST, 1 + payments // PAYMENTS_A_JOB) if payments else 0


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TAKE_IN_LOCK])


def _odd_days(lines: Sequence[bankfile.BankLine], today: date) -> list[Problem]:
    future = marked("The day of receipt lies in the future. Correct it; it is the day the bank got the money.")
    long_ago = marked("The day of receipt lies before July 2015, when the programmes began. Correct it.")
    return [
        Problem(
            "received_in_future" if line.received_on > today else "received_long_ago",
            future if line.received_on > today else long_ago,
            line.line,
            "received_on",
            line.received_on.isoformat(),
        )
        for line in lines
        if not FIRST_DAY <= line.received_on <= today
    ]


def _not_known(lines: Sequence[bankfile.BankLine]) -> list[bankfile.BankLine]:
    """The lines whose bank reference was never taken in. One that returns with other facts refuses the file."""
    references = [line.bank_reference for line in lines]
    known = {
        row.bank_reference: (row.code_as_written, row.amount, row.received_on)
        for row in Receipt.objects.filter(bank_reference__in=references)
    }
    sentence = marked(
        "This bank reference was taken in before with another code, amount or day. A reference is unique for"
        " ever: ask the bank which line is right."
    )
    changed = [
        Problem("reference_reused", sentence, line.line, "bank_reference", line.bank_reference)
        for line in lines
        if line.bank_reference in known
        and known[line.bank_reference] != (line.payment_code, line.amount, line.received_on)
    ]
    if changed:
        raise BankFileRefused(changed)
    return [line for line in lines if line.bank_reference not in known]


def _match(lines: Sequence[bankfile.BankLine], file: BankFile) -> list[Receipt]:
    wanted = {line.payment_code for line in lines}
    codes = {
        row.code: row for row in PaymentCode.objects.select_for_update().filter(code__in=wanted).order_by("code")
    }
    receipts = []
    for line in lines:
        code = codes.get(line.payment_code)
        held = _why_held(line, code)
        if code is not None and not held:
            code.state = PaymentCode.State.PAID
        receipts.append(
            Receipt(
                bank_reference=line.bank_reference,
                code_as_written=line.payment_code,
                amount=line.amount,
                received_on=line.received_on,
                file=file,
                line=line.line,
                payment_code=None if held else code,
                held=held,
            )
        )
    PaymentCode.objects.bulk_update(codes.values(), ["state"], batch_size=5_000)
    return receipts


def _why_held(line: bankfile.BankLine, code: PaymentCode | None) -> str:
    """The reason why a payment is not exactly what its code asks for, or an empty text."""
    if code is None:
        return Receipt.Held.UNKNOWN_CODE
    if code.state == PaymentCode.State.VOID:
        return Receipt.Held.VOID_CODE
    if code.state == PaymentCode.State.PAID:
        return Receipt.Held.ALREADY_PAID
    if line.amount != code.amount:
        return Receipt.Held.TOO_LITTLE if line.amount < code.amount else Receipt.Held.TOO_MUCH
    return ""


def _book(receipts: Sequence[Receipt], file: BankFile, now: datetime) -> None:
    totals: dict[date, int] = defaultdict(int)
    for receipt in receipts:
        totals[receipt.received_on] += receipt.amount
    for day, total in sorted(totals.items()):
        ledger.post(bookkeeping.receipts(file_id=file.pk, day=day, total=total), now=now)
