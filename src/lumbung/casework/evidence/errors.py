"""Why a file can't be taken as evidence."""

from lumbung.errors import Refusal, marked


class BadFile(Refusal):
    """A file that can't be evidence; the subclasses say why."""

    code = "bad_file"
    sentence = marked("This file can't be read. Make a new photo, or save it anew, and choose that one.")


class UnknownKind(BadFile):
    """Neither a picture nor a PDF file, whatever its name says."""

    code = "unknown_kind"
    sentence = marked(
        "This is no photo (JPEG, PNG, WebP) and no PDF file. Choose another one, or make a photo of it."
    )


class HeicPhoto(BadFile):
    """A telephone's own kind of photo."""

    code = "heic_photo"
    sentence = marked(
        "This photo is of the kind HEIC, which we can't read. Choose “Most compatible” in your camera's settings,"
        " or make a screenshot of the photo and send that."
    )


class FileTooBig(BadFile):
    """More than `most` megabytes."""

    code = "file_too_big"
    sentence = marked("This file has more than {most} MB. Make the photo anew with a smaller size.")


class TooManyPixels(BadFile):
    """A picture that would fill our memory."""

    code = "too_many_pixels"
    sentence = marked("This picture is too large. Make the photo anew with a smaller size.")


class TooManyPages(BadFile):
    """More than `most` pages in all."""

    code = "too_many_pages"
    sentence = marked("We take at most {most} pages. Send only those that show what is right.")


class TooManyFiles(BadFile):
    """More than `most` files at once."""

    code = "too_many_files"
    sentence = marked("We take at most {most} files. Choose those that show what is right.")


class LockedPdf(BadFile):
    """Only its owner's password opens it."""

    code = "locked_pdf"
    sentence = marked("This PDF file has a password. Save it without one, or make a photo of it.")


class Infected(BadFile):
    """The scanner knows something bad in it."""

    code = "infected"
    sentence = marked(
        "Our virus scanner found something bad in this file, so we did not keep it. Make a photo instead."
    )


class ScannerAway(BadFile):
    """Files must be scanned here, and the scanner does not answer."""

    code = "scanner_away"
    sentence = marked("Files can't be checked for viruses just now. Try again in some minutes.")
