"""What texts to a phone say about getting in."""

from django.utils.translation import gettext, override


def code_text(code: str, *, language: str) -> str:
    """The text that carries a code: no link, and what never to do with it."""
    with override(language):
        return gettext("Your Lumbung code: %(code)s. Valid for 10 minutes. Never tell it to anyone.") % {
            "code": code
        }
