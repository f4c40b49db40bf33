"""Numbers that identify: NIK, member number (KPJ), employer number (NPP) and phone, as text with its shape."""

import re
from datetime import date

import phonenumbers

MEMBER_NUMBER = re.compile(r"[0-9]{10,12}")
NIK = re.compile(r"[0-9]{16}")
EMPLOYER_NUMBER = re.compile(r"([0-9A-Z]{8})-([0-9]{3})")
FEMALE_DAY_OFFSET = 40
# A phone as networks write it, which needs no looking up. Each text that comes or goes brings one.
_WHOLE_PHONE = re.compile(r"\+628[1-9][0-9]{7,10}")
_HOME = "+62"


def nik_agrees(nik: str, born: date) -> bool:
    """Whether the birth date inside a NIK (DDMMYY, the day + 40 for women) is `born`.

    A difference is no fault: the NIK keeps its digits when a birth date is corrected later (facts.md 8), so a
    caller warns and never refuses.
    """
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    return (day % FEMALE_DAY_OFFSET, month, year) == (born.day, born.month, born.year % 100)


def phone_in_e164(text: str, *, region: str = "ID") -> str | None:
    """A phone number as +62812…, from any spelling in use (0812…, 62812…, +62 812-…); None when it is none."""
    if _WHOLE_PHONE.fullmatch(text):
        return text
    compact = re.sub(r"[\s().-]", "", text)
    if not re.fullmatch(r"\+?\d+", compact):
        return None  # phonenumbers would take the digits out of a name like budi0812345678
    if compact.startswith("62"):
        compact = "+" + compact
    try:
        number = phonenumbers.parse(compact, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_as_written(phone: str) -> str:
    """A phone in E.164 as people here write it, 0812 0000 0001; one of another country stays as it is."""
    if not phone.startswith(_HOME):
        return phone
    digits = f"0{phone.removeprefix(_HOME)}"
    return " ".join(filter(None, (digits[:4], digits[4:8], digits[8:])))
