"""A browser that can be pushed to: its keys, what it opens, and a push service of the test's own."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lumbung.accounts.models import PushSubscription, User
from lumbung.accounts.push import actions
from lumbung.accounts.push.devices import digest

ENDPOINT = "https://fcm.googleapis.com/fcm/send/uji"
NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Browser:
    """The keys that a browser makes for one address."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = b"0123456789abcdef"

    @property
    def keys(self) -> dict[str, str]:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": encoded(point), "auth": encoded(self.secret)}

    def opened(self, body: bytes) -> dict[str, Any]:
        """What a sealed push says, as only this browser can read it."""
        plain = http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        said: dict[str, Any] = json.loads(plain)
        return said


def subscribe(
    user: User, *, endpoint: str = ENDPOINT, browser: Browser | None = None, device: str = "gawai", **more: Any
) -> PushSubscription:
    """As if the user had turned pushes on in a browser that brings this number."""
    facts = {"session_key": None, "user_agent": "", "now": NOW, **more}
    keys = (browser or Browser()).keys
    return actions.turn_on(user, endpoint=endpoint, **keys, device=digest(device), **facts)


@dataclass
class Service:
    """A push service that keeps what it is sent, and answers as it is told."""

    origin: str
    status: int = 201
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def push_service() -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.taken.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(service.status)
            if service.status in {301, 302, 307, 308}:
                self.send_header("Location", f"{service.origin}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    service = Service(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
