"""Problems and solutions, and advice on safety: what the help pages say, each with its way out."""

from dataclasses import dataclass

from lumbung.errors import marked


@dataclass(frozen=True, slots=True)
class Way:
    """A way out: the name of an address, and what the button to it says."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One problem: how people call it, what is behind it, what to do first and then, and where."""

    slug: str
    title: str
    meaning: str
    steps: tuple[str, ...]
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Problems of one kind."""

    title: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Advice on one thing."""

    slug: str
    title: str
    points: tuple[str, ...]


LOG_IN = Way("account_login", marked("Log in"))
REGISTER = Way("portal:register", marked("Register"))
NEW_PASSWORD = Way("account_reset_password", marked("Set a new password"))
USER_NAME = Way("forgotten_username", marked("Send me my user name"))
GET_BACK = Way("recover", marked("Get back into my account"))
FORMS = Way("portal:forms", marked("Forms to download"))
SECURITY = Way("portal:security", marked("Keep your account safe"))

GETTING_IN = Group(
    marked("Logging in"),
    (
        Topic(
            "forgotten-user-name",
            marked("I forgot my user name"),
            marked(
                "It is the name that you chose when you registered. Only you know it, but we can send it to you."
            ),
            (
                marked(
                    "You may not need it: your e-mail address or your phone number also works when you log in."
                ),
                marked("Let us send it. It goes only to the e-mail address or the phone that the fund knows."),
                marked("Nothing came after ten minutes? Look into the folder for unwanted mail, then ask again."),
            ),
            (USER_NAME, LOG_IN),
        ),
        Topic(
            "forgotten-password",
            marked("I forgot my password"),
            marked(
                "Nobody can tell you the old one: we keep it in a form that no one can read. You set a new one."
            ),
            (
                marked("Ask for a new password. A code or a link goes to the e-mail address or phone we know."),
                marked(
                    "Choose at least 15 characters. Four or five words that have nothing to do with you "
                    "are strong and easy to remember."
                ),
                marked("Use it only here, and tell it to nobody."),
            ),
            (NEW_PASSWORD,),
        ),
        Topic(
            "code-does-not-arrive",
            marked("The code does not arrive"),
            marked("Most codes come within a minute. When the network is busy, it can take longer."),
            (
                marked("Is your phone on, does it have signal, and is there room for new texts?"),
                marked("For a code by e-mail, look into the folder for unwanted mail too."),
                marked("Wait two minutes, then ask for a new code. Only the newest counts, for ten minutes."),
                marked("Choose the other way: e-mail instead of SMS, or SMS instead of e-mail."),
                marked("Still nothing? The fund may know an old number or address. Get back in another way."),
            ),
            (GET_BACK,),
        ),
    ),
)

PHONE_AND_MAIL = Group(
    marked("Phone and e-mail"),
    (
        Topic(
            "phone-number-lost",
            marked("I no longer have my old phone number"),
            marked("Codes and answers go to the number that the fund knows. Give it the new one soon."),
            (
                marked("Log in and put in the new number. The code goes to the new one, a notice to the old one."),
                marked("You can't log in either? Get back in by e-mail."),
                marked("E-mail gone too? An officer looks at your KTP and gives you a code."),
                marked(
                    "Was the phone stolen? Have your operator block the SIM card, and ask for the same number."
                ),
            ),
            (LOG_IN, GET_BACK),
        ),
        Topic(
            "email-lost",
            marked("I no longer have my e-mail address"),
            marked("You can still get codes by SMS, as long as the fund knows your phone number."),
            (
                marked("Log in and put in the new address. A notice goes to the old one."),
                marked("Password forgotten too? Get a code by SMS instead."),
                marked("Phone gone too? An officer looks at your KTP and gives you a code."),
            ),
            (LOG_IN, GET_BACK),
        ),
        Topic(
            "no-phone-number-known",
            marked("The fund does not know my phone number"),
            marked("Then SMS gives you no answer, because we tell a balance only to a number that we know."),
            (
                marked("Register here, or log in, and put in your number. It counts once you enter the code."),
                marked("Or bring your KTP to the fund's office: an officer puts the number in."),
                marked("From then on you can ask for your balance by SMS."),
            ),
            (REGISTER, LOG_IN),
        ),
        Topic(
            "shared-phone",
            marked("Others use my phone or computer too"),
            marked("You can use your account safely there, if you leave nothing behind."),
            (
                marked("Do not let the browser remember your password."),
                marked("Log out when you are done. That also clears what the browser kept of these pages."),
                marked("Delete texts with codes and balances once you have read them."),
                marked("Give the phone a PIN, and hide the content of texts while the screen is locked."),
            ),
            (SECURITY,),
        ),
    ),
)

