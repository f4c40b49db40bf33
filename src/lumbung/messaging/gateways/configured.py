"""The gateways that this deployment has, as LUMBUNG_GATEWAYS describes them, the one to prefer first."""

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from lumbung.messaging.outbox.channels import Way
from lumbung.messaging.transports import SIMULATOR

NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
HEADER, METHOD = re.compile(r"[A-Za-z0-9-]+"), re.compile(r"[A-Z]+")
SECRET = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
EVERY = {"name", "transport", "rate", "in_flight"}
OF_KANNEL = EVERY | {"url", "username", "password", "from", "smsc", "receipts"}
OF_HTTP = EVERY | {
    "url",
    "method",
    "from",
    "headers",
    "form",
    "json",
    "taken",
    "refused",
    "may_repeat",
    "receipts",
    "inbound",
}
# What an aggregator's receipts say, as Kannel's numbers.
STATUSES = {"delivered": 1, "undelivered": 2, "accepted": 8, "refused": 16}
OF_INBOUND = {"secret", "proof", "sender", "text", "recipient", "id", "at", "only", "answer"}
# What an aggregator may want to hear when its texts are kept.
KEPT, MEDIA_TYPE, LONGEST_ANSWER = {200, 201, 202, 204}, re.compile(r"[a-z]+/[a-z0-9.+-]+"), 1000
SHORTEST_SECRET = 16
IN_FLIGHT = 8
ONLY_KANNEL = '[{"name": "kannel", "transport": "kannel"}]'
USER = "kannel"


class NotPlain(ValueError):
    """Something has signs that no head of a request can carry."""

    def __init__(self) -> None:
        super().__init__("an address, a header, a user, a password or a sender has signs that are not plain")


class NotFit(ValueError):
    """What is wrong with the description, as a sentence without a value of it."""


def ways() -> Sequence[Way]:
    """The gateways in their order; without LUMBUNG_GATEWAYS the Kannel of LUMBUNG_KANNEL_URL, and without that the
    demo's phone only.

    Raises ImproperlyConfigured, which names the entry and what is wrong with it, and no value.
    """
    written = settings.LUMBUNG_GATEWAYS
    if not written and not settings.LUMBUNG_KANNEL_URL:
        return (_simulator("simulator", {}),)
    kannel = _kannel_here(settings.LUMBUNG_KANNEL_URL, settings.LUMBUNG_SMS_ENDPOINT, settings.LUMBUNG_SMS_NUMBER)
    return tuple(make() for make in _parsed(written or ONLY_KANNEL, settings.LUMBUNG_SMS_SECRET, kannel))


def kannels() -> list[dict[str, Any]]:
    """The gateways that are Kannels, in their order, with their secrets and whatever they have when their entries
    don't say otherwise. Raises ImproperlyConfigured as `ways` does."""
    ways()
    here = _kannel_here(settings.LUMBUNG_KANNEL_URL, settings.LUMBUNG_SMS_ENDPOINT, settings.LUMBUNG_SMS_NUMBER)
    written = settings.LUMBUNG_GATEWAYS or (settings.LUMBUNG_KANNEL_URL and ONLY_KANNEL)
    entries = _entries(written) if written else []
    found = [_with_secrets(entry, "LUMBUNG_GATEWAYS") for entry in entries if entry["transport"] == "kannel"]
    return [{**dict(here), **entry} for entry in found]


def receipts_of(name: str) -> Any:
    """How the aggregator of that name writes its receipts (`aggregator.Receipts`); None when it brings none, or is
    none. Raises ImproperlyConfigured as `ways` does."""
    return _described(settings.LUMBUNG_GATEWAYS)[0].get(name) if settings.LUMBUNG_GATEWAYS else None


def inbound_of(name: str) -> Any:
    """How the aggregator of that name hands in texts (`inbound.Inbound`); None when it hands in none, or is none.
    Raises ImproperlyConfigured as `ways` does."""
    return _described(settings.LUMBUNG_GATEWAYS)[1].get(name) if settings.LUMBUNG_GATEWAYS else None


