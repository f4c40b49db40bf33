"""Has LibreOffice save lists in its own ways: the files that members' employers really send."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .corpus.opendocument import cell, flat, formula, number, row_of, words
from .corpus.shapes import HEADING, TYPED, decorated, old_excel, with_formula
from .making import LIST, csv_of

_INDONESIAN = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Setup/L10N"><prop
oor:name="ooSetupSystemLocale" oor:op="fuse"><value>id-ID</value></prop></item></oor:items>
"""
TIMEOUT = 120  # seconds for one run

_LIST = [[words(title) for title in HEADING], *[row_of(row) for row in TYPED]]
_TOTAL = [cell(), cell(), words("TOTAL"), cell(), formula("SUM([.E4:.E6])")]
_HIDDEN = [[words(title) for title in HEADING], [words("99999999999"), cell(), words("Lama"), cell(), number(1)]]
_WRONG = [
    [words(title) for title in ("KPJ", "Nama", "Upah", "Rapel")],
    [words("12345678901"), words("Budi"), number(5_000_000), formula("1/0")],
    [words("12345678902"), words("Siti"), formula("NA()"), formula('IF(1;"";2)')],
    [words("12345678903"), formula("NAMA(1)"), number(1), cell()],
    [words("12345678904"), words("Dewi"), formula("[.C2]*2"), formula("[.C2]-[.C2]")],
]

SOURCES: Mapping[str, Callable[[], bytes]] = {
    "upah.fods": lambda: flat([[words("DAFTAR UPAH")], [], *_LIST, _TOTAL], old=_HIDDEN),
    "salah.fods": lambda: flat(_WRONG),
    "hias.xlsx": decorated,
    "tua.xls": lambda: old_excel(with_formula),
    "teks.csv": lambda: csv_of(LIST, ";"),
}
_CSV = "csv:Text - txt - csv (StarCalc):"

# Folder -> what it is saved as, and which sources. Each is one run of the program.
RUNS: Mapping[str, tuple[str, Sequence[str]]] = {
    "xlsx": ("xlsx", ["upah.fods", "salah.fods", "hias.xlsx", "tua.xls"]),
    "xls": ("xls:MS Excel 97", ["upah.fods", "salah.fods", "hias.xlsx", "tua.xls"]),
    "ods": ("ods", ["upah.fods", "salah.fods", "hias.xlsx", "tua.xls"]),
    "shown": (f"{_CSV}44,34,76,1,,0,false,true,true", ["upah.fods", "salah.fods"]),
    "semicolon": (f"{_CSV}59,34,1,1,,0,true,true,true", ["upah.fods"]),
    "unicode": (f"{_CSV}9,34,65535,1,,0,false,true,true", ["upah.fods"]),
    "raw": (f"{_CSV}59,34,76,1,,0,false,false,false", ["upah.fods"]),
    "guessed": ("xlsx", ["teks.csv"]),
    "html": ("html", ["upah.fods"]),
}
GUESSED = ["--infilter=CSV:59,34,76,1"]


def export_all(program: str, folder: Path) -> None:
    """Make the sources and all that LibreOffice saves of them, each run's in a folder of its name."""
    sources = folder / "sources"
    sources.mkdir(parents=True)
    (folder / "profile" / "user").mkdir(parents=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_INDONESIAN)
    for name, make in SOURCES.items():
        (sources / name).write_bytes(make())
    for name, (kind, wanted) in RUNS.items():
        command = [
            program, "--headless", f"-env:UserInstallation=file://{folder}/profile",
            *(GUESSED if name == "guessed" else []),
            "--convert-to", kind, "--outdir", str(folder / name), *[str(sources / each) for each in wanted],
        ]  # fmt: skip
        environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
        saved = sorted(path.stem for path in (folder / name).iterdir()) if (folder / name).exists() else []
        assert saved == sorted(each.partition(".")[0] for each in wanted), f"{name}: {done.stdout}{done.stderr}"
