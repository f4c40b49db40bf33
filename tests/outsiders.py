"""The books as programs that are not ours read them, and whether they agree with what Lumbung says."""

import csv
import io
import os
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from click.testing import CliRunner

from lumbung.ledger.queries import Balance

MEMBER_PLACES = {"member_old_age": "Liabilities:Members:OldAge", "member_pension": "Liabilities:Members:Pension"}
PROGRAMS = ("hledger", "beancount")


def export(program: str, *arguments: str) -> str:
    """What `lumbung ledger export` writes for the program."""
    from lumbung.cli import main

    done = CliRunner().invoke(main, ["ledger", "export", "--format", program, *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def sums(program: str, text: str, folder: Path) -> dict[str, int]:
    """What stands on each account, by the program's own reading. Raises Refused when it accepts no such file."""
    return by_hledger(text, folder) if program == "hledger" else by_beancount(text)


class Refused(Exception):
    """The program does not accept the file."""


def by_hledger(text: str, folder: Path) -> dict[str, int]:
    """The program's strict reading of the text; accounts with nothing on them are left out."""
    path = folder / "books.journal"
    path.write_text(text, encoding="utf-8")
    rows = csv.reader(
        io.StringIO(run_hledger(path, "balance", "--strict", "--flat", "--no-total", "--output-format", "csv"))
    )
    assert next(rows) == ["account", "balance"]
    return {account: _rupiah(balance) for account, balance in rows}


def run_hledger(path: Path, *arguments: str) -> str:
    command = ["hledger", "--file", str(path), *arguments]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise Refused(done.stderr)
    return done.stdout


def _rupiah(balance: str) -> int:
    amount, commodity = balance.split(" ")
    assert commodity == "IDR"
    return int(amount)


def by_beancount(text: str) -> dict[str, int]:
    """The program's reading of the text, all its checks passed. It keeps a cache of files, not of texts."""
    from beancount import loader
    from beancount.core.data import Transaction

    entries, errors, _ = loader.load_string(text)
    if errors:
        raise Refused("\n".join(error.message for error in errors))
    found: Counter[str] = Counter()
    for entry in entries:
        for posting in entry.postings if isinstance(entry, Transaction) else ():
            assert posting.units.currency == "IDR"
            assert posting.units.number == int(posting.units.number)
            found[posting.account] += int(posting.units.number)
    return dict(found)


def disagreements(found: Mapping[str, int], totals: Mapping[str, int], balances: Iterable[Balance]) -> list[str]:
    """The accounts on which the program's sums differ from Lumbung's control accounts or a member's balance."""
    from lumbung.cli.chart import PLACES, as_it_is

    expected = {PLACES[code]: amount for code, amount in totals.items() if code not in MEMBER_PLACES}
    for balance in balances:
        who = as_it_is(balance.member_number)
        expected[f"Liabilities:Members:OldAge:{who}"] = -balance.old_age_balance
        expected[f"Liabilities:Members:Pension:{who}"] = -balance.pension_contributions
    differing = [name for name in sorted({*expected, *found}) if expected.get(name, 0) != found.get(name, 0)]
    for code, parent in MEMBER_PLACES.items():
        total = sum(amount for account, amount in found.items() if account.startswith(f"{parent}:"))
        differing += [parent] if total != totals[code] else []
    return differing


def all_balances(day: object = None) -> list[Balance]:
    """Every member number's balance, each asked for by itself, as `lumbung balance` does."""
    from lumbung.ledger import queries
    from lumbung.ledger.models import MemberAccount

    return [queries.balance(number, day) for number in MemberAccount.objects.values_list("pk", flat=True)]  # type: ignore[arg-type]
