"""Files that LibreOffice saves for these tests, once a run."""

import fcntl
import os
from pathlib import Path

import pytest

from .exporting import export_all


@pytest.fixture(scope="session")
def exported(soffice: str) -> Path:
    """The folder of what LibreOffice saved; whichever worker comes first has it made."""
    folder = Path(os.environ["LUMBUNG_TEST_FOLDER"]) / "exported"
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            export_all(soffice, folder)
    return folder
