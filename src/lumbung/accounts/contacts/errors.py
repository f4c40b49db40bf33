"""Why a contact can't be put in place."""

from lumbung.errors import Refusal, marked


class ContactTaken(Refusal):
    """Another user confirmed this phone or address. Only who holds it, and so could read its code, learns this."""

    code = "contact_taken"
    sentence = marked("This phone number or e-mail address can't be used. Choose another one.")