@lru_cache(maxsize=4)
def _described(written: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The receipts and the texts of the aggregators that bring some, by their names."""
    ways()
    entries = [_with_secrets(entry, "LUMBUNG_GATEWAYS") for entry in _entries(written)]
    described = [entry for entry in entries if entry["transport"] == "http"]
    receipts = {entry["name"]: _receipts(entry["receipts"]) for entry in described if "receipts" in entry}
    texts = {entry["name"]: _inbound(entry["inbound"]) for entry in described if "inbound" in entry}
    return receipts, texts


@lru_cache(maxsize=4)
def _parsed(written: str, secret: str, kannel: tuple[tuple[str, str], ...]) -> tuple[Callable[[], Way], ...]:
    entries = _entries(written)
    found = [_gateway(entry, place, secret, dict(kannel)) for place, entry in enumerate(entries, start=1)]
    names = [str(entry["name"]) for entry in entries]
    if len(set(names)) < len(names):
        raise ImproperlyConfigured("LUMBUNG_GATEWAYS: two gateways have the same name.")
    _refuse_shared(entries, secret)
    return tuple(found)


def _refuse_shared(entries: Sequence[Mapping[str, Any]], ours: str) -> None:
    """Who knows a secret can say whatever its door takes: what an aggregator was told opens no other's, and never
    Kannel's. Its own texts and receipts may have the same."""
    known = {ours: 0}
    for place, entry in enumerate(entries, start=1):
        described = [entry[part] for part in ("inbound", "receipts") if isinstance(entry.get(part), dict)]
        for secret in {_with_secrets(each["secret"], "") for each in described}:
            if known.setdefault(secret, place) != place:
                raise ImproperlyConfigured(
                    f"LUMBUNG_GATEWAYS, gateway {place}: the `secret` of `inbound` or `receipts` is of its own."
                )


def _kannel_here(url: str, endpoint: str, number: str) -> tuple[tuple[str, str], ...]:
    """What a gateway of Kannel has when its entry does not say otherwise: the one of LUMBUNG_KANNEL_URL."""
    facts = {"receipts": endpoint, "from": number}
    parts = urlsplit(url)
    if parts.hostname:
        base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"
        facts |= {"url": f"{base}/cgi-bin/sendsms", "username": unquote(parts.username or "")}
        facts |= {"password": unquote(parts.password or "")}
    return tuple(facts.items())


def _entries(written: str) -> list[dict[str, Any]]:
    if not written.lstrip().startswith("["):
        try:
            written = Path(written).read_text(encoding="utf-8")
        except OSError:
            raise ImproperlyConfigured("LUMBUNG_GATEWAYS is neither a JSON list nor a readable file.") from None
    try:
        entries = json.loads(written)
    except ValueError:
        raise ImproperlyConfigured("LUMBUNG_GATEWAYS is no JSON.") from None
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise ImproperlyConfigured("LUMBUNG_GATEWAYS is a list of at least one gateway, each a JSON object.")
    return entries


def _gateway(entry: dict[str, Any], place: int, secret: str, kannel: dict[str, str]) -> Callable[[], Way]:
    where = f"LUMBUNG_GATEWAYS, gateway {place}"
    entry = _with_secrets(entry, where)
    name, transport = entry.get("name"), entry.get("transport")
    if not isinstance(name, str) or not NAME.fullmatch(name) or name in {"smtp", "push"}:
        raise ImproperlyConfigured(f"{where}: `name` is of a to z, 0 to 9 and -, and neither smtp nor push.")
    known = {"kannel": OF_KANNEL, "http": OF_HTTP, "simulator": EVERY}.get(str(transport))
    if known is None:
        raise ImproperlyConfigured(f"{where}: `transport` is kannel, http or simulator.")
    if unknown := sorted(set(entry) - known):
        raise ImproperlyConfigured(f"{where}: a gateway of this transport has no {', '.join(unknown)}.")
    try:
        if transport == "simulator":
            _pace(entry)
            return lambda: _simulator(name, entry)
        way = _kannel(name, kannel | entry, secret) if transport == "kannel" else _http(name, entry)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        missing = f"{wrong.args[0]} is missing" if isinstance(wrong, KeyError) else "something is of a wrong kind"
        if isinstance(wrong, NotPlain | NotFit):
            missing = str(wrong)
        raise ImproperlyConfigured(f"{where}: {missing}.") from None
    return lambda: way


def _with_secrets(value: Any, where: str) -> Any:
    """The value with each ${NAME} in its texts replaced by that variable of the environment."""
    if isinstance(value, str):
        if missing := [name for name in SECRET.findall(value) if name not in os.environ]:
            raise ImproperlyConfigured(f"{where}: {', '.join(missing)} is not set.")
        return SECRET.sub(lambda found: os.environ[found[1]], value)
    if isinstance(value, Mapping):
        return {key: _with_secrets(each, where) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_secrets(each, where) for each in value]
    return value


def _pace(entry: Mapping[str, Any]) -> dict[str, Any]:
    rate = entry.get("rate")
    if rate is not None and float(rate) <= 0:
        raise ValueError
    if int(entry.get("in_flight", IN_FLIGHT)) < 1:
        raise ValueError
    return {"in_flight": int(entry.get("in_flight", IN_FLIGHT)), "rate": rate if rate is None else float(rate)}


def _simulator(name: str, entry: Mapping[str, Any]) -> Way:
    pace = {**_pace(entry), "in_flight": 1}
    return Way(name, SIMULATOR.send, SIMULATOR.may_repeat, breaks=False, **pace)


def _address(url: str) -> str:
    parts = urlsplit(url)
    is_address = parts.scheme in {"http", "https"} and parts.hostname and not parts.username and parts.port != 0
    if not is_address or " " in _plain(url):
        raise ValueError
    return url


def _plain(value: Any) -> str:
    """What can stand in the head of a request. Raises NotPlain: sent, it would fail in a way that nobody knows."""
    text = str(value)
    if not text.isascii() or not text.isprintable():
        raise NotPlain
    return text


def _headers(written: Mapping[str, Any]) -> dict[str, str]:
    """The words of a text don't go there: they may be of any alphabet, and have lines."""
    if not all(HEADER.fullmatch(name) and "{text}" not in str(value) for name, value in written.items()):
        raise ValueError
    return {name: _plain(value) for name, value in written.items()}


def _kannel(name: str, entry: Mapping[str, Any], secret: str) -> Way:
    from lumbung.messaging.gateways.kannel import Kannel  # noqa: PLC0415 -- only where there is a gateway

    url, receipts = entry["url"], entry["receipts"]
    kannel = Kannel(
        username=_plain(entry["username"]),
        password=_plain(entry["password"]),
        sender=_plain(entry["from"]),
        smsc=_plain(entry.get("smsc", "")),
        receipts=_door(receipts, secret) if receipts and secret else "",
    )
    return _by_http(name, url, entry, kannel, may_repeat=False)


def _door(base: str, secret: str) -> str:
    """Our door for receipts with the gateway's user and secret in it, as Kannel takes them."""
    parts = urlsplit(_address(base))
    place = f"{USER}:{quote(secret, safe='')}@{parts.netloc}"
    return urlunsplit((parts.scheme, place, f"{parts.path.rstrip('/')}/sms/receipt", "", ""))


def _http(name: str, entry: Mapping[str, Any]) -> Way:
    from lumbung.messaging.gateways.aggregator import Aggregator  # noqa: PLC0415

    if ("form" in entry) == ("json" in entry):
        raise TypeError
    if name == USER and {"receipts", "inbound"} & set(entry):
        raise NotFit("what an aggregator of this `name` brings would be taken for Kannel's")
    if "receipts" in entry:
        _receipts(entry["receipts"])
    if "inbound" in entry:
        _inbound(entry["inbound"])
    url = entry["url"]
    aggregator = Aggregator(
        method=_method(entry.get("method", "POST")),
        sender=_plain(entry.get("from", "")),
        headers=_headers(entry.get("headers", {})),
        form={key: str(value) for key, value in entry["form"].items()} if "form" in entry else None,
        data=entry.get("json"),
        taken=_rule(entry.get("taken", {}), [200, 201, 202]),
        refused=_rule(entry.get("refused", {}), [400, 422]),
    )
    return _by_http(name, url, entry, aggregator, may_repeat=entry.get("may_repeat") is True)


def _by_http(name: str, url: str, entry: Mapping[str, Any], account: Any, *, may_repeat: bool) -> Way:
    from lumbung.messaging.gateways.by_http import ByHttp  # noqa: PLC0415
    from lumbung.messaging.gateways.calling import Caller  # noqa: PLC0415

    pace = _pace(entry)
    way = ByHttp(Caller(_address(url), at_once=pace["in_flight"]), account)
    return Way(name, way.send, send_each=way.send_each, may_repeat=may_repeat, **pace)


def _method(written: str) -> str:
    if not METHOD.fullmatch(written):
        raise ValueError
    return written


def _receipts(written: Mapping[str, Any]) -> Any:
    from lumbung.messaging.gateways.aggregator import Receipts  # noqa: PLC0415

    if set(written) - {"secret", "proof", "reference", "state", *STATUSES}:
        raise TypeError
    said = [(word, status) for name, status in STATUSES.items() for word in _said(written.get(name, []))]
    statuses = dict(said)
    if not statuses or len(statuses) < len(said):
        raise TypeError
    paths = _paths(written, ["reference", "state"], together=["reference", "state"])
    return Receipts(_proof(written), paths["reference"], paths["state"], statuses)


def _inbound(written: Mapping[str, Any]) -> Any:
    from lumbung.messaging.gateways.inbound import Inbound  # noqa: PLC0415

    if unknown := sorted(set(written.keys()) - OF_INBOUND):
        raise NotFit(f"`inbound` has no {', '.join(unknown)}")
    kind, kinds = _only(written["only"]) if "only" in written else ("", [])
    places = {**dict.fromkeys(("recipient", "id", "at"), ""), **written, "kind": kind}
    if any(step.isdecimal() for step in written["sender"].split(".")):
        raise NotFit("by a number in the path of `sender` only one text of a list is taken; * takes them all")
    paths = _paths(places, ["sender", "text", "recipient", "id", "at", "kind"], together=["sender", "text", "id"])
    return Inbound(
        proof=_proof(written),
        **paths,
        kinds=_said(kinds),
        acknowledgement=_acknowledgement(written.get("answer", {})),
    )


def _only(written: Mapping[str, Any]) -> tuple[str, Sequence[Any]]:
    if set(written) != {"field", "values"} or not written["field"] or not isinstance(written["values"], list):
        raise NotFit("`only` has a `field` and a list of `values`")
    return written["field"], written["values"]


def _paths(written: Mapping[str, Any], names: Sequence[str], *, together: Sequence[str]) -> dict[str, str]:
    """The names and paths where something stands; of what is not described, nothing."""
    from lumbung.messaging.gateways.brought import stray  # noqa: PLC0415

    paths = {name: written[name] for name in names}
    if not all(isinstance(path, str) for path in paths.values()) or not all(paths[name] for name in names[:2]):
        raise TypeError
    if wrong := stray(paths, together=together):
        raise NotFit(wrong)
    return paths


def _proof(written: Mapping[str, Any]) -> Any:
    from lumbung.messaging.gateways.brought import Proof  # noqa: PLC0415

    secret, where = written["secret"], written.get("proof", "basic")
    [(place, name)] = [(where, "")] if isinstance(where, str) else where.items()
    if place not in ({"basic", "bearer"} if isinstance(where, str) else {"header", "query"}):
        raise NotFit('`proof` is "basic", "bearer", {"header": its name} or {"query": its name}')
    if not isinstance(secret, str):
        raise NotFit("a `secret` is a text in quotes")
    if len(_plain(secret)) < SHORTEST_SECRET:
        raise NotFit(f"a `secret` has fewer than {SHORTEST_SECRET} characters")
    if place == "header" and not HEADER.fullmatch(name):
        raise NotPlain
    return Proof(place, str(name), secret)


def _acknowledgement(written: Mapping[str, Any]) -> Any:
    from lumbung.messaging.gateways.inbound import Acknowledgement  # noqa: PLC0415

    status, kind, body = (
        written.get(name, usual) for name, usual in (("status", 200), ("type", "text/plain"), ("body", ""))
    )
    is_fit = status in KEPT and MEDIA_TYPE.fullmatch(kind) and len(body) <= LONGEST_ANSWER
    if set(written) - {"status", "type", "body"} or not is_fit or (status == 204 and body):
        raise NotFit("`answer` has a `status` (200, 201, 202, or 204 without a body), a `type` and a short `body`")
    return Acknowledgement(status, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, body)


def _said(values: Any) -> frozenset[str]:
    """Values as they are compared with what an aggregator says: `true` and `null` are such words, too. Raises
    NotFit when they are no list: of a text, each letter would be a value."""
    from lumbung.messaging.gateways.brought import worded  # noqa: PLC0415

    if not isinstance(values, list):
        raise NotFit("what an aggregator says is described by a list of values")
    return frozenset(worded(value) for value in values)


def _rule(written: Mapping[str, Any], statuses: list[int]) -> Any:
    from lumbung.messaging.gateways.aggregator import Rule  # noqa: PLC0415

    if set(written) - {"statuses", "field", "values"} or ("field" in written) != ("values" in written):
        raise TypeError
    return Rule(
        frozenset(int(status) for status in written.get("statuses", statuses)),
        str(written.get("field", "")),
        _said(written.get("values", [])),
    )
