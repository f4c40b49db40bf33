"""Why something can't be published."""

from lumbung.errors import Refusal, marked


class BadName(Refusal):
    """The name in the address has another shape."""

    code = "bad_publication_name"
    sentence = marked(
        "The name {name} can't stand in an address. Use up to {longest} small letters, digits and single dashes."
    )


class TextMissing(Refusal):
    """Everything is said in both languages."""

    code = "text_missing"
    sentence = marked("The {field} is empty. Everything that is published is written in both languages.")


class TextTooLong(Refusal):
    """A text is longer than a page can bear."""

    code = "text_too_long"
    sentence = marked("The {field} is longer than {longest} characters. Make it shorter.")


class TextNotPlain(Refusal):
    """A text holds control characters."""

    code = "text_not_plain"
    sentence = marked("The {field} holds characters that can't be shown. Write it anew, without pasted objects.")


class EndsBeforeItStarts(Refusal):
    """The last day lies before the first."""

    code = "ends_before_it_starts"
    sentence = marked("The last day {ends} lies before the first day {starts}. Change one of them.")


class NoSuchPublication(Refusal):
    """Nothing of that name is published."""

    code = "no_such_publication"
    sentence = marked("Nothing with the name {name} is published. Look at the list for the right name.")


class UnknownFileKind(Refusal):
    """A form is a file that every device opens."""

    code = "unknown_file_kind"
    sentence = marked("This file is not one of {kinds}. Save the form as PDF and put that.")


class FileTooLarge(Refusal):
    """A form is meant for slow lines."""

    code = "form_too_large"
    sentence = marked("The file is larger than {megabytes} MB. Save it without pictures, or in a lower quality.")


class FileMissing(Refusal):
    """A form without a file is none."""

    code = "form_file_missing"
    sentence = marked("This form has no file yet. Add a PDF, then publish it.")


class BrokenPdf(Refusal):
    """The bytes say PDF, but no reader opens them, or only with a password."""

    code = "broken_pdf"
    sentence = marked("This file can't be opened as a PDF, or it asks for a password. Save it as PDF anew.")


class PdfThatRuns(Refusal):
    """A PDF with a program, a file or an address to send to inside."""

    code = "pdf_that_runs"
    sentence = marked("This PDF has a program or another file inside. Print it to PDF and take that.")


class DraftChanged(Refusal):
    """Somebody else saved, published or threw away this draft after the page was made."""

    code = "draft_changed"
    sentence = marked(
        "Somebody changed this text meanwhile. Copy your words, open the page again, and go on from there."
    )


class NothingToPublish(Refusal):
    """There is no draft of this name."""

    code = "nothing_to_publish"
    sentence = marked("There are no changes to publish. Save your text first.")
