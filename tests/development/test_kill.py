"""kill -9 at random points, run again: the same books, line by line, as of a run that nobody disturbed."""

import random
import signal
import subprocess
import time
from typing import Any

import pytest
from running import WORDS, chunks_cut, chunks_done, command, finished, fund, outcome, undisturbed

pytestmark = pytest.mark.usefixtures("clone")


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_random_points_and_run_again_the_books_are_the_same(seed: int, database: Any) -> None:
    fund()
    expected = undisturbed(database)
    chance = random.Random(seed)
    kills = broken_off = 0
    while kills < 7:
        process = command(*WORDS)
        wait_until_at_work(process, chance)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if process.returncode != -signal.SIGKILL:
            break
        kills += 1
        broken_off += 0 < chunks_done() < chunks_cut()
    told = finished(command(*WORDS))
    assert kills >= 3
    assert broken_off >= 2, "some of the kills must hit the midst of a run"
    assert told["state"] == "finished"
    assert outcome() == expected
    assert finished(command(*WORDS))["is_new"] is False


def wait_until_at_work(process: subprocess.Popen[bytes], chance: random.Random) -> None:
    """Wait for the run to be there, for some chunks more than there were, or for no time in particular."""
    if chance.random() < 0.3:
        time.sleep(chance.random() * 0.8)  # shorter than the shortest run
        return
    goal = chunks_done() + chance.randint(0, 5)
    while process.poll() is None and (chunks_done() < goal or not chunks_cut()):
        time.sleep(0.002)
    time.sleep(chance.random() * 0.03)
