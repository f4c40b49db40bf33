"""One employer's big return, from the file to the payment code: `lumbung return take-in` in its own process."""

import argparse
import csv
import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from openpyxl import Workbook

EMPLOYER = "99999999-000"
HEADINGS = ("KPJ", "Nama", "Upah")
CHUNK = 20_000
# Runs the command and says on its last line how much memory it held at most, in kB (Linux).
MEASURED = (
    "import resource, sys; from lumbung.cli import main\n"
    "try: main()\n"
    "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
)


def run(options: argparse.Namespace) -> Iterator[tuple[str, float, str]]:
    """Yield (name, ratio, words) for each format: how many times faster than 20 s for 200,000 rows."""
    folder = Path(os.environ["LUMBUNG_HOME"])
    numbers = _register(options.rows)
    rows = [(number, f"Contoh {number}", 4_000_000 + 1_000 * (at % 5_000)) for at, number in enumerate(numbers)]
    goal = 20 * options.rows / 200_000
    for name, content in (("csv", _csv(rows)), ("xlsx", _xlsx(rows))):
        path = folder / f"upah.{name}"
        path.write_bytes(content)
        month = {"csv": "2025-01", "xlsx": "2025-02"}[name]
        command = ["return", "take-in", str(path), "--employer", EMPLOYER, "--month", month]
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, *command], check=True, capture_output=True, text=True
        )
        seconds = time.perf_counter() - began
        memory = int(done.stderr.split()[-1]) / 1024
        words = f"{options.rows:,} rows in {seconds:.1f} s, {memory:.0f} MB; goal 20 s, 500 MB"
        yield f"return_{name}_of_goal", goal / seconds, words


def _register(count: int) -> list[str]:
    from lumbung.registry import actions

    numbers = [f"7{member:010d}" for member in range(count)]
    employer = actions.register_employer(
        full_number=EMPLOYER, name="PT Contoh Besar", risk_class="I", size="large"
    )
    for start in range(0, count, CHUNK):
        chunk = numbers[start : start + CHUNK]
        persons = [actions.NewPerson(f"Contoh {number}", date(1990, 1, 1), (number,)) for number in chunk]
        actions.register_persons(persons)
        actions.start_employments(employer, [actions.NewEmployment(number, date(2020, 1, 1)) for number in chunk])
    return numbers


def _csv(rows: list[tuple[str, str, int]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    return stream.getvalue().encode()


def _xlsx(rows: list[tuple[str, str, int]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
