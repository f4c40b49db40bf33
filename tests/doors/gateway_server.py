"""A gateway of the test's own: it counts and keeps what it is sent, and answers as it is told."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class GatewayServer:
    """What it was sent, and what it will answer: a status and a body, or nothing at all (`cuts`)."""

    url: str = ""
    taken: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)
    standing: list[socket.socket] = field(default_factory=list)
    status: int = 202
    body: bytes = b"0: Accepted for delivery"
    cuts: bool = False
    waits: threading.Event | None = None
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def hang_up(self) -> None:
        """Close the connections that stand, as a server does with idle ones."""
        for connection in self.standing:
            with suppress(OSError):  # the other side was quicker
                connection.shutdown(socket.SHUT_RDWR)
        self.standing.clear()

    @property
    def words(self) -> list[str]:
        return [body for _, _, body in self.taken]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_Server"

    def do_POST(self) -> None:
        mine = self.server.mine
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        mine.taken.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        if self.client_address not in mine.connections:
            mine.standing.append(self.connection)
        mine.connections.add(self.client_address)
        mine.arrived.release()
        if mine.waits is not None:
            mine.waits.wait(timeout=60)
        if mine.cuts:
            self.close_connection = True
            return
        self.send_response(mine.status)
        self.send_header("Content-Length", str(len(mine.body)))
        self.end_headers()
        self.wfile.write(mine.body)

    def log_message(self, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    mine: GatewayServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up in the middle, as a killed worker does, is no news."""


@contextmanager
def gateway_server(tls: ssl.SSLContext | None = None) -> Iterator[GatewayServer]:
    """One that listens on a port of its own while the test lasts."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.mine = GatewayServer(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.mine
    finally:
        if server.mine.waits is not None:
            server.mine.waits.set()
        server.shutdown()
        server.server_close()
