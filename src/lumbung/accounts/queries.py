"""Read about users and their tokens."""

import hashlib
from dataclasses import dataclass

from allauth.idp.oidc.models import Client, Token

from lumbung import prepared
from lumbung.accounts.models import User


@dataclass(frozen=True, slots=True)
class ProgramToken:
    """An access token that is valid, of a program that is switched on."""

    program: User
    name: str
    scopes: tuple[str, ...]


# Asked with every request of every program, so past the ORM and prepared on the server.
_TOKEN = f"""
    SELECT t.scopes, c.name, u.id, u.username, u.language
    FROM {Token._meta.db_table} AS t
    JOIN {Client._meta.db_table} AS c ON c.id = t.client_id
    JOIN {User._meta.db_table} AS u ON u.id = c.owner_id
    WHERE t.type = %s AND t.hash = %s AND (t.expires_at IS NULL OR t.expires_at > statement_timestamp())
      AND u.is_active AND u.kind = %s
"""  # noqa: S608  (names of tables)


def program_token(value: str) -> ProgramToken | None:
    """The access token with this value, while it and its program are valid."""
    digest = hashlib.sha256(value.encode(errors="surrogatepass")).hexdigest()  # as allauth keeps it
    found = prepared.rows(_TOKEN, [Token.Type.ACCESS_TOKEN.value, digest, User.Kind.PROGRAM.value])
    if not found:
        return None
    scopes, name, key, username, language = found[0]
    program = User(pk=key, username=username, kind=User.Kind.PROGRAM, language=language)
    return ProgramToken(program, name, tuple(scopes.split()))
