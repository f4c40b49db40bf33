"""The other side of the texts' comparison: an endpoint for Kannel that keeps nothing and answers a constant."""

from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.acknowledging import timed

ANSWER = b"Saldo JHT xxxxxxx9012: Rp 12.345.678 per 31-10-2026"


@timed
def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Whatever is asked: the words of an answer, which Kannel sends to the phone by itself."""
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(ANSWER)))])
    return [ANSWER]
