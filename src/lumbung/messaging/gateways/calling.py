"""Call a gateway by HTTP over kept connections, and tell what was not taken from what nobody knows."""

import select
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from lumbung.messaging.transports import NotTaken

CONNECT_SECONDS, ANSWER_SECONDS = 3, 10
LONGEST_ANSWER = 16_384


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway said."""

    status: int
    body: bytes


class Unanswered(Exception):
    """Our bytes left, or may have, and no whole answer came: nobody knows."""


class Caller:
    """One address of a gateway, and the idle connections to it, for any number of threads.

    The plain client of the standard library costs a third of what its comfortable siblings do, and this is called
    for each text. It asks no proxy of the environment and follows nowhere.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host, self._port = parts.hostname or "", parts.port
        self._path = parts.path + (f"?{parts.query}" if parts.query else "") or "/"
        self._idle: list[HTTPConnection] = []
        weakref.finalize(self, _close_all, self._idle)

    def call(self, method: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Raises NotTaken when our bytes never left, Unanswered when they may have.

        An exception of the client may quote what was sent, so none gets out.
        """
        connection = self._connected()
        try:
            connection.request(method, self._path, body=body, headers=dict(headers))
            response = connection.getresponse()
            answer = Answer(response.status, response.read(LONGEST_ANSWER))
        except (OSError, HTTPException, ValueError):
            connection.close()
            raise Unanswered from None
        if response.isclosed() and not response.will_close:
            self._idle.append(connection)
        else:
            response.close()
            connection.close()
        return answer

    def _connected(self) -> HTTPConnection:
        """A connection that stands: an idle one, unless the other side has closed it meanwhile, or a new one."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was quicker
                break
            if not _is_readable(connection):
                return connection
            connection.close()
        connection = self._make(self._host, self._port, timeout=CONNECT_SECONDS)
        try:
            connection.connect()
        except (OSError, HTTPException):
            connection.close()
            raise NotTaken from None
        connection.sock.settimeout(ANSWER_SECONDS)
        return connection


def _is_readable(connection: HTTPConnection) -> bool:
    """Whether something came on an idle connection: its end, or what nobody asked for."""
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return bool(poll.poll(0))


def _close_all(connections: list[HTTPConnection]) -> None:
    for connection in connections:
        connection.close()
