"""Our application, and when each text was acknowledged, which is when it is durable."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from lumbung.config.wsgi import application as ours

_log = open(os.environ["BENCH_ACKNOWLEDGED"], "a", buffering=1)  # noqa: SIM115  (as long as the process)
_lock = threading.Lock()


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """The answer, once its phone and the instant are noted."""
    answer = ours(environ, start_response)
    if phone := environ.get("HTTP_X_KANNEL_FROM"):
        with _lock:
            _log.write(f"{phone} {time.time()}\n")
    return answer
