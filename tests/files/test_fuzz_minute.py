"""Half a minute of mutated files (see `fuzzing`): the readers never raise, and what holds always holds of each.

It proves that for the files which fit into the time, from one seed, and no more; `make audit` tries for longer.
The other half minute is in tests/contributions/test_half_done.py: a refused file leaves no row changed.
"""

from pathlib import Path

import pytest

from lumbung.tables import workbook

from .corpus import CORPUS
from .corpus.hostile import BANK_FILES
from .exporting import RUNS
from .fuzzing import SECONDS, SEED, Fuzzer, Recipe, seeds_of
from .invariants import MOST_SECONDS, of_a_bank_file, of_a_return

SEEDS = seeds_of(CORPUS)


@pytest.fixture
def seeds(request: pytest.FixtureRequest) -> list[bytes]:
    """The corpus, and what LibreOffice saved of it where there is one."""
    try:
        folder: Path = request.getfixturevalue("exported")
    except pytest.skip.Exception:
        return SEEDS
    return [*SEEDS, *[path.read_bytes() for name in RUNS for path in sorted((folder / name).iterdir())]]


def test_a_mutated_return_is_rows_or_problems(seeds: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_SECONDS", 2 * MOST_SECONDS)
    fuzzer = Fuzzer(seeds, of_a_return, "return")
    fuzzer.run(SECONDS * 0.9)
    assert sum(fuzzer.seen.values()) >= SECONDS, "hardly a file a second: something hangs"
    accepted = {kind for kind in fuzzer.seen if kind.endswith("accepted")}
    assert len(accepted) >= 2, f"the mutations leave nothing whole: {fuzzer.seen}"


def test_a_mutated_bank_file_is_lines_or_problems() -> None:
    fuzzer = Fuzzer([*BANK_FILES, *SEEDS[:5]], of_a_bank_file, "bankfile")
    fuzzer.run(SECONDS * 0.1)
    assert {"bank file accepted", "bank file refused"} == set(fuzzer.seen)


def test_a_recipe_cooks_the_same_file_again() -> None:
    recipe = Recipe(0, (f"{SEED} 1 0", f"{SEED} 1 1"))
    assert recipe.cook(SEEDS) == recipe.cook(SEEDS) != SEEDS[0]


def test_what_breaks_is_made_small_saved_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("files.fuzzing.FOLDER", tmp_path)

    def check(content: bytes) -> str:
        assert b"Rapel" not in content
        return "fine"

    with pytest.raises(AssertionError, match="--replay"):
        Fuzzer([b"no;need;of;this\r\n" * 20 + b"KPJ;Nama;Upah;Rapel"], check, "test").run(30)
    (saved,) = tmp_path.iterdir()
    assert saved.read_bytes() == b"Rapel"
