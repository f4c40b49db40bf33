"""A mail server for tests: real SMTP on loopback, real TLS by an authority of its own, faults on demand."""

import asyncio
import ssl
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "dana@relay.test", "p@ss:w/ord#1"
NAME = "localhost"


@dataclass
class Arrived:
    """A mail as the server got it: its envelope, its bytes and what a mail program reads of it."""

    sender: str
    to: str
    options: list[str]
    content: bytes
    caller: int  # the port it came from: one a connection

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.content.replace(b"\r\n", b"\n"), policy=default)
        assert isinstance(message, EmailMessage)
        return message


@dataclass
class Post:
    """What the server does with what comes. An answer in `at` (by step, or by step and address) is given once
    each, the first one first."""

    arrived: list[Arrived] = field(default_factory=list)
    at: dict[str, list[str]] = field(default_factory=dict)
    logged_in: list[str] = field(default_factory=list)

    def _answer(self, step: str, address: str = "") -> str | None:
        answers = self.at.get(f"{step} {address}") or self.at.get(step) or [""]
        return answers.pop(0) or None

    async def handle_MAIL(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self._answer("MAIL")
        if answer == "end":
            server.transport.abort()
        if answer and answer[0].isdigit():
            return answer
        envelope.mail_from, envelope.mail_options = address, options
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self._answer("RCPT", address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        [to] = envelope.rcpt_tos
        answer = self._answer("DATA", to)
        if answer is None or answer == "end":
            caller = session.peer[1]
            self.arrived.append(Arrived(envelope.mail_from, to, envelope.mail_options, envelope.content, caller))
        if answer == "end":
            server.transport.abort()
        return answer or f"250 2.0.0 kept as {len(self.arrived)}"


@dataclass(frozen=True)
class Authority:
    """Files of an authority that was made for one test run, and of a server's key that it vouches for."""

    folder: Path

    @property
    def file(self) -> str:
        return str(self.folder / "authority.pem")

    def server(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        return context


def make_authority(folder: Path, *, name: str = NAME) -> Authority:
    """An authority, and a certificate by it for this name."""
    folder.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of a test")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    if name == NAME:
        names.append(x509.IPAddress(ip_address("127.0.0.1")))

    def certificate(whose: x509.Name, key: ec.EllipticCurvePrivateKey, is_authority: bool) -> x509.Certificate:
        builder = x509.CertificateBuilder(issuer, whose, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        builder = builder.add_extension(x509.BasicConstraints(is_authority, 0 if is_authority else None), True)
        if not is_authority:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), False)
        return builder.sign(keys[0], hashes.SHA256())

    pem = serialization.Encoding.PEM
    (folder / "authority.pem").write_bytes(certificate(issuer, keys[0], True).public_bytes(pem))
    (folder / "server.pem").write_bytes(certificate(subject, keys[1], False).public_bytes(pem))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "server.key").write_bytes(keys[1].private_bytes(pem, *plain))
    return Authority(folder)


@contextmanager
def serving(
    post: Post, *, tls: str, authority: Authority | None = None, with_log_in: bool = False, utf8: bool = True
) -> Iterator[int]:
    """Serve on a free port of loopback, which is given. `tls` is start, on or off."""
    context = authority.server() if authority is not None else None

    def authenticate(server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        is_right = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        if is_right:
            post.logged_in.append(mechanism)
        return AuthResult(success=is_right, handled=is_right)

    def protocol() -> SMTP:
        return SMTP(
            post,
            hostname=NAME,
            loop=loop,
            tls_context=context if tls == "start" else None,
            require_starttls=tls == "start",
            authenticator=authenticate if with_log_in else None,
            auth_required=with_log_in,
            auth_require_tls=tls == "start",
            auth_exclude_mechanism=() if with_log_in else ("LOGIN", "PLAIN"),
            enable_SMTPUTF8=utf8,
        )

    loop = asyncio.new_event_loop()
    by_tls = context if tls == "on" else None
    with _running(loop, loop.create_server(protocol, "127.0.0.1", 0, ssl=by_tls)) as port:
        yield port


@contextmanager
def speaking(says: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]) -> Iterator[int]:
    """A server that says whatever the function writes, for what no proper server does."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError, ConnectionError):
            await says(reader, writer)
        writer.close()

    loop = asyncio.new_event_loop()
    with _running(loop, asyncio.start_server(speak, "127.0.0.1", 0)) as port:
        yield port


@contextmanager
def _running(loop: asyncio.AbstractEventLoop, begun: Coroutine[Any, Any, asyncio.Server]) -> Iterator[int]:
    server = loop.run_until_complete(begun)
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def stop() -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
