"""The operator's mail server as LUMBUNG_SMTP_URL names it; what is wrong there is said in a sentence."""

import re
import ssl
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import idna
from django.core.exceptions import ImproperlyConfigured

LOOKS_LIKE = "smtp://user:password@host:587?tls=start"
PORTS = {"start": 587, "on": 465, "off": 25}
TIMEOUT_SECONDS = 20
LONGEST_TIMEOUT = 60
KNOWN = {"tls", "timeout"}


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail goes. `tls` is start (STARTTLS), on (from the first byte) or off; `timeout` is in seconds for
    each answer but the last; `authorities` is a file of certificates to trust in the place of the system's, or "".
    `own_name` is what we call ourselves there."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: int = TIMEOUT_SECONDS
    authorities: str = ""
    own_name: str = "localhost"


def read_url(url: str, *, authorities: str = "", own_name: str = "localhost") -> Server:
    """The server that the address names. Raises ImproperlyConfigured, with a sentence and without the password."""
    parts = _parts(url)
    query = _query(parts.query)
    tls = _tls(parts, query)
    host, port = _host(parts.hostname), _port(parts, tls)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise _wrong(
            "names a user without a password, or a password without a user; leave both away, or give both"
        )
    if tls == "off" and not _is_loopback(host):
        raise _wrong(
            f"says tls=off for {host}, and without TLS mail goes to this machine alone (localhost); "
            "say tls=start or tls=on"
        )
    return Server(host, port, tls, user, password, _timeout(query.get("timeout")), authorities, own_name)


def trust(server: Server) -> ssl.SSLContext:
    """Whom the connection trusts: the server's certificate and its name are checked in any case."""
    context = ssl.create_default_context(cafile=server.authorities or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def check_authorities(file: str) -> None:
    """Raises ImproperlyConfigured when the file of certificates holds none."""
    try:
        ssl.create_default_context(cafile=file)
    except (OSError, ssl.SSLError):
        raise ImproperlyConfigured(
            f"LUMBUNG_SMTP_CA_FILE names {file}, which holds no certificate in PEM that can be read."
        ) from None


def read_sender(written: str) -> Address:
    """The sender of all mail, `Name <address>`. Raises ImproperlyConfigured."""
    named = re.fullmatch(r"\s*\"?([^<>\"]*?)\"?\s*<([^<>]+)>\s*", written)
    name, address = named.groups() if named else ("", written.strip())
    try:
        return Address(display_name=" ".join(name.split()), addr_spec=wire_address(address))
    except (ValueError, MessageError):
        raise ImproperlyConfigured(
            "LUMBUNG_MAIL_FROM must look like Name <no-reply@fund.example>: a name, and one address in < >."
        ) from None


def wire_address(address: str) -> str:
    """One address as servers take it, a name of a domain in other letters than a to z spelled in those (xn--…).

    Raises ValueError when it is none, or more than one, or would break a line.
    """
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or len(address) > 254 or any(not _may_stand(letter) for letter in address):
        raise ValueError("not one mail address")
    try:
        ascii_domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise ValueError("not one mail address") from None
    return Address(username=local, domain=ascii_domain).addr_spec


def _may_stand(letter: str) -> bool:
    return letter.isprintable() and not letter.isspace() and letter not in '"(),:;<>[\\]'


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in {"smtp", "smtps"}:
        raise _wrong("must begin with smtp:// (or smtps://)")
    if not host or parts.path.strip("/") or parts.fragment or url.count("@") > 1:
        raise _wrong(
            "has no host that can be read; in user and password write @ as %40, : as %3A, / as %2F, # as %23, "
            "? as %3F and % as %25"
        )
    return parts


def _query(text: str) -> dict[str, str]:
    query = dict(parse_qsl(text, keep_blank_values=True))
    if unknown := sorted(set(query) - KNOWN):
        raise _wrong(f"has {unknown[0]} behind the question mark; only tls and timeout may stand there")
    return query


def _tls(parts: SplitResult, query: dict[str, str]) -> str:
    by_scheme = "on" if parts.scheme == "smtps" else "start"
    tls = query.get("tls", by_scheme)
    if tls not in PORTS:
        raise _wrong(f"says tls={tls}; it is start (STARTTLS), on (TLS from the first byte) or off")
    if parts.scheme == "smtps" and tls != "on":
        raise _wrong(f"says smtps:// and tls={tls}, which is not the same; say one of them")
    return tls


def _host(name: str | None) -> str:
    assert name
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise _wrong(f"names {name}, which can be no host's name") from None


def _port(parts: SplitResult, tls: str) -> int:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port is None:
        return PORTS[tls]
    if not 1 <= port <= 65535:
        raise _wrong("has a port that is no number from 1 to 65535")
    return port


def _timeout(text: str | None) -> int:
    if text is None:
        return TIMEOUT_SECONDS
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= LONGEST_TIMEOUT):
        raise _wrong(f"says timeout={text}; it is a whole number of seconds from 1 to {LONGEST_TIMEOUT}")
    return int(text)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _wrong(what: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"LUMBUNG_SMTP_URL {what}. It looks like {LOOKS_LIKE}.")
