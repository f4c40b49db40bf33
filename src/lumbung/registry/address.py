"""A postal address in Indonesia, as parts that a letter needs."""

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Where a letter reaches a person. `rt` and `rw` (neighbourhood numbers) may be empty, all else is filled."""

    street: str
    rt: str
    rw: str
    village: str
    district: str
    city: str
    province: str
    postcode: str

    def lines(self) -> tuple[str, ...]:
        """The address as it stands on an envelope, line by line, without the name."""
        block = " / ".join(f"{word} {number}" for word, number in (("RT", self.rt), ("RW", self.rw)) if number)
        street = f"{self.street}, {block}" if block else self.street
        return street, f"{self.village}, {self.district}", self.city, f"{self.province} {self.postcode}"

    def as_text(self) -> str:
        """How it is kept in Person.address."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of_text(cls, text: str) -> Self:
        """The address that `as_text` wrote."""
        return cls(**json.loads(text))
