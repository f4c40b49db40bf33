"""Why a registration can't go on."""

from lumbung.errors import Refusal, marked


class RegistrationIsOver(Refusal):
    """It took too long, was begun anew, or is confirmed already."""

    code = "registration_is_over"
    sentence = marked("This registration is over. Begin again.")


class ContactTaken(Refusal):
    """Somebody confirmed the same contact in the same moment."""

    code = "contact_taken"
    sentence = marked("This phone number or e-mail address can't be used. Choose another one.")


class RegistrationGone(Refusal):
    """What an officer is to accept was begun anew or given up since."""

    code = "registration_gone"
    sentence = marked("This registration was begun anew or given up since. Refuse the request, and say so.")
