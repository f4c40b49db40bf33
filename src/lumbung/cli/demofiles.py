"""Writes the demo's payroll files, each employer in the shape its payroll program would give."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from lumbung.cli.demopeople import InventedEmployer, InventedPerson, Job
from lumbung.law.month import Month


@dataclass(frozen=True, slots=True)
class PayrollLine:
    """One worker in a month's payroll."""

    member_number: str
    name: str
    nik: str = field(repr=False)
    birth_date: date = field(repr=False)
    wage: int = field(repr=False)


def payroll(
    workers: Sequence[tuple[InventedPerson, Job]], employer: InventedEmployer, month: Month
) -> list[PayrollLine]:
    """Who is paid by the employer in the month, sorted by name as payrolls are."""
    lines = [
        PayrollLine(job.member_number, person.name, person.nik, person.birth_date, job.wage_in(month))
        for person, job in workers
        if job.employer is employer and job.covers(month)
    ]
    return sorted(lines, key=lambda line: (line.name, line.member_number))


def file_name(employer: InventedEmployer, month: Month) -> str:
    """The name of an employer's file for a month."""
    ending = "xlsx" if employer.file_format == "xlsx" else "csv"
    return f"upah-{employer.full_number}-{month}.{ending}"


def content(lines: Sequence[PayrollLine], employer: InventedEmployer, month: Month) -> bytes:
    """A payroll file of the employer's kind."""
    writer = {"xlsx": _xlsx, "semicolon": _semicolon, "comma": _comma}[employer.file_format]
    return writer(lines, employer, month)


def _xlsx(lines: Sequence[PayrollLine], employer: InventedEmployer, month: Month) -> bytes:
    """A workbook with a title above the headings, numbers as text where digits count, and a total below."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Upah")
    sheet.append([f"Daftar upah {employer.name} {month}"])
    sheet.append([])
    sheet.append(["No KPJ", "NIK", "Nama Lengkap", "Tgl Lahir", "Upah Pokok + Tunjangan Tetap", "BLTH"])
    for line in lines:
        born = line.birth_date.strftime("%d-%m-%Y")
        sheet.append(
            [line.member_number, line.nik, line.name.upper(), born, line.wage, f"{month.month:02d}-{month.year}"]
        )
    sheet.append(["", "", "JUMLAH", "", sum(line.wage for line in lines), ""])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _semicolon(lines: Sequence[PayrollLine], employer: InventedEmployer, month: Month) -> bytes:
    """As a spreadsheet set to Indonesian saves it: semicolons, a byte order mark, Rp 5.000.000."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Nomor Peserta", "Nama", "NIK", "Tanggal Lahir", "Upah", "Rapel"])
    for line in lines:
        wage = f"Rp {line.wage:,}".replace(",", ".")
        writer.writerow([line.member_number, line.name, line.nik, line.birth_date.strftime("%d/%m/%Y"), wage, 0])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _comma(lines: Sequence[PayrollLine], employer: InventedEmployer, month: Month) -> bytes:
    """The least a payroll can give, with English headings."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["Member number", "Name", "Wage"])
    writer.writerows([line.member_number, line.name, line.wage] for line in lines)
    return stream.getvalue().encode()


def write_once(path: Path, made: bytes) -> bytes:
    """Keep the file when it is there already, else write it whole or not at all; return what it holds."""
    if not path.exists():
        scratch = path.with_name(path.name + ".new")
        scratch.write_bytes(made)
        scratch.replace(path)
    return path.read_bytes()
