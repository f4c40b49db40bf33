"""Pages, papers and texts write money and days as the law's derivations do, and in no way of their own."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

import lumbung
from lumbung import wording
from lumbung.cli.law.language import translator
from lumbung.law import writing
from lumbung.law.month import Month


@pytest.mark.parametrize("language", ["en", "id"])
def test_pages_write_as_derivations_do(language: str):
    told = translator(language)
    with translation.override(language):
        for amount in (0, 999, -1_500, 12_345_678):
            assert wording.rupiah(amount) == writing.rupiah(amount, told)
        for month in range(1, 13):
            assert wording.month_name(Month(2026, month)) == writing.month(Month(2026, month), told)
            assert wording.day_name(date(2026, month, 9)) == writing.day(date(2026, month, 9), told)
        assert wording.percent("5.60") == ("5.60" if language == "en" else "5,60")


def test_nobody_writes_them_in_a_way_of_his_own():
    """Texts of the short number have rules of their own; a demo's file imitates a spreadsheet."""
    source = Path(lumbung.__file__).parent
    own = re.compile(r'\bdate_format\(|replace\(",", "\."\)')
    found = {str(path.relative_to(source)) for path in source.rglob("*.py") if own.search(path.read_text())}
    assert found == {"wording.py", "sms/answers.py", "cli/demofiles.py", "portal/amounts.py"}
