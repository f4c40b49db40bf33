"""A lookup for long lists, `among`: one value for the database where Django's `in` has one for each."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Field, ForeignKey, Lookup


@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup):
    """`number__among=numbers` finds what `number__in=numbers` does, for whole numbers, text and bytes.

    Django and psycopg look at each value of `in` several times, and the database reads as many: two hundred keys
    take ten times as long as the one array that they are here.
    """

    lookup_name = "among"
    prepare_rhs = False

    def get_prep_lookup(self) -> Any:
        return [value for value in self.rhs if value is not None]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            raise EmptyResultSet  # so that nothing is asked
        left, values = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        while isinstance(field, ForeignKey):
            field = field.target_field
        # Without a length: a cast to one would cut in silence, and find what only begins so.
        kind = field.db_type(connection).partition("(")[0]
        return f"{left} = ANY(%s::{kind}[])", (*values, _array(self.rhs))


def _array(values: Iterable[Any]) -> str:
    """The values as PostgreSQL writes an array."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    """Raises TypeError for what is neither a whole number nor text nor bytes."""
    if isinstance(value, bytes | memoryview):
        return f'"\\\\x{value.hex()}"'
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"`among` takes whole numbers, text and bytes, not {type(value).__name__}.")
    if isinstance(value, int):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
