"""The rules on when contributions are paid and what lateness costs: `due_date`, `late_fine`."""

from lumbung.law import due_dates, fines, inputs
from lumbung.law.rules.rule import Answer, Given, Rule, chosen, count, day, listed, money, needed


def _due_date(given: Given) -> Answer:
    due = due_dates.due_date(
        needed(given, "segment"),
        inputs.month(needed(given, "month")),
        holidays=listed(given, "holidays", "days"),
        **chosen(given, "relief_covid"),
    )
    return {"due": due}


def _late_fine(given: Given) -> Answer:
    late = fines.late_fine(
        segment=needed(given, "segment"),
        month=inputs.month(needed(given, "month")),
        owed=needed(given, "owed"),
        paid_on=needed(given, "paid_on"),
        holidays=listed(given, "holidays", "days"),
        **chosen(given, "relief_covid"),
    )
    return {"due": late.due, "months_late": late.months_late, "fine": late.fine}


RULES = {
    "due_date": Rule(frozenset({"segment", "month", "relief_covid", "holidays"}), {"due": day}, _due_date),
    "late_fine": Rule(
        frozenset({"segment", "month", "owed", "paid_on", "relief_covid", "holidays"}),
        {"due": day, "months_late": count, "fine": money},
        _late_fine,
    ),
}
