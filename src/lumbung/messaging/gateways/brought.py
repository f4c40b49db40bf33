"""What an aggregator says over HTTP, looked into by names that the operator gives: a query, a form, or JSON."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import SuspiciousOperation
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.http import parse_header_parameters

FIELDS_MOST = 1000
# In a path through JSON: each one of the list that stands there.
EACH = "*"
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, repr=False)
class Proof:
    """Where the secret stands: `basic` (HTTP Basic, the gateway's name as the user), `bearer`, or the `header` or
    the part of the `query` with that name."""

    place: str
    name: str
    secret: str


def query_of(written: str) -> Mapping[str, str]:
    """The names and values of an address's query, of each name the first: what a text says can't add another to a
    query whose writer forgot to encode it. Of more than FIELDS_MOST all of it as one name."""
    return _pairs(written, "utf-8")


def data_of(written: str | bytes) -> Any:
    """What the JSON says, its numbers as they are written there; None when it is no JSON. Who writes lines into it
    as they are is understood."""
    try:
        return json.loads(written, strict=False, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None


def found_at(data: Any, path: str, place: int = 0) -> Any:
    """What stands at the path (`a.0.b`), whose `*` is that place in a list. Raises LookupError."""
    for step in path.split("."):
        if step == EACH and not isinstance(data, list):
            continue  # one alone, without a list around it
        try:
            data = data[place if step == EACH else int(step)] if isinstance(data, list) else data[step]
        except (TypeError, ValueError):
            raise LookupError from None
    return data


def worded(value: Any) -> str:
    """A value of JSON as text: itself, or as JSON writes it. Raises LookupError for what is too deep for that."""
    try:
        return value if isinstance(value, str) else json.dumps(value)
    except RecursionError:
        raise LookupError from None


@dataclass(frozen=True, slots=True, repr=False)
class Brought:
    """One request. `body` is what could not be read otherwise, too. A body is JSON or a form, never both: what a
    text says in the one could be taken for a field of the other."""

    query: Mapping[str, str]
    form: Mapping[str, str]
    data: Any
    body: str

    @classmethod
    def read(cls, query: str, content_type: str, body: bytes) -> "Brought":
        """Whatever the bytes are: what is not in the declared character set (UTF-8 if none) is replaced."""
        kind, charset = _kind(content_type)
        words = _decoded(body, charset)
        data = data_of(words)
        if isinstance(data, dict | list):
            return cls(query_of(query), _NOTHING, data, words)
        form = _parts(content_type, body) if kind == "multipart/form-data" else _pairs(words, charset)
        return cls(query_of(query), form, None, words)

    def value(self, path: str, place: int = 0) -> str | None:
        """What has that name in the query or the form, or stands at that path in JSON, empty for null; None when
        nothing does."""
        for fields in (self.query, self.form):
            if path in fields:
                return fields[path]
        try:
            found = found_at(self.data, path, place)
            return "" if found is None else worded(found)
        except LookupError:
            return None

    def places(self, path: str) -> Sequence[int]:
        """The places of the list that `*` in the path goes through; one when there is no `*`, or no list."""
        before, each, _ = f".{path}".partition(f".{EACH}")
        try:
            listed = found_at(self.data, before[1:]) if before else self.data
        except LookupError:
            listed = None
        return range(len(listed)) if each and isinstance(listed, list) else range(1)

    def is_empty(self, *, apart: str) -> bool:
        """Whether nothing was said, apart from what has this name in the query."""
        nothing = self.data in ({}, []) or not self.body.strip()
        return nothing and not set(self.query) - {apart}

    def whole(self, *, apart: str) -> str:
        """All of it as it came, without what has this name in the query."""
        query = urlencode({name: value for name, value in self.query.items() if name != apart})
        return "\n".join(filter(None, (query, self.body)))


def stray(paths: Mapping[str, str], *, together: Collection[str]) -> str | None:
    """What is wrong with how paths go through a list by `*`, so that several would be taken for one; None when
    nothing is. `together` are the names of those that say what makes one of them."""
    if any(path.split(".").count(EACH) != path.count(EACH) or path.count(EACH) > 1 for path in paths.values()):
        return "a path has more than one *, or one that is no step of its own"
    through = {name: path.partition(EACH)[0] for name, path in paths.items() if EACH in path}
    if len(set(through.values())) > 1:
        return "the paths with * go through different lists"
    if through and not all(name in through for name in together if paths[name]):
        return f"all of {', '.join(together)} go through the list by *, or none does"
    return None


def _kind(content_type: str) -> tuple[str, str]:
    """The media type and the character set, UTF-8 when it names none that is known: that must not cost a text."""
    try:
        kind, parameters = parse_header_parameters(content_type)
        charset = parameters.get("charset", "utf-8")
        b"a".decode(charset, errors="replace")
    except (LookupError, ValueError, TypeError):
        return content_type.partition(";")[0].strip().lower(), "utf-8"
    return kind, charset


def _decoded(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset, errors="replace").removeprefix("\ufeff")
    except ValueError:
        return body.decode(errors="replace")


def _pairs(written: str, charset: str) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(
            written, keep_blank_values=True, encoding=charset, errors="replace", max_num_fields=FIELDS_MOST
        )
    except ValueError:
        return {written: ""}
    return dict(reversed(pairs))


def _parts(content_type: str, body: bytes) -> Mapping[str, str]:
    """The fields of a form as browsers send files; files themselves are passed over."""
    head = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": len(body)}
    try:
        form, _ = MultiPartParser(head, BytesIO(body), []).parse()
    except (MultiPartParserError, SuspiciousOperation, LookupError, ValueError, TypeError):
        return _NOTHING
    return {name: values[0] for name, values in form.lists() if values}
