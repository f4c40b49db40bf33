"""What can be done or seen with a person's record, as words that the person is told."""

from lumbung.errors import marked

# Each word of AccessEvent.what → the sentence that the person reads. Words stay for ever; sentences may improve.
WORDS = {
    "registered": marked("An account was made."),
    "confirmed": marked("An account was made and confirmed."),
    "registration_ended": marked(
        "Somebody began to make an account for you, and it was ended: there is no account."
    ),
    "logged_in": marked("Somebody logged in with your account."),
    "logged_in_new_device": marked("Somebody logged in with your account on a new device."),
    "log_in_failed": marked("Somebody tried to log in with your account and failed."),
    "logged_out": marked("You logged out."),
    "session_ended": marked("A session was ended."),
    "password_changed": marked("The password was changed."),
    "password_reset": marked("The password was forgotten and set anew."),
    "username_changed": marked("The user name was changed."),
    "username_sent": marked("The user name was sent to you."),
    "phone_changed": marked("The phone number was changed."),
    "phone_waits": marked("Somebody sent your data by SMS from a phone that is not on file."),
    "phone_refused": marked("You refused a phone that wanted to ask by SMS."),
    "email_changed": marked("The e-mail address was changed."),
    "factor_added": marked("A passkey or another second factor was added."),
    "factor_removed": marked("A passkey or another second factor was removed."),
    "numbers_joined": marked("Member numbers were joined."),
    "numbers_parted": marked("Member numbers were parted again."),
    "code_given": marked("An officer gave a code to open the account anew."),
    "code_withdrawn": marked("An officer took the code back."),
    "recovered": marked("The account was opened anew with an officer's code."),
    "read_only": marked("For some days the account only shows and changes nothing."),
    "locked": marked("You were locked: nothing of yours is changed or paid out."),
    "unlocked": marked("The lock was lifted."),
    "case_opened": marked("A request was sent to the fund's office."),
    "case_withdrawn": marked("A request was taken back."),
    "case_read": marked("An officer opened your request."),
    "case_decided": marked("An officer decided your request."),
    "address_changed": marked("The address for letters was changed."),
    "heirs_changed": marked("The list of heirs was changed."),
    "bank_changed": marked("The bank account for payments was changed."),
    "bank_removed": marked("The bank account for payments was taken off."),
    "language_changed": marked("The language of letters and texts was changed."),
    "notices_changed": marked("How you are told of news was changed."),
    "mail_stopped": marked("E-mails of one kind were stopped by the button in one of them."),
    "card_made": marked("A membership card was made."),
    "statement_made": marked("A statement of the balance was made."),
    "year_told": marked("A page about one of your years was made."),
    "paper_withdrawn": marked("A card or statement was withdrawn."),
    "data_taken": marked("Everything that is held about you was taken away as a file."),
    "consent_given": marked("You allowed something beyond what the law asks."),
    "consent_withdrawn": marked("You took back what you had allowed."),
    "account_closed": marked("The account was closed."),
    "record_read": marked("An officer opened your record."),
}
# Who did it, by the kind of user; of an officer the member learns the role, not the name.
ROLES = {
    "member": marked("Another account"),
    "employer": marked("Somebody of an employer"),
    "officer": marked("An officer of the fund"),
    "program": marked("A program that the fund lets in"),
}
UNKNOWN = marked("Not logged in, or with an account that is closed now")
# Who did it when nobody was logged in, by the place that is noted.
NOBODY = {
    "sms": marked("Whoever sent the text"),
    "mail": marked("Whoever has the e-mail, or a program for e-mails"),
}
# Where it was done, by the place that is noted.
DOORS = {
    "member": marked("On these pages"),
    "employer": marked("On the employers' pages"),
    "office": marked("In the fund's office"),
    "app": marked("In an app on a phone"),
    "api": marked("By a program"),
    "sms": marked("By SMS"),
    "mail": marked("By the button in an e-mail"),
    "cli": marked("At the fund's own computer"),
}
