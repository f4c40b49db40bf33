"""What messages of the inbox say, by word and version. A message names both, so it reads the same for ever."""

from dataclasses import dataclass

from lumbung.accounts.contacts import letters
from lumbung.errors import marked

SECURITY, CONTACT, REQUEST, NEWS = "security", "contact", "request", "news"


@dataclass(frozen=True, slots=True)
class Words:
    """What one version of a message says: `kind` is what it is about, both sentences take the message's facts."""

    kind: str
    title: str
    text: str


_DONE = marked(
    "This was done on {at}, with {device}. Was it not you? Choose Forgot password at the log-in, and tell the "
    "fund's office at once."
)


def _done(title: str) -> tuple[Words, ...]:
    """The one version of a message about a change that decides who gets in."""
    return (Words(SECURITY, title, _DONE),)


# What is also told by SMS and mail says the same here, word → what it is about. Who changes such a letter puts its
# old words before the new ones in WORDS.
_LETTERS = {
    **dict.fromkeys(("password_reset", "recovery_asked", "code_given", "code_withdrawn", "recovered"), SECURITY),
    **dict.fromkeys(("data_taken", "locked", "unlocked"), SECURITY),
    **dict.fromkeys(
        ("phone_changed", "phone_waits", "email_changed", "contact_confirmed", "bank_changed", "bank_removed"),
        CONTACT,
    ),
    **dict.fromkeys(("address_changed", "heirs_changed", "numbers_parted"), CONTACT),
}

# Each word → its versions, the oldest first. A version that was ever sent stays; a better sentence is added below.
WORDS: dict[str, tuple[Words, ...]] = {
    **{word: (Words(kind, *letters.WORDS[word]),) for word, kind in _LETTERS.items()},
    "password_changed": _done(marked("The password of your account was changed.")),
    "username_changed": _done(marked("The user name of your account was changed.")),
    "app_added": _done(marked("An app for codes was added to your account.")),
    "app_removed": _done(marked("The app for codes was removed from your account.")),
    "passkey_added": _done(marked("A passkey was added to your account.")),
    "passkey_removed": _done(marked("A passkey was removed from your account.")),
    "codes_made": _done(marked("New recovery codes were made for your account.")),
    "new_device": _done(marked("Somebody logged in with your account on a new device.")),
    "wrong_passwords": (
        Words(
            SECURITY,
            marked("Wrong passwords were tried for your account"),
            marked(
                "Five wrong passwords were tried on {at}. Nobody got in. Log-in by passkey or code stays open. "
                "Not you? Just keep your password secret."
            ),
        ),
    ),
    "account_made": (
        Words(
            NEWS,
            marked("Welcome to your account"),
            marked(
                "Your account is open since {at}. Here you find what we tell you: about your account, your "
                "requests and your contributions. We never ask for your password or a code."
            ),
        ),
    ),
    "request_accepted": (
        Words(REQUEST, marked("Your request was accepted"), marked("The fund's office writes: {note}")),
    ),
    "request_refused": (
        Words(REQUEST, marked("Your request was refused"), marked("The fund's office writes: {note}")),
    ),
}


def newest(word: str) -> int:
    """The version that is sent now, counted from 1."""
    return len(_versions(word))


def of(word: str, version: int) -> Words:
    """What the word said in that version."""
    return _versions(word)[version - 1]


def _versions(word: str) -> tuple[Words, ...]:
    """What stands above; else the one sentence that goes out by SMS and mail too."""
    return WORDS.get(word) or (Words(SECURITY, *letters.WORDS[word]),)
