"""What a check of a paper finds, its words and its exit codes: one table for the page and the command; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lumbung.errors import marked
from lumbung.papers import contents, signing
from lumbung.papers.contents import Card, Contents
from lumbung.papers.signing import PublicKey


class Verdict(StrEnum):
    """What is known of a paper. RIGHT is as far as the key alone can tell; NEWEST says the fund's own record."""

    NEWEST = "newest"
    RIGHT = "right"
    REPLACED = "replaced"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ALTERED = "altered"
    OTHER_KEY = "other_key"
    NOT_ON_RECORD = "not_on_record"
    UNREADABLE = "unreadable"

    @property
    def is_good(self) -> bool:
        return self in {Verdict.NEWEST, Verdict.RIGHT}

    @property
    def is_old(self) -> bool:
        """Once right: made by the fund, but to be trusted no more."""
        return self in {Verdict.REPLACED, Verdict.EXPIRED, Verdict.WITHDRAWN}

    @property
    def heading(self) -> str:
        """The finding in a few words."""
        return WORDS[self][0]

    @property
    def sentence(self) -> str:
        """What it means and what to do."""
        return WORDS[self][1]


WORDS = {
    Verdict.NEWEST: (
        marked("Genuine"),
        marked("The fund made this paper and it stands. Compare what is below with the paper and the person."),
    ),
    Verdict.RIGHT: (
        marked("Genuine, as far as the key can tell"),
        marked(
            "The fund's key signed this paper. Whether a newer one replaced it since, only the fund's own page can"
            " tell. Compare what is below with the paper and the person."
        ),
    ),
    Verdict.REPLACED: (
        marked("Genuine, but old: a newer card replaced it"),
        marked("The fund made this card, and later a newer one for the same member. Ask for the newer one."),
    ),
    Verdict.EXPIRED: (
        marked("Genuine, but old: its time is over"),
        marked("The fund made this card, and its last day is past. Ask the member to make a new one."),
    ),
    Verdict.WITHDRAWN: (
        marked("Withdrawn"),
        marked("The fund made this paper, and it was taken back. It may be in wrong hands: do not accept it."),
    ),
    Verdict.ALTERED: (
        marked("Forged or changed"),
        marked("The signature does not fit what the paper says. Do not accept it."),
    ),
    Verdict.OTHER_KEY: (
        marked("Not signed by this fund"),
        marked("Another key signed this, not one of this fund. If another fund made it, check it there."),
    ),
    Verdict.NOT_ON_RECORD: (
        marked("Signed, but not in the fund's records"),
        marked("The key is this fund's, but the fund has no record of this paper. Do not accept it, and tell us."),
    ),
    Verdict.UNREADABLE: (
        marked("Not the code of a card or statement"),
        marked("This is not what stands in such a code, or a part is missing. Copy the whole text and try again."),
    ),
}  # fmt: skip
# Of the command; 2 is what click says of wrong usage.
EXIT_CODES = {
    Verdict.NEWEST: 0,
    Verdict.RIGHT: 0,
    Verdict.UNREADABLE: 1,
    Verdict.REPLACED: 3,
    Verdict.EXPIRED: 3,
    Verdict.WITHDRAWN: 4,
    Verdict.ALTERED: 5,
    Verdict.OTHER_KEY: 6,
    Verdict.NOT_ON_RECORD: 7,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict, and what the paper says: only once the signature is known to be right."""

    verdict: Verdict
    contents: Contents | None = None


def check(text: str, keys: Iterable[PublicKey], *, now: datetime) -> Checked:
    """What public keys alone can tell of the text of a code."""
    try:
        said = contents.from_payload(signing.opened(text, keys))
    except signing.KeyUnknown:
        return Checked(Verdict.OTHER_KEY)
    except signing.SignatureWrong:
        return Checked(Verdict.ALTERED)
    except (signing.NotSigned, contents.BadContents):
        return Checked(Verdict.UNREADABLE)
    is_over = isinstance(said, Card) and said.expires_at <= now
    return Checked(Verdict.EXPIRED if is_over else Verdict.RIGHT, said)
