"""YAML read exactly: decimals stay decimals, days stay text, and a key said twice is an error."""

import re
from collections import Counter
from decimal import Decimal
from typing import Any, ClassVar

import yaml

_Fastest: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LONGEST_NUMBER = 40  # more digits than any number of the law; a longer one stays text and is judged as such
_TOO_DEEP = 60
_OURS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:timestamp")


class _Reader(_Fastest):  # type: ignore[misc]  # the C loader has no stubs
    """The safe loader without floats, octals, base 60 and dates, which would change a value in silence."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in _OURS]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _int(reader: Any, node: Any) -> int | str:
    text = str(reader.construct_scalar(node))
    return int(text.replace("_", "")) if len(text) <= _LONGEST_NUMBER else text


def _decimal(reader: Any, node: Any) -> Decimal | str:
    text = str(reader.construct_scalar(node))
    if len(text) > _LONGEST_NUMBER:
        return text
    return Decimal(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))


def _mapping(reader: Any, node: Any) -> dict[Any, Any]:
    counted = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
    for key, times in counted.items():
        if times > 1:
            raise yaml.MarkedYAMLError(problem=f"the key {key!r} stands there twice", problem_mark=node.start_mark)
    found: dict[Any, Any] = reader.construct_mapping(node, deep=True)
    return found


_Reader.add_implicit_resolver(_OURS[0], re.compile(r"[-+]?(?:0|[1-9][0-9_]*)$"), list("-+0123456789"))
_Reader.add_implicit_resolver(
    _OURS[1],
    re.compile(r"(?:[-+]?(?:[0-9][0-9_]*\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|nan))$"),
    list("-+0123456789."),
)
_Reader.add_constructor(_OURS[0], _int)
_Reader.add_constructor(_OURS[1], _decimal)
_Reader.add_constructor("tag:yaml.org,2002:map", _mapping)


def _refuse_depth(content: bytes) -> None:
    """Refuse a document nested so deep that composing it would exhaust the stack."""
    depth = 0
    for event in yaml.parse(content, Loader=_Reader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _TOO_DEEP:
            raise yaml.YAMLError(f"nested more than {_TOO_DEEP} levels deep")


def read(content: bytes, *, trusted: bool = False) -> Any:
    """The one document in the content; what is no YAML raises yaml.YAMLError. Trusted: not nested too deep."""
    if not trusted:
        _refuse_depth(content)
    try:
        return yaml.load(content, Loader=_Reader)  # noqa: S506  # a safe loader with fewer types
    except (ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise yaml.YAMLError("an explicit tag does not fit what it stands before") from error
