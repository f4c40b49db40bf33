"""A small fund whose months are planted one by one."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from lumbung.contributions import actions as contributions
from lumbung.contributions.calendar import due_date
from lumbung.contributions.corrections import actions as corrections
from lumbung.contributions.corrections.judging import Change
from lumbung.contributions.models import Return
from lumbung.law.month import Month
from lumbung.payments import actions as payments
from lumbung.registry import actions as registry
from lumbung.registry.models import Employer, MemberNumber

NUMBER = "10000000001"
BORN = date(1990, 5, 15)


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


@dataclass
class GapFund:
    """PT Contoh Satu, and Ani who has worked there since January 2024 under NUMBER."""

    employer: Employer = field(init=False)
    paid: int = 0

    def __post_init__(self) -> None:
        self.employer = self.hire_at("00000011-000", NUMBER, "Ani Contoh")

    def hire_at(self, full_number: str, number: str, name: str, *, starts: date = date(2024, 1, 1)) -> Employer:
        if not MemberNumber.objects.filter(pk=number).exists():
            registry.register_persons([registry.NewPerson(name, BORN, (number,))])
        employer = registry.register_employer(
            full_number=full_number, name=f"PT Contoh {full_number[:8]}", risk_class="II", size="medium"
        )
        registry.start_employments(employer, [registry.NewEmployment(number, starts)])
        return employer

    def report(
        self,
        month: Month,
        wage: int = 5_000_000,
        *,
        day: date | None = None,
        employer: Employer | None = None,
        number: str = NUMBER,
    ) -> Return:
        name = MemberNumber.objects.get(pk=number).person.name
        file = f"kpj,nama,upah\n{number},{name},{wage}\n".encode()
        at = day or due_date(month)
        taken = contributions.take_in_return(
            employer or self.employer, month, file, file_name="upah.csv", today=at, now=morning(at)
        )
        return taken.returned

    def pay(self, returned: Return, *, day: date | None = None, amount: int | None = None) -> None:
        self.paid += 1
        code, on = returned.payment_code, day or due_date(Month.of(returned.month))
        row = f"{code.code},{amount or code.amount},{on},GAP-{self.paid}"
        text = f"payment_code,amount,received_on,bank_reference\n{row}\n"
        payments.take_in_bank_file(text.encode(), today=on, now=morning(on))
        contributions.settle(code.code, now=morning(on) + timedelta(minutes=1))

    def month(self, month: Month, wage: int = 5_000_000, **more: object) -> Return:
        """Reported and paid on the due date."""
        returned = self.report(month, wage, **more)
        self.pay(returned)
        return returned

    def correct(self, wrong: Return, *, day: date, **right: object) -> Return:
        wrong.refresh_from_db()
        change = Change(**{name: right.get(name) for name in ("wage", "back_pay", "month", "member_number")})
        return corrections.correct(
            wrong, change, member_number=NUMBER, reason="Salah ketik", today=day, now=morning(day)
        ).correction
