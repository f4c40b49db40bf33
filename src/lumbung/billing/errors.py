"""What billing refuses."""

from lumbung.errors import Refusal, marked


class AlreadyBilled(Refusal):
    """A bill for the same month, project or contract is there already."""

    code = "already_billed"
    sentence = marked(
        "This was billed already, under the payment code {payment_code}. Pay that code, or withdraw it and bill"
        " anew."
    )


class AlreadyPaid(Refusal):
    """A bill whose money has come can't be withdrawn, nor billed again."""

    code = "already_paid"
    sentence = marked("The payment code {payment_code} is paid already, so it can't be withdrawn or billed again.")


class WrongMonthCount(Refusal):
    """A number of months that is not billed at once."""

    code = "wrong_month_count"
    sentence = marked("One payment code is for 1 to {most} months. Choose another number of months.")


class NothingOwed(Refusal):
    """A bill that would ask for nothing."""

    code = "nothing_owed"
    sentence = marked("Nothing is owed here, so there is nothing to pay.")


class NoOldAgeChosen(Refusal):
    """Old-age months billed for a migrant worker who chose no old-age sum."""

    code = "no_old_age_chosen"
    sentence = marked("This contract has no monthly sum for old age, so no months can be billed for it.")


class OutsideContract(Refusal):
    """A month that a migrant worker's contract does not touch."""

    code = "outside_contract"
    sentence = marked("The month {month} lies outside the contract, which lasts from {first} to {last}.")


class NoSuchBill(Refusal):
    """No bill has that number or payment code."""

    code = "no_such_bill"
    sentence = marked("No bill has the number or payment code {reference}. Check its digits.")


class NotPaidYet(Refusal):
    """A bill that is not settled can't be taken back."""

    code = "not_paid_yet"
    sentence = marked("This bill is not paid and booked, so nothing can be taken back. Withdraw its code instead.")
