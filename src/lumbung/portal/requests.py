"""What a page behind the log-in gets."""

from lumbung.accounts.requests import LoggedIn

__all__ = ["LoggedIn"]
