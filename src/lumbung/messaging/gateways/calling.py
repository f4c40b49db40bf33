"""Call a gateway by HTTP over kept connections, and tell what was not taken from what nobody knows."""

import os
import select
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass, field
from io import BytesIO

import pycurl
import structlog

from lumbung.messaging.transports import NotTaken

log = structlog.get_logger(__name__)
CONNECT_SECONDS, ANSWER_SECONDS = 3, 10
LONGEST_ANSWER = 16_384
# Connections that nobody asks anything over are given up after so long.
IDLE_SECONDS = 30
# libcurl looks whether a kept connection still stands only when it has not been used for a second.
UNSEEN_SECONDS = 1.5
# What is asked while other requests are under way begins after this long at most.
LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """What a gateway is asked; headers and body may hold a phone and words.

    Raises ValueError for what no header may hold: libcurl would send it.
    """

    method: str
    headers: Mapping[str, str]
    body: bytes

    def __post_init__(self) -> None:
        for part in (*self.headers, *self.headers.values()):
            if not part.isascii() or not part.isprintable():
                raise ValueError


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway said."""

    status: int
    body: bytes = field(repr=False)


class Unanswered(Exception):
    """Our bytes left, or may have, and no whole answer came: nobody knows."""


# Is told what came of a request: an answer, NotTaken or Unanswered.
Heard = Callable[[Answer | Exception], None]
Asked = tuple[Request, Heard]


class Caller:
    """One address of a gateway, and at most `at_once` connections to it, for any number of threads.

    One thread of its own serves all of them by libcurl while there is something to ask, and some seconds longer.
    It asks no proxy of the environment and follows nowhere. No request is sent twice.
    """

    def __init__(self, url: str, *, at_once: int = 1) -> None:
        self.url, self._at_once = url, at_once
        self._waiting: deque[Iterator[Asked]] = deque()
        self._changed = threading.Condition()
        self._is_served = False

    def call(self, request: Request) -> Answer:
        """Raises NotTaken when our bytes never left, Unanswered when they may have."""
        said: Future[Answer | Exception] = Future()
        self.call_each([(request, said.set_result)])
        found = said.result()
        if isinstance(found, Exception):
            raise found
        return found

    def call_each(self, asked: Iterable[Asked]) -> None:
        """Ask one after another, as connections come free, and tell of each what came of it.

        Returns at once. The requests are made, and what came of them is told, in the thread that asks.
        """
        with self._changed:
            self._waiting.append(iter(asked))
            if self._is_served:
                self._changed.notify()
                return
            try:
                threading.Thread(target=self._serve, name="gateway", daemon=True).start()
            except RuntimeError:  # there are too many
                self._waiting.pop()
                raise
            self._is_served = True

    def _serve(self) -> None:
        """Ask until nothing has been there to ask for a while."""
        try:
            with closing(_Lines(self.url, self._at_once)) as lines:
                while self._has_work(lines):
                    self._fill(lines)
                    lines.go_on()
        except Exception as failure:  # noqa: BLE001  (whatever it is, nobody may wait for ever)
            self._give_up()
            # Without its words and places, which may hold a request.
            log.error("gateway_calls_failed", failure=type(failure).__name__)  # noqa: TRY400

    def _give_up(self) -> None:
        """Something is wrong with us: nobody waits for what will not be asked, and who comes next begins anew."""
        with self._changed:
            left, self._waiting, self._is_served = self._waiting, deque(), False
        for asked in left:
            for _, heard in asked:
                with suppress(Exception):
                    heard(NotTaken())

    def _has_work(self, lines: "_Lines") -> bool:
        """Wait until there is something to ask or under way; false when nothing came, and then nobody serves."""
        if lines.are_used:
            return True
        with self._changed:
            self._changed.wait_for(lambda: self._waiting, IDLE_SECONDS)
            self._is_served = bool(self._waiting)
            return self._is_served

    def _fill(self, lines: "_Lines") -> None:
        while lines.are_free and self._waiting:
            following = next(self._waiting[0], None)
            if following is None:
                self._waiting.popleft()
                continue
            try:
                lines.ask(*following)
            except Exception:
                following[1](NotTaken())
                raise


class _Lines:
    """The connections to one address, all served by the thread that calls."""

    def __init__(self, url: str, count: int) -> None:
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, count)
        self._free = [_handle(url) for _ in range(count)]
        self._used: dict[pycurl.Curl, tuple[BytesIO, Heard]] = {}
        self._sockets: dict[pycurl.Curl, int] = {}
        self._doubted_until = 0.0

    @property
    def are_free(self) -> bool:
        return bool(self._free)

    @property
    def are_used(self) -> bool:
        return bool(self._used)

    def ask(self, request: Request, heard: Heard) -> None:
        handle, said = self._free.pop(), BytesIO()
        handle.setopt(pycurl.CUSTOMREQUEST, request.method)
        handle.setopt(pycurl.HTTPHEADER, [*_lines_of(request.headers), "Expect:", "Accept:"])
        # Read from a stream that can't be wound back, a request is never sent anew by libcurl itself, as others
        # are when a kept connection ends without an answer. An empty body needs no winding back.
        handle.setopt(pycurl.READFUNCTION, BytesIO(request.body).read)
        handle.setopt(pycurl.POSTFIELDSIZE, len(request.body))
        handle.setopt(pycurl.FRESH_CONNECT, not request.body or self._are_doubted())
        handle.setopt(pycurl.WRITEFUNCTION, lambda part: _write(said, part))
        self._multi.add_handle(handle)
        self._used[handle] = said, heard

    def _are_doubted(self) -> bool:
        """Whether one of the kept connections has ended: lately, or as can be seen while all are idle."""
        now = time.monotonic()
        if not self._used and _are_ended(self._sockets.values()):
            self._doubted_until = now + UNSEEN_SECONDS
            self._sockets.clear()
        return now < self._doubted_until

    def go_on(self) -> None:
        """Send and hear what can be now; wait a moment when nothing was heard."""
        self._multi.perform()
        _, good, bad = self._multi.info_read()
        for handle in good:
            self._end(handle, is_whole=True)
        for handle, *_ in bad:
            self._end(handle, is_whole=False)
        if not good and not bad and self._multi.select(LOOK_SECONDS) < 0:
            time.sleep(LOOK_SECONDS)  # nothing to wait for yet, as while a name is looked up

    def _end(self, handle: pycurl.Curl, *, is_whole: bool) -> None:
        said, heard = self._used.pop(handle)
        status, sent = handle.getinfo(pycurl.RESPONSE_CODE), handle.getinfo(pycurl.REQUEST_SIZE)
        self._sockets[handle] = handle.getinfo(pycurl.ACTIVESOCKET)
        if not is_whole:
            self._doubted_until = time.monotonic() + UNSEEN_SECONDS
        self._multi.remove_handle(handle)
        self._free.append(handle)
        if status and (is_whole or said.tell() >= LONGEST_ANSWER):
            heard(Answer(status, said.getvalue()))
        else:
            heard(Unanswered() if sent else NotTaken())

    def close(self) -> None:
        """Nobody knows of what is under way then."""
        for handle, (_, heard) in self._used.items():
            with suppress(Exception):
                self._multi.remove_handle(handle)
                heard(Unanswered())
        self._multi.close()


def _are_ended(sockets: Iterable[int]) -> bool:
    """Whether something came on one of these idle connections: its end, or what nobody asked for."""
    poll = select.poll()
    for each in sockets:
        if each >= 0:
            poll.register(each, select.POLLIN)
    return bool(poll.poll(0))


def _handle(url: str) -> pycurl.Curl:
    handle = pycurl.Curl()
    for option, value in {
        pycurl.URL: url,
        pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
        pycurl.PROXY: "",
        pycurl.NOSIGNAL: True,
        pycurl.POST: True,
        pycurl.USERAGENT: "",
        pycurl.CONNECTTIMEOUT_MS: round(1000 * CONNECT_SECONDS),
        pycurl.TIMEOUT_MS: round(1000 * ANSWER_SECONDS),
        **_authorities(),
    }.items():
        handle.setopt(option, value)
    return handle


def _authorities() -> dict[int, str]:
    """Whom this machine trusts, as Python's own connections do; libcurl comes with no list of its own."""
    paths = ssl.get_default_verify_paths()
    places = {pycurl.CAINFO: paths.cafile, pycurl.CAPATH: paths.capath}
    return {option: place for option, place in places.items() if place and os.path.exists(place)}


def _lines_of(headers: Mapping[str, str]) -> list[str]:
    """As libcurl wants them: with a colon and no value it would leave a header out."""
    return [f"{name}: {value}" if value.strip() else f"{name};" for name, value in headers.items()]


def _write(said: BytesIO, part: bytes) -> int:
    """Keep what there is room for; what is more ends the answer."""
    return said.write(part[: LONGEST_ANSWER - said.tell()])
