"""A carrier's side of SMPP 3.4 for tests: phones that text and are texted, receipts, and a carrier's faults."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

import smpp34

OK, THROTTLED, BAD_ADDRESS = smpp34.ESME_ROK, smpp34.ESME_RTHROTTLED, smpp34.ESME_RINVDSTADR
_GSM, _UCS2 = 0, 8
_HAS_HEADER, _IS_RECEIPT = 0x40, 0x04
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Submitted:
    """A text on its way to a phone as the carrier got it. `answer` is the status it was answered with, None when
    the link was cut before. `message_id` is the carrier's name for it."""

    message_id: str
    phone: str
    body: str
    parts: tuple[int, int]
    wants_receipt: bool
    answer: int | None


class Carrier:
    """Listens on a port of loopback, in a thread of its own, from `with` on; one link at a time.

    `verdict(phone, body)` may be replaced at any time: the status a text is answered with, None to cut the link
    instead of answering.
    """

    def __init__(self, port: int, *, can_be_cut: bool = True) -> None:
        self.port = port
        self._has_line = can_be_cut
        self.submitted: list[Submitted] = []
        self.verdict: Callable[[str, str], int | None] = lambda phone, body: smpp34.ESME_ROK
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._link: smpp34.Esme | None = None
        self._lines: set[asyncio.StreamWriter] = set()
        self._count = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._open()).result(SECONDS)
        return self

    def __exit__(self, *failure: object) -> None:
        self._do(self._close()).result(SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)
        self._loop.close()

    def wait(self, is_so: Callable[[], bool], seconds: float = SECONDS) -> None:
        """Return as soon as it is so; looked at whenever a text or a link came."""
        with self._changed:
            assert self._changed.wait_for(is_so, seconds), f"not within {seconds} s"

    def wait_for_link(self) -> None:
        self.wait(lambda: self._link is not None)

    def told(self, phone: str) -> list[str]:
        """What reached the phone, in its order: what was accepted, and what was taken just before a cut."""
        taken = (smpp34.ESME_ROK, None)
        return [each.body for each in self.submitted if each.phone == phone and each.answer in taken]

    def say(self, phone: str, body: str, *, encoding: str = "ascii", to: str = "2757") -> None:
        """Have a phone text the fund; returns when the gateway has acknowledged it."""
        coding = _UCS2 if encoding == "utf-16-be" else _GSM
        self._do(self._deliver(phone, body.encode(encoding), to=to, data_coding=coding)).result(SECONDS)

    def say_in_parts(self, phone: str, *parts: str, reference: int = 7, to: str = "2757") -> None:
        """Have a phone send a long text as its parts."""
        for place, part in enumerate(parts, 1):
            header = bytes([5, 0, 3, reference, len(parts), place])
            sent = self._deliver(phone, header + part.encode("ascii"), to=to, esm_class=_HAS_HEADER)
            self._do(sent).result(SECONDS)

    def flood(self, phones: list[str], body: str | Callable[[str], str], *, at_once: int = 50) -> list[str]:
        """Have each phone text once, so many at a time. Returns those whose text was not acknowledged."""
        return self.begin_flood(phones, body, at_once=at_once).result(SECONDS)

    def begin_flood(
        self, phones: list[str], body: str | Callable[[str], str], *, at_once: int = 50
    ) -> "Future[list[str]]":
        """The same, without waiting for it. `body` may be made for each phone."""
        words = [body if isinstance(body, str) else body(phone) for phone in phones]
        return self._do(self._flood(list(zip(phones, words, strict=True)), at_once))

    def receipt(self, text: Submitted, state: str = "DELIVRD") -> None:
        """Tell the gateway what became of a text: DELIVRD, UNDELIV, EXPIRED, REJECTD …"""
        done = "1" if state == "DELIVRD" else "0"
        body = (
            f"id:{text.message_id} sub:001 dlvrd:00{done} submit date:2611290900 done date:2611290901"
            f" stat:{state} err:000 text:"
        )
        sent = self._deliver(text.phone, body.encode(), to="2757", esm_class=_IS_RECEIPT)
        self._do(sent).result(SECONDS)

    def cut(self) -> None:
        """Cut every link in the middle; the carrier goes on listening."""
        self._do(self._cut()).result(SECONDS)

    def _do(self, work: Coroutine[Any, Any, Any]) -> "Future[Any]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _open(self) -> None:
        """The machine, on a port of its own, and before it the line, which can be cut."""
        inner = self.port
        if self._has_line:
            with socket.create_server(("127.0.0.1", 0)) as free:
                inner = free.getsockname()[1]
        self._server = smpp34.Server("127.0.0.1", inner, system_id="carrier", inbound_capacity=1000)
        await self._server.start()
        self._listening = asyncio.ensure_future(self._listen())

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there, back = await asyncio.open_connection("127.0.0.1", inner)
            self._lines = {writer, back}
            await asyncio.gather(_pump(reader, back), _pump(there, writer))
            self._link, self._lines = None, set()

        if self._has_line:
            self._line = await asyncio.start_server(connected, "127.0.0.1", self.port)

    async def _close(self) -> None:
        if self._has_line:
            self._line.close()
            await self._cut()
        self._listening.cancel()
        await self._server.stop()

    async def _cut(self) -> None:
        for line in self._lines:
            line.transport.abort()

    async def _listen(self) -> None:
        while True:
            event = await self._server.next()
            if isinstance(event, smpp34.Esme):
                self._link = event
            elif isinstance(event, smpp34.SubmitSmEvent) and self._answered(event) is None:
                await self._cut()
            with self._changed:
                self._changed.notify_all()

    def _answered(self, event: smpp34.SubmitSmEvent) -> int | None:
        """Judge a text and answer it; None when the link shall be cut instead."""
        self._count += 1
        body, parts = _words(event.short_message, event.esm_class, event.data_coding)
        phone, message_id = event.destination_addr, f"m{self._count}"
        answer = self.verdict(phone, body)
        self.submitted.append(
            Submitted(message_id, phone, body, parts, bool(event.registered_delivery & 1), answer)
        )
        if answer == smpp34.ESME_ROK:
            event.accept(message_id)
        elif answer is not None:
            event.reject(answer)
        return answer

    async def _deliver(self, phone: str, body: bytes, *, to: str, **fields: int) -> None:
        if self._link is None:
            raise smpp34.SmppError("no link")
        answer = await self._link.deliver_sm(
            to, body, source_addr=phone, source_addr_ton=1, source_addr_npi=1, dest_addr_ton=3, **fields
        )
        assert answer.is_success, answer.command_status

    async def _flood(self, texts: list[tuple[str, str]], at_once: int) -> list[str]:
        room, unacknowledged = asyncio.Semaphore(at_once), list[str]()

        async def one(phone: str, body: str) -> None:
            async with room:
                try:
                    await self._deliver(phone, body.encode("ascii"), to="2757")
                except (smpp34.SmppError, AssertionError):
                    unacknowledged.append(phone)

        await asyncio.gather(*(one(*text) for text in texts))
        return unacknowledged


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way until either end is gone, and let the other know."""
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


def _words(message: bytes, esm_class: int, coding: int) -> tuple[str, tuple[int, int]]:
    """The words of a text, and which part of how many it is."""
    parts = (1, 1)
    if esm_class & _HAS_HEADER:
        parts, message = (message[5], message[4]), message[6:]
    return message.decode("utf-16-be" if coding == _UCS2 else "ascii", errors="replace"), parts
