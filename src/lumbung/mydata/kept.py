"""What stays when a member closes the account, for how long and by which law; and what goes at once."""

from dataclasses import dataclass

from lumbung.errors import marked


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that stays: for how long, and by which law (docs/security/retention.md says the same)."""

    what: str
    how_long: str
    law: str


KEPT = (
    Kept(
        marked("Name, KTP number, birth date, member numbers, employments"),
        marked("As long as you or your heirs can claim anything"),
        "UU 40/2004, UU 24/2011, PP 46/2015, PP 45/2015, PP 44/2015",
    ),
    Kept(
        marked("Contributions, balances and every booking"),
        marked("As long as you or your heirs can claim anything, and ten years at least"),
        "UU 24/2011, UU 8/1997",
    ),
    Kept(
        marked("Phone, e-mail address and address on file"),
        marked("As long as the fund must be able to reach you"),
        "UU 24/2011",
    ),
    Kept(
        marked("Heirs"),
        marked("Until you take them off: before you close the account, or once you have registered anew"),
        "PP 46/2015, PP 44/2015",
    ),
    Kept(
        marked("Bank accounts, earlier ones too"),
        marked("As long as your record, as proof of where money was to go"),
        "PP 46/2015",
    ),
    Kept(
        marked("Requests, and who opened your record"),
        marked("As long as your record; pages that you sent along 90 days after the answer"),
        "UU 27/2022, UU 24/2011",
    ),
    Kept(
        marked("What you allowed, and that it is taken back"),
        marked("As long as your record, as proof"),
        "UU 27/2022",
    ),
)
GOES = (
    marked("User name, password, passkeys and second steps"),
    marked("Phone and e-mail address with which you log in and get codes"),
    marked("Every place where you are logged in, and devices that we knew"),
    marked("Your inbox, and notices to your phone"),
    marked("Wages of payslips that you typed and kept here"),
    marked("What you allowed is taken back, and so are requests that wait for an answer"),
)
