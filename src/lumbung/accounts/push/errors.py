"""Why a device gets no pushes."""

from lumbung.errors import Refusal, marked


class ServiceNotKnown(Refusal):
    """The browser's address is at no push service that the operator allows."""

    code = "push_service_not_known"
    sentence = marked("We can't send to this browser. Try another one, or read your messages here.")


class BadKeys(Refusal):
    """What came is no key that a push could be sealed with."""

    code = "push_keys"
    sentence = marked("Your browser did not give what we need. Try again.")
