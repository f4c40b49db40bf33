"""The ratios by name: what each compares, and the goal it has."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """What a ratio is about. `value` is None for what is told and has no goal; `at_most` when less is better."""

    group: str
    compared: str
    value: float | None = None
    at_most: bool = False

    def is_met(self, ratio: float) -> bool | None:
        if self.value is None:
            return None
        return ratio <= self.value if self.at_most else ratio >= self.value

    def __str__(self) -> str:
        if self.value is None:
            return "–"
        return f"{'≤' if self.at_most else '≥'} {self.value:g}"


GOALS = {
    "month_of_bare_statement": Goal(
        "books",
        "a month of all members through ledger.actions.post / the bare update-and-insert statement: same tables,"
        " keys and idempotency key, no checks",
        0.60,
    ),
    "month_of_copy": Goal(
        "books", "the same month / COPY of the same lines, sorted, into the same partitions and index", 0.50
    ),
    "month_of_hordak_bulk": Goal("books", "the same month, lines/s / django-hordak's bulk_create of a month", 15),
    "storage_bytes": Goal(
        "books", "bytes of all ledger tables and indexes / contribution, after all these months", 300, at_most=True
    ),
    "check_of_500k_lines": Goal("books", "`lumbung ledger check`, lines/s / 500,000", 1.0),
    "check_of_plain_sums": Goal("books", "the same / plain SQL that sums all lines up by member and compares"),
    "development_of_swap": Goal(
        "books",
        "a year's development result of all members, working kept and proved, accounts/s / the same workings,"
        " lines and balances written fresh by plain SQL and swapped in",
        0.60,
    ),
    "development_of_swap_unweighed": Goal(
        "books", "the same / that with interest on the present balance only, without a look at the year's lines"
    ),
    "balance_of_prepared_select": Goal(
        "books", "balances/s through ledger.queries.balance / a prepared psycopg select of the same row", 0.70
    ),
    "employers_of_plain_sql": Goal(
        "employers",
        "paid returns of 100 members drained by the worker's path, contributions/s / plain set-based SQL: same"
        " keys, running balance, idempotency key, one durable transaction for each 100",
        0.80,
    ),
    "employers_of_hordak_bulk": Goal(
        "employers", "the same / django-hordak's bulk_create, one durable transaction for each 100", 15
    ),
    "employers_of_hordak_api": Goal("employers", "the same / django-hordak's Account.transfer_to, one at a time"),
    "statements_of_one_employer": Goal(
        "employers", "statements from file to balance for one employer: many rows / 100 rows", 1.0, at_most=True
    ),
    "file_to_balance_of_goal": Goal(
        "employers", "one employer's rows/s from file to balance (read, judge, pay, settle) / 10,000", 1.0
    ),
    "storage_with_returns_bytes": Goal(
        "employers", "bytes of the whole database (files, returns, receipts, books) / line", 300, at_most=True
    ),
    "balance_flatness": Goal(
        "history", "a balance after 1, 12, 120 and the most months: slowest / fastest", 1.10, at_most=True
    ),
    "past_balance_flatness": Goal("history", "a balance as booked by a past day: longest history / 12 months"),
    "history_long_of_12": Goal(
        "history", "the whole history of the longest / of 12 months, closed years packed", 3.0, at_most=True
    ),
    "history_long_of_12_open": Goal("history", "the same before any year is closed"),
    "sms_of_constant": Goal(
        "web",
        "texts/s taken in at /sms/inbound / a WSGI function that durably inserts one row and answers a constant",
        0.60,
    ),
    "sms_of_constant_in_django": Goal("web", "the same / the same as a Django view without middleware"),
    "api_of_raw_read": Goal(
        "web", "balances/s through /api/v1/balance with a token / a Django view without middleware that reads the"
        " same row, raw and prepared", 0.60,
    ),
    "api_of_bare_wsgi": Goal("web", "the same / a WSGI function without Django that does so"),
    "saldo_of_constant": Goal(
        "texts",
        "SALDO round trips/s from phones over SMPP through Kannel, answered from the outbox / the same Kannel with"
        " an endpoint that keeps nothing and answers a constant",
        0.50,
    ),
    "text_p99_to_durable_of_constant": Goal(
        "texts",
        "the 99th percentile from a phone's text until it is durable with us / until that endpoint has answered"
    ),
    "return_csv_of_goal": Goal("returns", "`lumbung return take-in`, CSV, start included: rows/s / 10,000", 1.0),
    "return_xlsx_of_goal": Goal("returns", "the same, XLSX", 1.0),
    "assessments_of_goal": Goal(
        "law", "assessments/s of a wage worker's month by law.contributions.assess / one in each 30 µs", 1.0
    ),
    "assessments_of_arithmetic": Goal(
        "law", "the same / its six rounded products alone, of whole numbers, without inputs, dates or tables"
    ),
    "explanations_of_assessments": Goal("law", "derivations/s of such a month / assessments/s"),
    "law_import_of_goal": Goal(
        "law", "`import lumbung.law` in a fresh process: processor time beyond an empty one / 100 ms", 1.0, True
    ),
    "law_import_of_parts": Goal(
        "law", "the same / importing only what it stands on: a YAML reader, fractions, decimal, hashlib, pathlib"
    ),
    "law_first_answer_of_import": Goal("law", "the same with a first assessment, parameters read / that import"),
    "cost_by_size": Goal(
        "scaling", "cost of one contribution in the largest / in the smallest of the sizes", 1.3, at_most=True
    ),
}  # fmt: skip

GROUPS = tuple(dict.fromkeys(goal.group for goal in GOALS.values()))


def chosen(only: list[str]) -> set[str]:
    """The names that `--only` stands for: names of ratios or of groups. Raises KeyError for another word."""
    names = set(only) & set(GOALS)
    names |= {name for name, goal in GOALS.items() if goal.group in only}
    unknown = set(only) - set(GOALS) - set(GROUPS)
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    return names or set(GOALS)
