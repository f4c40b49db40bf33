"""Why an account can't be made."""

from lumbung.errors import Refusal, marked


class UsernameTaken(Refusal):
    """Somebody has this user name."""

    code = "username_taken"
    sentence = marked("This user name is taken. Choose another one.")


class NoSuchUser(Refusal):
    """Nobody has this user name."""

    code = "no_such_user"
    sentence = marked("There is no user of this name. Check the spelling.")


class AlreadyHasUser(Refusal):
    """A person logs in with one user name."""

    code = "already_has_user"
    sentence = marked("This member has a user name already.")


class UsernameChangedToday(Refusal):
    """A user name is changed once in 24 hours."""

    code = "username_changed_today"
    sentence = marked("You changed your user name less than a day ago. Try again tomorrow.")
