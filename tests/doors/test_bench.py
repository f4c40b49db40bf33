"""`make bench` at a tiny size: every named ratio comes out as a number. How big it is depends on the machine."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.goals import GOALS, GROUPS, chosen

ROOT = Path(__file__).resolve().parent.parent.parent
TINY = (
    "--members 300 --months 12 --employers 2 --one 150 --rows 300 --longest 14 --peer 100 --scale 200,300"
    " --seconds 0.2 --reads 50 --rounds 1 --texts 8"
)


@pytest.mark.servers
def test_every_ratio_is_a_number(kannel: str) -> None:
    own = {"DATABASE_URL", "DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in own}
    place = os.environ["LUMBUNG_TEST_FOLDER"]  # in memory where that is large enough
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--json", *TINY.split(), "--folder", place],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found["ratios"]) == set(found["absolute"]) == set(GOALS)
    for name, ratio in found["ratios"].items():
        assert isinstance(ratio, float | int), name
        assert math.isfinite(ratio), name
        assert ratio > 0, name
    assert all(found["absolute"].values())
    assert found["ratios"]["statements_of_one_employer"] == 1
    assert found["postgresql"]["fsync"] == "on"
    assert "met" in found


def test_only_takes_ratios_and_groups() -> None:
    assert chosen([]) == set(GOALS)
    assert chosen(["month_of_copy"]) == {"month_of_copy"}
    assert "month_of_copy" in chosen(["books"])
    assert set(GROUPS) >= {"books", "employers", "history", "web"}
    with pytest.raises(KeyError, match="nonsense"):
        chosen(["nonsense"])


def test_a_goal_is_met_on_its_own_side() -> None:
    assert GOALS["month_of_copy"].is_met(0.5)
    assert not GOALS["month_of_copy"].is_met(0.49)
    assert GOALS["storage_bytes"].is_met(300)
    assert not GOALS["storage_bytes"].is_met(301)
    assert GOALS["check_of_plain_sums"].is_met(0.1) is None
