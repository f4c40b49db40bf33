"""A small invented fund: one employer with three workers, to feed files to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from lumbung.law.month import Month

TODAY = date(2025, 11, 22)
NOW = datetime(2025, 11, 22, 4, 0, tzinfo=UTC)
MONTH = Month(2025, 11)
HEADER = "payment_code,amount,received_on,bank_reference"


@dataclass
class Fund:
    """The employer and what a test does with it."""

    number: str = "00000007-000"

    def employer(self):
        from lumbung.registry import queries

        return queries.employer(self.number)

    def report(self, rows: str, *, month: Month = MONTH, today: date = TODAY, now: datetime = NOW):
        from lumbung.contributions import actions

        content = ("KPJ;NIK;Nama;Tgl Lahir;Upah;Rapel\r\n" + rows).encode()
        return actions.take_in_return(self.employer(), month, content, file_name="upah.csv", today=today, now=now)

    def pay(self, *lines: str, today: date = TODAY, now: datetime = NOW):
        from lumbung.contributions import actions as contributions
        from lumbung.payments import actions

        taken = actions.take_in_bank_file("\n".join([HEADER, *lines, ""]).encode(), today=today, now=now)
        for receipt in taken.matched:
            contributions.settle(receipt.code_as_written, now=now)
        return taken

    def pay_return(self, returned, *, reference: str = "REF-1", day: date = TODAY):
        code = returned.payment_code
        return self.pay(f"{code.code},{code.amount},{day},{reference}")

    def correct(self, returned, *, member: str | None = None, reason: str = "Salah", day: date = TODAY, **right):
        from lumbung.contributions.corrections import actions
        from lumbung.contributions.corrections.judging import Change

        now = datetime(day.year, day.month, day.day, 4, 30, tzinfo=UTC)
        change = Change(**{name: right.get(name) for name in ("wage", "back_pay", "month", "member_number")})
        return actions.correct(returned, change, member_number=member, reason=reason, today=day, now=now)

    def balance(self, number: str, day: date = TODAY):
        from lumbung.ledger import queries

        return queries.balance(number, day)


ANI, BUDI, CICI = "10000000001", "20000000002", "00000000003"
ROWS = {
    ANI: f"{ANI};9901015505900001;Ani Contoh;15-05-1990;5.000.000,00;0\r\n",
    BUDI: f"{BUDI};9901011006850002;BUDI CONTOH, S.E.;10-06-1985;20000000;0\r\n",
    CICI: f"{CICI};;Cici Contoh;;3000000;0\r\n",
}


def register(number: str, size: str = "large") -> None:
    from lumbung.registry import actions

    employer = actions.register_employer(full_number=number, name="PT Contoh Uji", risk_class="II", size=size)
    persons = [
        actions.NewPerson("Ani Contoh", date(1990, 5, 15), (ANI,), nik="9901015505900001", phone="081200000011"),
        actions.NewPerson("Budi Contoh", date(1985, 6, 10), (BUDI, "20000000099"), nik="9901011006850002"),
        actions.NewPerson("Cici Contoh", date(1999, 12, 31), (CICI,)),
    ]
    actions.register_persons(persons)
    employments = [actions.NewEmployment(number, date(2020, 1, 1)) for number in (ANI, BUDI, CICI)]
    actions.start_employments(employer, employments)


def wrong_and_right(number: str) -> list[tuple[str, int, str, str]]:
    """A member's history in short: month, wage, which row it is, and the reason."""
    from lumbung.contributions import queries

    rows = []
    for paid in queries.history([number]):
        kind = "wrong" if paid.taken_back_by else "right" if paid.corrects else "plain"
        rows.append((str(paid.month), paid.wage, kind, paid.reason))
    return rows


def check() -> None:
    """The books prove themselves whole."""
    from lumbung.ledger import queries

    report = queries.check()
    assert report.faults == ()
