"""How passwords are kept: Argon2id over the one form of the password, with a cost that the server can carry."""

from django.contrib.auth.hashers import Argon2PasswordHasher

from lumbung.accounts.passwords.policy import normal


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with the costs of docs/decisions/0020-log-in.md. A hash with other costs is renewed at log-in."""

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        hashed: str = super().encode(normal(password), salt)
        return hashed

    def verify(self, password: str, encoded: str) -> bool:
        is_right: bool = super().verify(normal(password), encoded)
        return is_right
