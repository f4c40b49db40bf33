"""Why something is not done to a person who is locked, and why a lock is not lifted."""

from lumbung.errors import Refusal, marked


class PersonLocked(Refusal):
    """Nothing of the person's is changed or paid out until the lock is lifted."""

    code = "person_locked"
    sentence = marked(
        "This member is locked: nothing is changed or paid out. First the lock must be lifted, by the member in "
        "the account or by an officer at the counter."
    )


class UnlockAtCounter(Refusal):
    """The password was set anew after the lock or shortly before: whoever holds the phone could have done that."""

    code = "unlock_at_counter"
    sentence = marked(
        "Your password was set anew after the lock, or not long before it. So that nobody can unlock who only "
        "holds your phone, come to our office with your KTP."
    )
