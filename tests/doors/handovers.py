"""Stands before Kannel's sendsms and counts what was handed over and taken, by our own reference."""

import http.client
import re
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class HandOvers:
    """Passes every request on to Kannel, from `with` on. Where Kannel can't be reached it says so by 503; where
    Kannel breaks off, so does it."""

    def __init__(self, kannel_port: int) -> None:
        self.taken: Counter[str] = Counter()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(kannel_port, self.taken))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def port(self) -> int:
        return self._server.server_port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(kannel_port: int, taken: Counter[str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kannel = http.client.HTTPConnection("127.0.0.1", kannel_port, timeout=60)
            try:
                kannel.connect()
            except OSError:
                self._answer(503, b"")
                return
            try:
                kannel.request("POST", self.path, body, dict(self.headers))
                answer = kannel.getresponse()
                said = answer.read()
            except (OSError, http.client.HTTPException):
                self.close_connection = True
                return
            finally:
                kannel.close()
            if answer.status == 202:
                taken.update(re.findall(r"ref=([0-9a-f-]{36})", self.headers["X-Kannel-DLR-Url"]))
            self._answer(answer.status, said)

        def _answer(self, status: int, said: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's name)
            """Nothing on the terminal."""

    return Handler
