"""Refusals and problems: what a user is told when something can't be done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar


def marked(sentence: str) -> str:
    """Mark a sentence for the message catalogue and return it unchanged (gettext's N_)."""
    return sentence


def unchanged(sentence: str) -> str:
    """The translation into English: the sentence itself."""
    return sentence


class Refusal(Exception):
    """What was asked for can't be done, and the user can do something about it.

    A subclass has a `code` that programs may rely on and a `sentence` (English, the key of the message
    catalogue) that says what happened, with which values, and what to do. Its facts are keyword arguments;
    none of them may be a personal value (NIK, birth date, phone, e-mail, wage, balance): a refusal is logged.
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = marked("This can't be done.")

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.say())

    def say(self, translate: Callable[[str], str] = unchanged) -> str:
        """The sentence with its facts filled in; `translate` is gettext at a door."""
        return translate(self.sentence).format(**self.facts)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one place of a file that came in. A file's problems are reported all at once.

    `line` counts from 1 as a spreadsheet shows it, None for the whole file; `column` is the heading as the file
    has it. `value` is what stands there: it is shown to the uploader only, so it never appears in a repr or a log.
    """

    code: str
    sentence: str
    line: int | None = None
    column: str | None = None
    value: str | None = field(default=None, repr=False)
    facts: dict[str, Any] = field(default_factory=dict, repr=False)

    def say(self, translate: Callable[[str], str] = unchanged) -> str:
        """What is wrong and what to do, without the place and the value, which stand in columns of their own."""
        return translate(self.sentence).format(**self.facts)
