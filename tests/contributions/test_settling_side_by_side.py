"""Workers that settle side by side, and workers that are killed: every payment is settled once."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

import psycopg
import pytest
from fund import HEADER, NOW, TODAY, check

from lumbung.contributions import actions as contributions
from lumbung.contributions.models import Return, ReturnLine
from lumbung.law.month import Month
from lumbung.ledger.models import Entry, MemberAccount
from lumbung.payments import actions as payments
from lumbung.registry import actions as registry

EMPLOYERS, MEMBERS, SHARE = 8, 24, 12
MONTHS = [Month(2025, number) for number in range(7, 12)]
NUMBERS = [f"{10_000_000_000 + member * 37}" for member in range(MEMBERS)]


COMMAND = [sys.executable, "-c", "from lumbung.cli import main; main()", "return", "settle", "--json"]
Settle = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def settle(clone: object) -> Iterator[Settle]:
    """Starts the command; what still runs after the test is ended."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        process = subprocess.Popen([*COMMAND, *options], env=dict(os.environ), stdout=pipe, stderr=pipe, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            process.kill()


def settled() -> int:
    return Return.objects.filter(state="settled").count()


@pytest.fixture
def paid(clone: object) -> int:
    """Employers who share their members, with five months paid and nothing settled; how many returns that is."""
    choice = random.Random(5)
    registry.register_persons(
        [registry.NewPerson(f"Contoh {number}", date(1990, 1, 1), (number,)) for number in NUMBERS]
    )
    codes = []
    for place in range(1, EMPLOYERS + 1):
        employer = registry.register_employer(
            full_number=f"{place:08d}-000", name="PT Contoh", risk_class="II", size="large"
        )
        numbers = choice.sample(NUMBERS, SHARE)
        registry.start_employments(employer, [registry.NewEmployment(n, date(2020, 1, 1)) for n in numbers])
        for month in MONTHS:
            rows = "".join(f"{number},Contoh {number},{5_000_000 + place}\n" for number in numbers)
            taken = contributions.take_in_return(
                employer, month, f"KPJ,Nama,Upah\n{rows}".encode(), file_name="upah.csv", today=TODAY, now=NOW
            )
            codes.append((taken.code.code, taken.code.amount))
    lines = [f"{code},{amount},{TODAY},R{code}" for code, amount in codes]
    payments.take_in_bank_file("\n".join([HEADER, *lines, ""]).encode(), today=TODAY, now=NOW)
    assert settled() == 0
    return len(codes)


def assert_settled_once(paid: int, superuser_url: str) -> None:
    assert settled() == paid
    assert Entry.objects.filter(kind="contribution").count() == paid
    old_age: Counter[str] = Counter()
    months: dict[str, set[date]] = {number: set() for number in NUMBERS}
    for line in ReturnLine.objects.select_related("returned"):
        old_age[line.member_number_id] += line.jht_employer + line.jht_member
        months[line.member_number_id].add(line.returned.month)
    accounts = {
        a.member_number: (a.contribution_total, a.pension_months_total) for a in MemberAccount.objects.all()
    }
    assert accounts == {number: (old_age[number], len(months[number])) for number in old_age}, (
        "each payment once, and each month once for the pension"
    )
    check()
    with psycopg.connect(superuser_url) as superuser:
        deadlocks = superuser.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    assert deadlocks == (0,)


@pytest.mark.parametrize("set_lines", ["1", "40", "50000"], ids=["singly", "in small sets", "in one set"])
def test_two_workers_share_the_work(paid: int, settle: Settle, superuser_url: str, set_lines: str) -> None:
    workers = [settle("--set-lines", set_lines) for _ in range(2)]
    reports = [json.loads(worker.communicate(timeout=120)[0]) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert sum(report["returns"] for report in reports) == paid
    assert sum(report["members"] for report in reports) == paid * SHARE
    assert_settled_once(paid, superuser_url)


@pytest.mark.parametrize("seed", range(3))
def test_a_worker_that_is_killed_leaves_whole_sets(
    paid: int, settle: Settle, superuser_url: str, seed: int
) -> None:
    """One of two dies by SIGKILL at any moment of its work; what it held is free for the next one."""
    chance = random.Random(seed)
    workers = [settle("--set-lines", "1") for _ in range(2)]
    enough = chance.randrange(1, paid // 3)
    wait_for(lambda: settled() >= enough)
    time.sleep(chance.random() * 0.02)
    workers[0].send_signal(signal.SIGKILL)
    workers[0].communicate(timeout=60)
    assert workers[0].returncode == -signal.SIGKILL
    workers[1].communicate(timeout=120)
    assert Entry.objects.filter(kind="contribution").count() == settled(), "no set is half there"
    check()
    last = settle()
    assert json.loads(last.communicate(timeout=120)[0])["refused"] == []
    assert_settled_once(paid, superuser_url)


def test_ctrl_c_leaves_whole_sets_and_says_so(paid: int, settle: Settle, superuser_url: str) -> None:
    worker = settle("--set-lines", "1")
    wait_for(lambda: settled() > 0)
    worker.send_signal(signal.SIGINT)
    _, errors = worker.communicate(timeout=60)
    if worker.returncode != 0:  # it may have been quicker
        assert worker.returncode == 130
        assert "credited in whole sets. Run it again for the rest." in errors
    assert Entry.objects.filter(kind="contribution").count() == settled()
    again = settle()
    again.communicate(timeout=60)
    assert again.returncode == 0
    assert_settled_once(paid, superuser_url)


def wait_for(is_so: object) -> None:
    for _ in range(3_000):
        if is_so():  # type: ignore[operator]
            return
        time.sleep(0.01)
    raise AssertionError("it never came")
