"""Under which names the cache keeps things: keyed digests, for limits name phones, addresses and people."""

from lumbung.encryption import blind_index


def sealed(key: str, prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION. A digest without a key would soon tell which of all phone numbers it came from."""
    return f"{prefix}:{version}:{blind_index(key, context='cache').hex()}"
