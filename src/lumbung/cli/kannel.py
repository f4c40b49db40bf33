"""Kannel's configuration, made from our settings: one text that both of its boxes read."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from lumbung.cli.carriers import RECEIPT_IDS, Carrier, is_plain

# While we don't answer, Kannel hands a text over again every ten seconds for a day, after which we would not
# answer it either (messaging.actions.GIVEN_UP_AFTER).
AGAIN_AFTER, TIMES = 10, 8640
# A text that a carrier has no room for at the moment is tried again every five seconds for ten minutes.
RESEND_AFTER, RESENDS = 5, 120
# So many texts are under way to us at once, and are lost when the smsbox is killed; the others wait on the disk.
AT_ONCE = 16
LOOPBACK = "127.0.0.1"
# Whoever knows the secret can forge any phone, and nothing counts who guesses.
SHORTEST_SECRET = 16
# Kannel breaks the line of a longer one in the head of its request, and no web server takes that.
LONGEST_SECRET = 57 - len("kannel:")
SENDSMS = "/cgi-bin/sendsms"
# What is told of traffic: neither text nor number.
LOG_LINE = "%t %l [carrier:%i] [id:%I] [carrier-id:%F] [length:%L]"
# The parts of an address that never need another spelling, which Kannel does not know.
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+")

Fields = Mapping[str, str | int | float | bool]


class BadSettings(Exception):
    """Kannel can't be told these settings; `problems` are sentences, without any password."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Gateway:
    """What a Kannel is told. `endpoint` is our server as Kannel reaches it, `sendsms_url` Kannel as we reach it,
    with this user and password, `folder` where its spool and its log of traffic lie."""

    number: str
    endpoint: str
    secret: str
    sendsms_url: str
    user: str
    password: str
    carriers: tuple[Carrier, ...]
    folder: Path
    admin_port: int = 13000
    box_port: int = 13001

    def password_for(self, purpose: str) -> str:
        """A password for this Kannel's own pages; the same each time its configuration is made."""
        return hmac.digest(self.secret.encode(), f"kannel {purpose}".encode(), "sha256").hex()[:32]


def configuration(gateway: Gateway) -> str:
    """The whole file. Raises BadSettings with every problem there is."""
    problems = [*_problems_of_endpoint(gateway), *_problems_of_sendsms(gateway)]
    if problems:
        raise BadSettings(problems)
    groups = [
        _core(gateway),
        *(_carrier(carrier, gateway) for carrier in gateway.carriers),
        _box(gateway),
        _service(gateway),
        _sender(gateway),
    ]
    opening = "# Written by `lumbung sms kannel-config`; it holds passwords. A blank line ends a group.\n\n"
    return opening + "\n".join(map(_written, groups))


def _written(fields: Fields) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in fields.items())


