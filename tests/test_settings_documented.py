"""What an operator sets stands in docs/operators/settings.md, and what is needed and missing stops the start."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "src/lumbung/config/settings.py"
READ = re.compile(r'(?:environ\.get|_required|_file|_folder|_hours|_rupiah)\(\s*"([A-Z_]+)"')
NEEDED = re.compile(r'_required\("([A-Z_]+)"')


def documented() -> dict[str, str]:
    """Each variable's cell of the table."""
    page = (ROOT / "docs/operators/settings.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    return {name: cell for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}


def test_every_variable_is_documented_and_the_needed_ones_are_called_so():
    source = SETTINGS.read_text(encoding="utf-8")
    known = documented()
    assert len(READ.findall(source)) > 15
    assert set(READ.findall(source)) - set(known) == set()
    assert [name for name in NEEDED.findall(source) if f"`{name}` (needed)" not in known[name]] == []


def test_without_a_key_for_papers_nothing_starts():
    name = "LUMBUNG_PAPER_KEY"
    environment = {each: value for each, value in os.environ.items() if each != name}
    done = subprocess.run(
        [sys.executable, "-c", "import lumbung.config.settings"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr
