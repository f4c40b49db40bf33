"""The peer that everybody can run: django-hordak, in a process and with settings of its own."""

import json
import os
import subprocess
import sys
from typing import Any


class Peer:
    """Talks to `python -m benchmarks.peer_process`, line by line."""

    def __enter__(self) -> "Peer":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.peer_process"],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.peer_settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *problem: object) -> None:
        self._process.communicate()

    def ask(self, work: str, **arguments: int) -> float:
        """The seconds that the work took there."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"work": work, **arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the peer ended; why stands above"
        answer: dict[str, Any] = json.loads(line)
        return float(answer["seconds"])
