"""One employer's big return, from the file to the payment code: `lumbung return take-in` in its own process."""

import argparse
import csv
import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook

from benchmarks import fund
from benchmarks.measuring import Result

PLACE = 99_999_999
HEADINGS = ("KPJ", "Nama", "Upah")
ROWS_A_SECOND = 10_000
# Runs the command and says on its last line how much memory it held at most, in kB (Linux).
MEASURED = (
    "import resource, sys; from lumbung.cli import main\n"
    "try: main()\n"
    "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
)


def run(options: argparse.Namespace) -> Iterator[Result]:
    """Each format in a month of its own; the goal is 200,000 rows in 20 s and 500 MB."""
    folder = Path(os.environ["LUMBUNG_HOME"])
    numbers = fund.hire(PLACE, 70_000_000_000, options.rows).numbers
    rows = [(number, f"Contoh {number}", 4_000_000 + 1_000 * (at % 5_000)) for at, number in enumerate(numbers)]
    for name, content, month in (("csv", _csv(rows), "2025-01"), ("xlsx", _xlsx(rows), "2025-02")):
        path = folder / f"upah.{name}"
        path.write_bytes(content)
        seconds, megabytes = _take_in(path, month)
        words = f"{options.rows:,} rows in {seconds:.1f} s, {megabytes:.0f} MB"
        figures = {"seconds": seconds, "megabytes": megabytes, "rows": options.rows}
        yield Result(f"return_{name}_of_goal", options.rows / seconds / ROWS_A_SECOND, words, figures)


def _take_in(path: Path, month: str) -> tuple[float, float]:
    command = ["return", "take-in", str(path), "--employer", f"{PLACE}-000", "--month", month]
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", MEASURED, *command], check=False, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"`lumbung return take-in` failed:\n{done.stdout}\n{done.stderr}")
    return seconds, int(done.stderr.split()[-1]) / 1024


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