def _value(value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    assert value.isascii(), "checked before"
    assert value.isprintable(), "a new line would end the group"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _core(gateway: Gateway) -> Fields:
    return {
        "group": "core",
        "admin-port": gateway.admin_port,
        "admin-interface": LOOPBACK,
        "admin-password": gateway.password_for("admin"),
        "status-password": gateway.password_for("status"),
        "admin-deny-ip": "*.*.*.*",
        "admin-allow-ip": LOOPBACK,
        "smsbox-port": gateway.box_port,
        "smsbox-interface": LOOPBACK,
        "box-deny-ip": "*.*.*.*",
        "box-allow-ip": LOOPBACK,
        "access-log": f"{gateway.folder}/log/access.log",
        "access-log-clean": True,
        "access-log-format": LOG_LINE,
        "store-type": "spool",
        "store-location": f"{gateway.folder}/store",
        "dlr-storage": "spool",
        "dlr-spool": f"{gateway.folder}/dlr",
        "sms-resend-freq": RESEND_AFTER,
        "sms-resend-retry": RESENDS,
        "sms-combine-concatenated-mo": True,
        "sms-combine-concatenated-mo-timeout": 600,
    }


def _carrier(carrier: Carrier, gateway: Gateway) -> Fields:
    fields: dict[str, str | int | float | bool] = {
        "group": "smsc",
        "smsc": "smpp",
        "smsc-id": carrier.name,
        "host": carrier.host,
        "port": carrier.port,
        "transceiver-mode": not carrier.receive_port,
        "smsc-username": carrier.user,
        "smsc-password": carrier.password,
        "system-type": carrier.system_type,
        "interface-version": 34,
        "address-range": "",
        "my-number": carrier.number or gateway.number,
        "source-addr-ton": carrier.sender_ton,
        "source-addr-npi": carrier.sender_npi,
        "source-addr-autodetect": False,
        "dest-addr-ton": carrier.phone_ton,
        "dest-addr-npi": carrier.phone_npi,
        "throughput": float(carrier.throughput),
        "max-pending-submits": carrier.window,
        "enquire-link-interval": 30,
        "reconnect-delay": 5,
        # An answer that does not come may mean that the text went out: wait for it until the link is cut.
        "wait-ack": 60,
        "wait-ack-expire": "0x00",
    }
    if carrier.receive_port:
        fields["receive-port"] = carrier.receive_port
    if carrier.tls:
        fields["use-ssl"] = True
    if carrier.prefixes:
        fields["preferred-prefix"] = ";".join(carrier.prefixes)
    if carrier.receipt_ids:
        fields["msg-id-type"] = RECEIPT_IDS[carrier.receipt_ids]
    return fields


def _box(gateway: Gateway) -> Fields:
    """Without a name of its own: a named box would be handed nothing until a route names it, too."""
    return {
        "group": "smsbox",
        "bearerbox-host": LOOPBACK,
        "bearerbox-port": gateway.box_port,
        "sendsms-interface": LOOPBACK,
        "sendsms-port": _split(gateway.sendsms_url).port or 0,
        "sendsms-chars": "0123456789+",  # a blank would part several receivers
        "global-sender": gateway.number,
        "mo-recode": True,
        "http-request-retry": TIMES,
        "http-queue-delay": AGAIN_AFTER,
        "http-timeout": 20,
        "max-pending-requests": AT_ONCE,
    }


def _service(gateway: Gateway) -> Fields:
    """Every text goes to us; whatever we answer, Kannel itself never writes to a phone."""
    address = gateway.endpoint.rstrip("/").removeprefix("http://")
    return {
        "group": "sms-service",
        "name": "lumbung",
        "keyword": "default",
        "catch-all": True,
        "post-url": f"http://kannel:{gateway.secret}@{address}/sms/inbound?id=%I&ts=%T",
        "send-sender": True,
        "alt-charset": "UTF-8",
        "omit-empty": True,
        "max-messages": 0,
    }


def _sender(gateway: Gateway) -> Fields:
    return {
        "group": "sendsms-user",
        "username": gateway.user,
        "password": gateway.password,
        "user-deny-ip": "*.*.*.*",
        "user-allow-ip": LOOPBACK,
        "default-sender": gateway.number,
        "max-messages": 3,
        "concatenation": True,
    }


def _problems_of_endpoint(gateway: Gateway) -> list[str]:
    problems = []
    if not re.fullmatch(r"\d{3,15}", gateway.number):
        problems.append("The fund's short number (LUMBUNG_SMS_NUMBER, or `from`) must be 3 to 15 digits.")
    if not gateway.secret:
        problems.append("LUMBUNG_SMS_SECRET is not set, so the endpoint for texts is closed.")
    elif not _UNRESERVED.fullmatch(gateway.secret):
        problems.append(
            "LUMBUNG_SMS_SECRET stands in an address that Kannel asks: only letters, digits and . _ ~ - can be."
        )
    elif len(gateway.secret) < SHORTEST_SECRET:
        problems.append(
            f"LUMBUNG_SMS_SECRET has fewer than {SHORTEST_SECRET} characters: who guesses it forges texts."
        )
    elif len(gateway.secret) > LONGEST_SECRET:
        problems.append(
            f"LUMBUNG_SMS_SECRET has more than {LONGEST_SECRET} characters: Kannel can't send it whole."
        )
    parts = _split(gateway.endpoint)
    if parts.scheme != "http" or not parts.hostname or parts.username is not None or parts.path not in {"", "/"}:
        problems.append("LUMBUNG_SMS_ENDPOINT (or `receipts`) must look like http://127.0.0.1:8000.")
    elif parts.query or parts.fragment or not re.fullmatch(r"[A-Za-z0-9.:-]+", parts.netloc):
        problems.append("LUMBUNG_SMS_ENDPOINT (or `receipts`) must be nothing but http://, a host and a port.")
    if not gateway.folder.is_absolute() or not re.fullmatch(r"[\w./-]+", str(gateway.folder), re.ASCII):
        problems.append("The folder must be a whole path of letters, digits and . _ - only.")
    return problems


def _problems_of_sendsms(gateway: Gateway) -> list[str]:
    parts, problems = _split(gateway.sendsms_url), []
    if parts.scheme != "http" or parts.hostname not in {LOOPBACK, "localhost"} or parts.path != SENDSMS:
        problems.append("LUMBUNG_KANNEL_URL must look like http://user:password@127.0.0.1:13013, on this machine.")
    ports = [parts.port or 0, gateway.admin_port, gateway.box_port]
    if not all(0 < port < 65536 for port in ports) or len(set(ports)) < len(ports):
        problems.append("Kannel needs three different ports: for us, for its status, and between its boxes.")
    if not all(each and is_plain(each) for each in (gateway.user, gateway.password)):
        problems.append("Kannel's user and password must be there, and of plain characters.")
    return problems


def _split(address: str) -> SplitResult:
    """The parts of an address, all of them empty when it is none."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts
