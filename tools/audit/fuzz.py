"""`make audit`: mutates the files of the corpus for longer than the suite does; `--replay FILE` shows one again.

Two processes at once: one drives the readers alone, the other takes files in against a real database. A file that
breaks something is made smaller, saved, and named with the command that replays it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ["tests/files/test_fuzz_minute.py", "tests/contributions/test_half_done.py"]


def main() -> int:
    """Fuzz or replay; 0 if nothing broke."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20, help="how long, each of the two (%(default)s)")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"), help="else a new one")
    parser.add_argument("--save", type=Path, default=Path(tempfile.gettempdir()) / "lumbung-fuzz")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="read this file once, and do nothing else")
    options = parser.parse_args()
    return replay(options.replay) if options.replay else fuzz(options.minutes, options.seed, options.save)


def fuzz(minutes: float, seed: int, folder: Path) -> int:
    """Run the suite's two fuzzers for this long from this seed."""
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "report"
    report.unlink(missing_ok=True)
    print(f"fuzzing for {minutes:g} minutes from seed {seed}; what breaks is saved in {folder}", flush=True)
    environment = {
        **os.environ,
        "LUMBUNG_FUZZ_SECONDS": str(minutes * 60),
        "LUMBUNG_FUZZ_SEED": str(seed),
        "LUMBUNG_FUZZ_FOLDER": str(folder),
        "LUMBUNG_FUZZ_REPORT": str(report),
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "-p", "no:randomly", *TESTS]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    print(report.read_text() if report.exists() else "", end="")
    return done.returncode


def replay(path: Path) -> int:
    """Read a file as a return and as a bank file, and say what comes of it; a traceback if it breaks something."""
    sys.path[:0] = [str(ROOT / "tests")]
    from files.invariants import of_a_bank_file, of_a_return
    from files.making import read

    content = path.read_bytes()
    for problem in read(content).problems[:20]:
        print(problem.line, problem.column, problem.code, repr(problem.value))
    print("as a return:", of_a_return(content))
    print("as a bank file:", of_a_bank_file(content))
    return 0


if __name__ == "__main__":
    sys.exit(main())
