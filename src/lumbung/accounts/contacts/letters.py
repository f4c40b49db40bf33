"""What users are told about their contacts and accounts, the same by SMS and by mail: no link, no whole number."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext, override

from lumbung.accounts.notices.changes import CHANGES, USERNAME
from lumbung.accounts.sessions import devices
from lumbung.errors import marked
from lumbung.wording import clock_short

# Each word → the subject of the mail, and what the text and the mail say.
WORDS = {
    "reset_code": (
        marked("Your code for a new password"),
        marked(
            "{code} is your Lumbung code for a new password. Valid for 10 minutes. Tell it to nobody. "
            "Did you not ask for it? Then do nothing."
        ),
    ),
    "contact_code": (
        marked("Your code to confirm this contact"),
        marked("{code} is your Lumbung code to confirm this contact. Valid for 10 minutes. Tell it to nobody."),
    ),
    "username": (
        marked("Your user name"),
        marked("Your Lumbung user name is: {username}. Did you not ask for it? Then do nothing."),
    ),
    "contact_taken": (
        marked("This contact belongs to another account"),
        marked(
            "Somebody wants to use this contact for a Lumbung account, but it belongs to another one. "
            "Was it you? Use another contact, or ask the fund's office. If not, do nothing."
        ),
    ),
    "password_reset": (
        marked("Your password was set anew"),
        marked(
            "The password of your Lumbung account was set anew on {at}. "
            "Was it not you? Tell the fund's office at once."
        ),
    ),
    "phone_changed": (
        marked("Your phone number was changed"),
        marked(
            "The phone number of your Lumbung account is {new} since {at}. "
            "Was it not you? Tell the fund's office at once. No money can be moved until {until}."
        ),
    ),
    "phone_waits": (
        marked("A new phone wants to ask by SMS"),
        marked(
            "Phone {new} sent your member number, birth date and KTP number by SMS, {at}. Yours? Confirm it "
            "in your account. If not, refuse it."
        ),
    ),
    "email_changed": (
        marked("Your e-mail address was changed"),
        marked(
            "The e-mail address of your Lumbung account is {new} since {at}. "
            "Was it not you? Tell the fund's office at once. No money can be moved until {until}."
        ),
    ),
    "bank_changed": (
        marked("Your bank account was changed"),
        marked(
            "Payments of your Lumbung account go to {new} since {at}. "
            "Was it not you? Tell the fund's office at once. No money can be moved until {until}."
        ),
    ),
    "bank_removed": (
        marked("Your bank account was taken off"),
        marked(
            "The bank account of your Lumbung account was taken off on {at}. "
            "Was it not you? Tell the fund's office at once."
        ),
    ),
    "heirs_changed": (
        marked("Your list of heirs was changed"),
        marked(
            "The list of heirs of your Lumbung account was changed on {at}. "
            "Was it not you? Tell the fund's office at once."
        ),
    ),
    "address_changed": (
        marked("Your address was changed"),
        marked(
            "The address for letters of your Lumbung account was changed on {at}. "
            "Was it not you? Tell the fund's office at once."
        ),
    ),
    "locked": (
        marked("Your account and your money are locked"),
        marked(
            "You are locked since {at}: nothing is changed or paid out. Unlock in your account with the "
            "password, or at our office. Not you? Unlock at once."
        ),
    ),
    "unlocked": (
        marked("The lock was lifted"),
        marked(
            "Your lock was lifted on {at}: your data can be changed and money paid out again. "
            "Was it not you? Lock again and tell the fund's office at once."
        ),
    ),
    "data_taken": (
        marked("Your data were taken away as a file"),
        marked(
            "Everything that is held about you was taken from your Lumbung account as a file on {at}. "
            "Was it not you? Tell the fund's office at once."
        ),
    ),
    "account_closed": (
        marked("Your account was closed"),
        marked(
            "Your Lumbung account was closed on {at}. Your contributions and your balance stay as they are. "
            "You can register again at any time. Was it not you? Tell the fund's office at once."
        ),
    ),
    "contact_confirmed": (
        marked("A contact was confirmed"),
        marked(
            "{new} was confirmed on {at} and now gets codes of your Lumbung account. "
            "Was it not you? Tell the fund's office at once."
        ),
    ),
    "recovery_asked": (
        marked("Somebody asked to open your account anew"),
        marked(
            "The fund's office was asked on {at} to open your Lumbung account anew, because phone and e-mail are "
            "lost. Was it not you? Tell the fund's office at once."
        ),
    ),
    "code_given": (
        marked("A code was given to open your account anew"),
        marked(
            "An officer gave a code on {at} to open your Lumbung account anew. "
            "Was it not you? Tell the fund's office at once."
        ),
    ),
    "code_withdrawn": (
        marked("The code to open your account anew was taken back"),
        marked(
            "The fund's office took back on {at} the code to open your Lumbung account anew. It no longer works."
        ),
    ),
    "numbers_parted": (
        marked("A member number was parted from your account"),
        marked(
            "The fund's office parted a member number from your Lumbung account on {at}. The reason stands in "
            "your account, under What happened with your account. Is it wrong? Tell the fund's office."
        ),
    ),
    "recovered": (
        marked("Your account was opened anew"),
        marked(
            "Your Lumbung account was opened anew on {at} with an officer's code and other contacts. "
            "Until {until} nothing can be changed in it. Was it not you? Tell the fund's office at once."
        ),
    ),
}
# After a change that decides who gets in: the change's own sentence is the subject, and `title` in the texts.
DONE = marked(
    "Lumbung: {title} {at}, {device}. Not you? Open Lumbung yourself, choose Forgot password, and tell the fund's "
    "office."
)
WORDS |= {change.word: (change.sentence, DONE) for change in CHANGES.values()}
WORDS |= {USERNAME.word: (USERNAME.sentence, DONE)}
WORDS["wrong_passwords"] = (
    marked("Wrong passwords were tried for your account"),
    marked(
        "Lumbung: five wrong passwords were tried for your account, {at}. Nobody got in. Log-in by passkey or "
        "code stays open. Not you? Just keep your password secret."
    ),
)
# What a mail says at more length than a text.
DONE_AT_LENGTH = marked(
    "{title}\n\nWhen: {at}\nWith: {device}\n\nWas it you? Then there is nothing to do.\n\nWas it not you? Then "
    "somebody else may be in your account. Type the address of Lumbung into your browser yourself, choose Forgot "
    "password, and set a new one: that ends every session. Then tell the fund's office."
)
AT_LENGTH = {
    **dict.fromkeys((USERNAME.word, *(change.word for change in CHANGES.values())), DONE_AT_LENGTH),
    "wrong_passwords": marked(
        "Five wrong passwords were tried for your account. Nobody got in.\n\nWhen: {at}\n\nFor five minutes "
        "nobody can log in there with a password; after a hundred wrong ones in a day, for up to a day. You can "
        "log in meanwhile with a passkey or a code.\n\nWas it you? The log-in page says how long to wait.\n\nWas "
        "it not you? Then somebody knows your user name, e-mail or phone, but not your password. Keep it secret; "
        "a passkey protects you even better. We tell you this once a day at most."
    ),
}
FOOT = marked(
    "We never ask for your password or a code by SMS, by phone or by e-mail. This mail has no link on purpose: "
    "open the fund's page by yourself."
)


def text(word: str, *, language: str, **facts: str | datetime) -> str:
    """The words of an SMS."""
    with override(language):
        return _filled(WORDS[word][1], word, facts)


def mail(word: str, *, language: str, **facts: str | datetime) -> tuple[str, str]:
    """Subject and body of a mail."""
    with override(language):
        body = _filled(AT_LENGTH.get(word, WORDS[word][1]), word, facts)
        return gettext(WORDS[word][0]).rstrip("."), f"{body}\n\n{gettext(FOOT)}\n"


def _filled(sentence: str, word: str, facts: Mapping[str, str | datetime]) -> str:
    said = {name: _said(name, fact) for name, fact in facts.items()}
    return gettext(sentence).format(title=gettext(WORDS[word][0]), **said)


def _said(name: str, fact: str | datetime) -> str:
    """A fact as a reader knows it: an instant by the fund's clock, a browser's own name as a device."""
    if isinstance(fact, datetime):
        return clock_short(fact)
    return devices.words(fact) if name == "device" else fact
