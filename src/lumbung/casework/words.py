"""What cases, and what stands in them, are called."""

from lumbung.errors import marked

# What a case is about, by its kind.
KINDS = {
    "registration": marked("Confirm a registration"),
    "recovery": marked("Let a member in again"),
    "phone": marked("Put a phone number on file"),
    "correction": marked("Correct name, birth date or KTP number"),
    "dispute": marked("Another wage than was reported"),
}
# What an officer checks before a case of this kind is decided, and what accepting does.
CHECKS = {
    "registration": marked(
        "Check the identity card against the person, at the counter or by video. Accepting opens the account"
        " and puts the new contacts on file."
    ),
    "recovery": marked(
        "Check the identity card against the person, at the counter or by video. Accepting makes a code that"
        " you hand over."
    ),
    "phone": marked(
        "Check the identity card against the person, then the phone. Accepting puts the number on file."
    ),
    "correction": marked(
        "Compare with the identity card and the family card. Accepting changes the record. The law gives three"
        " days for it."
    ),
    "dispute": marked(
        "Compare the payslips with what was reported, and ask the employer. Accepting changes no books: it"
        " says that the employer must have it put right. Tell the member so, and by when."
    ),
}
# How far a case is.
STATES = {
    "open": marked("Waits for an officer"),
    "accepted": marked("Accepted"),
    "refused": marked("Refused"),
    "withdrawn": marked("Taken back"),
}
# Names of facts → what they are called on a page.
LABELS = {
    "phone": marked("Phone"),
    "email": marked("E-mail"),
    "username": marked("User name"),
    "what": marked("What is wrong"),
    "name": marked("Name"),
    "birth_date": marked("Birth date"),
    "nik": marked("KTP number"),
    "member_number": marked("Member number"),
    "why": marked("Why"),
    "way": marked("How the member wants to prove who he is"),
    "reach": marked("Where to reach the member"),
    "employer": marked("Employer"),
    "months": marked("Months"),
}
OTHER = marked("Something else")
# Facts for programs, which a page shows in another way.
NOT_TOLD = {"claim"}
# The facts that are one of a few words, and what those words say.
CHOICES = {"what", "way"}
WORDS = {
    "name": LABELS["name"],
    "birth_date": LABELS["birth_date"],
    "nik": LABELS["nik"],
    "counter": marked("At a counter of the fund"),
    "video": marked("By video call"),
}
