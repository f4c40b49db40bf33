"""Why an announcement can't go out as a text, or not now."""

from collections.abc import Callable

from lumbung.errors import Refusal, marked, unchanged


class NotShown(Refusal):
    """What is sent by text can be read in full meanwhile."""

    code = "broadcast_not_shown"
    sentence = marked("This announcement is not shown now. Publish it first, then send it by SMS.")


class AnotherRuns(Refusal):
    """Two at once would be twice as many an hour."""

    code = "broadcast_another_runs"
    sentence = marked("Another announcement is being sent by SMS. Pause or stop that one first.")


class BroadcastChanged(Refusal):
    """Somebody else saved it meanwhile, or began, paused or ended it."""

    code = "broadcast_changed"
    sentence = marked("Somebody changed this meanwhile. Look at it as it is now, then decide.")


class _OfOneText(Refusal):
    """What is wrong with the text in one language; `language` is what that is called, from the catalogue."""

    def say(self, translate: Callable[[str], str] = unchanged) -> str:
        facts = {**self.facts, "language": translate(self.facts["language"])}
        return translate(self.sentence).format(**facts)


class LinkInText(_OfOneText):
    """Who gets used to links in texts from the fund will follow a forger's."""

    code = "broadcast_link"
    sentence = marked(
        "The {language} text holds a link. Texts from the fund never do: people would learn to follow those of "
        "forgers. Say where to look instead."
    )


class TextTooLongToSend(_OfOneText):
    """More parts than a text may have."""

    code = "broadcast_too_long"
    sentence = marked("The {language} text takes {parts} SMS. Make it shorter: at most {most}.")


class NothingToSay(_OfOneText):
    """Everybody is told in his language."""

    code = "broadcast_empty"
    sentence = marked("The {language} text is empty. Everybody is told in his own language.")


class NobodyToTell(Refusal):
    """No phone on file wants it."""

    code = "broadcast_nobody"
    sentence = marked("There is nobody to tell: no phone on file, or nobody who wants announcements by SMS.")
