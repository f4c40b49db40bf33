"""The demo's forms to download: PDF made here from data, clearly of the demo fund, to be filled in with a pen."""

import json
from importlib import resources
from typing import Any

Field = dict[str, Any]


def _line(label_id: str, label_en: str, kind: str = "line") -> Field:
    return {"label_id": label_id, "label_en": label_en, "kind": kind}


def _digits(label_id: str, label_en: str, count: int) -> Field:
    return {**_line(label_id, label_en, "digits"), "count": count}


def _choice(label_id: str, label_en: str, *choices: tuple[str, str]) -> Field:
    return {**_line(label_id, label_en, "choice"), "choices": choices}


def _part(title_id: str, title_en: str, *fields: Field) -> dict[str, Any]:
    return {"title_id": title_id, "title_en": title_en, "fields": fields}


NAME = _line("Nama lengkap seperti di KTP", "Full name as on the KTP")
NIK = _digits("Nomor KTP (NIK)", "KTP number", 16)
NUMBER = _digits("Nomor peserta (KPJ)", "Member number", 12)
BORN = _line("Tanggal lahir", "Birth date", "date")
PHONE = _digits("Nomor HP", "Phone number", 14)
ADDRESS = _line("Alamat", "Address", "area")
MAIL = _line("Alamat email, jika ada", "E-mail address, if any")

COMMON = {
    "demo_id": "dana contoh, bukan layanan resmi",
    "footer_id": (
        "Formulir dana contoh Lumbung. Semua orang dan jumlah di demo ini rekaan; "
        "jangan dikirim ke instansi mana pun."
    ),
    "footer_en": (
        "A form of Lumbung's demo fund. All people and amounts are invented; do not send it to any agency."
    ),
    "declaration_id": "Saya menyatakan bahwa isi formulir ini benar.",
    "declaration_en": "I declare that what this form says is true.",
    "signatures": [("Peserta", "Member"), ("Petugas", "Officer")],
}
CHANGE_OF_DATA = {
    **COMMON,
    "title_id": "Formulir Perubahan Data",
    "title_en": "Change of data",
    "intro_id": "Isi seluruh bagian 1. Di bagian 2, isi hanya yang berubah. Bawa ke kantor bersama KTP Anda.",
    "intro_en": "Fill in all of part 1. In part 2 only what changes. Bring it to the office with your KTP.",
    "parts": [
        _part("1. Data sekarang", "What the fund knows now", NAME, NUMBER, NIK, BORN),
        _part(
            "2. Data baru", "What is right", NAME, NIK, BORN, PHONE, MAIL, ADDRESS,
            _choice("Bukti yang dibawa", "Proof that you bring",
                    ("KTP", "KTP"), ("Kartu keluarga", "Family card"), ("Akta lahir", "Birth certificate")),
        ),
    ],
}  # fmt: skip
SELF_EMPLOYED = {
    **COMMON,
    "title_id": "Formulir Pendaftaran Peserta Bukan Penerima Upah (BPU)",
    "title_en": "Registration of a self-employed member",
    "intro_id": "Untuk Anda yang bekerja sendiri, seperti pedagang, petani, nelayan, dan pengemudi.",
    "intro_en": "For those who work for themselves, such as traders, farmers, fishers and drivers.",
    "parts": [
        _part("1. Tentang Anda", "About you", NAME, NIK, BORN, PHONE, MAIL, ADDRESS),
        _part(
            "2. Pekerjaan", "Your work",
            _line("Pekerjaan Anda", "What you do"),
            _digits("Penghasilan sebulan (rupiah)", "Monthly income (rupiah)", 10),
            _choice("Program", "Programmes",
                    ("JKK dan JKM", "accident and death"), ("JKK, JKM, dan JHT", "old age too")),
            _line("Mulai tanggal", "From", "date"),
        ),
        _part(
            "3. Ahli waris", "Who receives the money when you die",
            _line("Nama", "Name"), _line("Hubungan dengan Anda", "Relation to you"), PHONE,
        ),
    ],
}  # fmt: skip
POWER_OF_ATTORNEY = {
    **COMMON,
    "title_id": "Surat Kuasa",
    "title_en": "Power of attorney",
    "intro_id": (
        "Dengan surat ini orang lain dapat datang ke kantor untuk Anda. "
        "Kuasa ini tidak pernah meliputi kata sandi atau kode."
    ),
    "intro_en": (
        "With this letter somebody else may come to the office for you. It never covers passwords or codes."
    ),
    "parts": [
        _part("1. Pemberi kuasa", "Who gives it", NAME, NUMBER, NIK, ADDRESS, PHONE),
        _part("2. Penerima kuasa", "Who receives it", NAME, NIK, ADDRESS, PHONE),
        _part(
            "3. Untuk apa", "What for",
            _choice("Keperluan", "Purpose",
                    ("Minta rincian saldo", "Ask for a statement"), ("Serahkan formulir", "Hand in a form"),
                    ("Ambil kartu", "Fetch a card")),
            _line("Lainnya", "Other"),
            _line("Berlaku sampai", "Holds until", "date"),
        ),
    ],
    "declaration_id": "Surat kuasa ini berlaku dengan meterai dan salinan KTP keduanya.",
    "declaration_en": "This holds with a duty stamp and copies of both KTP.",
    "signatures": [("Pemberi kuasa", "Giver"), ("Penerima kuasa", "Receiver")],
}  # fmt: skip


def pdf(form: dict[str, Any]) -> bytes:
    """The form as PDF; the same data make the same bytes."""
    import typst

    source = resources.files("lumbung.cli").joinpath("demoform.typ").read_bytes()
    made: bytes = typst.compile(
        source, format="pdf", sys_inputs={"form": json.dumps(form)}, ignore_system_fonts=True, pdf_standards="ua-1"
    )
    return made
