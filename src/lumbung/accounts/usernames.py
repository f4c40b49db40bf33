"""The shape of a user name."""

from django.core.validators import RegexValidator

from lumbung.errors import marked

# It starts with a letter, so that it can never be taken for a phone number or a member number.
validators = [
    RegexValidator(
        r"\A[a-z][a-z0-9._-]{2,49}\Z",
        marked(
            "A user name has 3 to 50 characters: small letters, digits, dot, dash and underscore, a letter first."
        ),
    )
]
