"""What the registry refuses."""

from lumbung.errors import Refusal, marked


class BadIdentity(Refusal):
    """A number or date that can't be what it is said to be."""

    code = "bad_identity"
    sentence = marked("The {what} does not have the right shape. It should be {shape}.")


class AlreadyRegistered(Refusal):
    """The person, number or employer is there already."""

    code = "already_registered"
    sentence = marked("This {what} is registered already. Look it up instead of registering it again.")


class OverlappingEmployment(Refusal):
    """Two employments of one member number with one employer would overlap."""

    code = "overlapping_employment"
    sentence = marked(
        "This member number already has an employment with {employer} in that time. End that one first."
    )


class NoSuchEmployer(Refusal):
    """No employer has that number and division."""

    code = "no_such_employer"
    sentence = marked("No employer has the number {number}. Write number and division like 00000001-000.")


class NoSuchMember(Refusal):
    """No member has that number."""

    code = "no_such_member"
    sentence = marked("No member has this number. Check its digits: a member number has 10 to 12 of them.")


class BadFact(Refusal):
    """A fact to be registered that can't be as it was given."""

    code = "bad_fact"
    sentence = marked("The {what} can't be registered like this. It should be: {shape}.")


class OverlappingEnrolment(Refusal):
    """Two enrolments of one member number of one kind would overlap."""

    code = "overlapping_enrolment"
    sentence = marked("This member number is enrolled in that time already. End that enrolment first.")


class NotSelfEmployed(Refusal):
    """A member number that is not insured as self-employed in a month."""

    code = "not_self_employed"
    sentence = marked(
        "This member number is not enrolled as self-employed in {month}. Enrol it first, or choose other months."
    )


class NoSuchProject(Refusal):
    """No construction project has that number."""

    code = "no_such_project"
    sentence = marked("No construction project has the number {number}. Register the project first.")


class NoSuchContract(Refusal):
    """No migrant worker's contract has that number."""

    code = "no_such_contract"
    sentence = marked("No migrant worker's contract has the number {number}. Register the contract first.")
