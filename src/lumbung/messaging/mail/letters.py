"""The words of mails that are about mail itself."""

from django.conf import settings
from django.utils.translation import gettext, override


def trial(*, language: str) -> tuple[str, str]:
    """Subject and body of the operator's test mail."""
    with override(language):
        body = gettext(
            "This is a test mail of %(name)s. If you read this, mail goes out.\n\n"
            "Nobody need do anything, and no account was touched."
        )
        return gettext("Test: mail goes out"), body % {"name": settings.LUMBUNG_NAME}
