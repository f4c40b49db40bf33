"""A typed client for Lumbung's interface: the law for everybody, a member's own record, a program's token."""

from lumbung_client.answers import (
    Account,
    Balance,
    Card,
    Clause,
    Figure,
    Month,
    Months,
    MonthState,
    Notice,
    NumberBalance,
    Parameter,
    Result,
    Step,
    Value,
)
from lumbung_client.law import Law
from lumbung_client.member import Member
from lumbung_client.problems import LogInNeeded, Problem, SecondStepNeeded

__all__ = [
    "Account",
    "Balance",
    "Card",
    "Clause",
    "Figure",
    "Law",
    "LogInNeeded",
    "Member",
    "Month",
    "MonthState",
    "Months",
    "Notice",
    "NumberBalance",
    "Parameter",
    "Problem",
    "Result",
    "SecondStepNeeded",
    "Step",
    "Value",
]
