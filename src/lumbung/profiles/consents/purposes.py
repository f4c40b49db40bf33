"""What consent is asked for, in which words; and what is done without asking, and on which legal basis."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from lumbung.errors import marked


@dataclass(frozen=True, slots=True)
class Purpose:
    """Something that is done only with consent. `versions` are the texts agreed to, the oldest first.

    A text that anybody ever agreed to stays as it was; a better one is added as another version, and then consent
    is asked for anew. A test holds the digests of all of them.
    """

    code: str
    title: str
    versions: tuple[str, ...]

    @property
    def version(self) -> int:
        """The version that is asked for now, counted from 1."""
        return len(self.versions)

    @property
    def text(self) -> str:
        """What is agreed to now, a sentence of the catalogue."""
        return self.versions[-1]


PURPOSES: Mapping[str, Purpose] = {
    each.code: each
    for each in (
        Purpose(
            "news",
            marked("News of the fund"),
            (
                marked(
                    "The fund may send me news about its programmes and services by SMS and e-mail, at most once a"
                    " month. It uses my phone number, my e-mail address and my language for it, and gives them to"
                    " nobody."
                ),
            ),
        ),
        Purpose(
            "surveys",
            marked("Questions about our service"),
            (
                marked(
                    "The fund may ask me by SMS or e-mail how its service was, at most twice a year. I need not"
                    " answer. It uses my phone number, my e-mail address and my language for it, and gives them to"
                    " nobody."
                ),
            ),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Processing:
    """Something that is done with personal data without asking: what for, with which data, on which basis."""

    what_for: str
    data: str
    basis: str


# UU 27/2022 art. 20 (2): b contract, c duty by law, e public task, f legitimate interest.
WITHOUT_ASKING = (
    Processing(
        marked("Membership, contributions and benefits"),
        marked("Name, KTP number, birth date, employments, wages, contributions, balances, requests"),
        marked("A duty by law: UU 40/2004 and UU 24/2011; UU 27/2022 art. 20 (2) c and e"),
    ),
    Processing(
        marked("Your account, and keeping it safe"),
        marked("User name, contacts, passkeys, sessions, devices, log-ins"),
        marked("What you asked for by opening an account: UU 27/2022 art. 20 (2) b"),
    ),
    Processing(
        marked("Telling you about changes, codes and answers"),
        marked("Phone number, e-mail address, address, language"),
        marked("A duty by law: UU 27/2022 art. 20 (2) c, art. 21 and 30"),
    ),
    Processing(
        marked("The log of who opened your record"),
        marked("Who, when, where and why"),
        marked("A duty by law: UU 27/2022 art. 20 (2) c, art. 31 and 35 to 39"),
    ),
    Processing(
        marked("Heirs and bank account"),
        marked("What you wrote down yourself"),
        marked("What you asked for: UU 27/2022 art. 20 (2) b. You can take it off at any time"),
    ),
)


def digest(text: str) -> str:
    """The fingerprint of a text as it was read, which the register keeps."""
    return sha256(text.encode()).hexdigest()
