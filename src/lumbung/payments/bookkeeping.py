"""What a bank receipt means in the books: the money is there, and nobody's yet."""

from datetime import date

from lumbung.ledger.drafts import Draft


def receipts(*, file_id: int, day: date, total: int) -> Draft:
    """The draft for all receipts of one bank file and one day, in rupiah: bank against suspense.

    Suspense holds every rupiah until a return is settled with it, so a payment that matches nothing is on the
    books and in nobody's account.
    """
    return Draft(
        key=f"bank:{file_id}:{day.isoformat()}",
        kind="receipt",
        day=day,
        control=(("bank", total), ("suspense", -total)),
    )
