"""Read about users and their tokens."""

from allauth.idp.oidc.models import Token

from lumbung.accounts.models import User


def program_token(value: str) -> Token | None:
    """The access token with this value, while it and its program are valid; its client and owner come with it."""
    tokens = Token.objects.select_related("client__owner")
    token = tokens.lookup(Token.Type.ACCESS_TOKEN, value)
    if token is None or token.client is None or token.client.owner is None:
        return None
    owner = token.client.owner
    return token if owner.is_active and owner.kind == User.Kind.PROGRAM else None