DATA_AND_NUMBERS = Group(
    marked("My data and my number"),
    (
        Topic(
            "number-not-found",
            marked("My member number is not found"),
            marked("There is a number only after your employer has reported you, or after you enrolled yourself."),
            (
                marked("It has 10 to 12 digits and stands on your card, often on your payslip too."),
                marked("Type it again, digits only, without dots and blanks."),
                marked("New at work? Ask there whether you have been reported, and which number you got."),
                marked("Your employer must report you. If that does not happen, tell the fund's office."),
            ),
            (REGISTER,),
        ),
        Topic(
            "data-do-not-match",
            marked("My data do not match"),
            marked(
                "We compare what you type with your employer's report and with the civil registry. A single digit "
                "can be the difference."
            ),
            (
                marked("Type the numbers as they stand on your KTP and your card; the birth date as on your KTP."),
                marked("Titles, capital letters and short forms such as “Moh.” in a name do no harm."),
                marked("Wrong in your employer's report? Ask the people there who report wages to correct it."),
                marked("Wrong on your KTP? The civil registry (Dukcapil) corrects that first."),
                marked(
                    "Then fill in the form for a change of data and bring it to the fund's office with your KTP."
                ),
            ),
            (REGISTER, FORMS),
        ),
        Topic(
            "several-numbers",
            marked("I have several member numbers"),
            marked("Each employer may have registered you anew. No money is lost: each number keeps its balance."),
            (
                marked(
                    "Register with any of them. The others with your KTP number are shown, and you join yours."
                ),
                marked("Joining moves no money and can be undone."),
                marked("Is one missing? Bring your KTP and all your cards to the fund's office."),
                marked("By SMS you can ask for each number by itself."),
            ),
            (REGISTER,),
        ),
    ),
)

SOMETHING_WRONG = Group(
    marked("Something is wrong"),
    (
        Topic(
            "service-down",
            marked("The site is slow or does not open"),
            marked("Your money is safe: what is in the books stays there, whatever the site does."),
            (
                marked(
                    "Ask for your balance by SMS. That works without internet, and often while the site rests."
                ),
                marked("Wait a few minutes and open the page again. Do not send a form twice."),
                marked("If we work on the site, a page says so, and until when."),
            ),
        ),
        Topic(
            "suspected-fraud",
            marked("I think somebody is trying to cheat me"),
            marked("A message, a call or a page wants your password, a code or money? It is not from us."),
            (
                marked("Do not answer, do not tap any link, and send nothing more."),
                marked("Did you tell your password? Set a new one now. That also logs out everybody else."),
                marked(
                    "Did you tell a code, or do you see a change that is not yours? Tell the fund's office today."
                ),
                marked("Did you lose money? Call your bank and go to the police too."),
                marked("Keep the message: its number or address helps us to warn others."),
            ),
            (NEW_PASSWORD, SECURITY),
        ),
    ),
)

GROUPS = (GETTING_IN, PHONE_AND_MAIL, DATA_AND_NUMBERS, SOMETHING_WRONG)
TOPICS = {topic.slug: topic for group in GROUPS for topic in group.topics}

SAFETY = (
    Chapter(
        "never",
        marked("What we never ask"),
        (
            marked("Your password, or a part of it."),
            marked("A code from an SMS or an e-mail. Only you enter it, only on this site."),
            marked("The PIN or the number of your bank card."),
            marked("Money to release, speed up or check a payment to you."),
            marked("A photo of your KTP or your card by chat."),
        ),
    ),
    Chapter(
        "false-messages",
        marked("False messages and pages"),
        (
            marked("Our texts never contain a link. An e-mail with a link comes only when you just asked for it."),
            marked("Do not hurry. “Today only” and “your account is blocked” are how swindlers talk."),
            marked(
                "Type the address of this site yourself, or keep it as a bookmark. Check it before you log in."
            ),
            marked("Do not trust the name or number that a call or text shows: both can be faked."),
            marked("A passkey works only on the real site. With it, a false page gets nothing."),
        ),
    ),
    Chapter(
        "password",
        marked("A good password"),
        (
            marked("At least 15 characters: four or five words that have nothing to do with each other."),
            marked("Not your name, your birth date, or your numbers."),
            marked("A different one for each site. A password manager, or paper kept at home, remembers it."),
            marked("You need to change it only when somebody else may know it."),
        ),
    ),
    Chapter(
        "public-wifi",
        marked("Public Wi-Fi"),
        (
            marked("Look for https and the right address. Does the browser warn you? Then go no further."),
            marked("Rather use your own mobile data, or ask for your balance by SMS."),
            marked("A Wi-Fi page that wants your password for this site is false."),
        ),
    ),
    Chapter(
        "shared-devices",
        marked("Shared phones and computers"),
        (
            marked("Do not let the browser remember your password."),
            marked("Log out when you are done. That also clears what the browser kept of these pages."),
            marked("Delete texts with codes and balances once you have read them."),
            marked("Sell or give away a phone only after you have erased it."),
        ),
    ),
    Chapter(
        "phone-number",
        marked("Your phone number is a key"),
        (
            marked("Tell the fund as soon as you have a new number. The old one will belong to somebody else."),
            marked("Whoever takes over your number reads your codes. A passkey or an app for codes is safer."),
            marked(
                "No signal for hours, while others have it? Somebody may have taken your number. "
                "Ask your operator."
            ),
            marked("Did we send you notice of a change that you did not make? Tell the fund's office at once."),
        ),
    ),
)
