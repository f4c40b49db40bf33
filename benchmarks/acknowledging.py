"""When an endpoint acknowledged the text of which phone, as lines of a file."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]


def timed(application: Application) -> Application:
    """The same application, which adds a line to the file of BENCH_ACKNOWLEDGED before each answer to Kannel; the
    file is open for as long as the process lives."""
    log, lock = Path(os.environ["BENCH_ACKNOWLEDGED"]).open("a", buffering=1), threading.Lock()  # noqa: SIM115

    def answer(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        said = application(environ, start_response)
        if phone := environ.get("HTTP_X_KANNEL_FROM"):
            with lock:
                log.write(f"{phone} {time.time()}\n")
        return said

    return answer


def instants(log: Path) -> dict[str, float]:
    """Of each phone when its last text was acknowledged."""
    lines = (line.split() for line in log.read_text().splitlines())
    return {phone: float(instant) for phone, instant in lines}
