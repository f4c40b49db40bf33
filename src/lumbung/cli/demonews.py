"""What the demo's fund publishes: invented announcements, and forms to download."""

from datetime import UTC, date, datetime, time, timedelta

from lumbung.cli import demoforms, demonotices

# Name, days before the demo was built, pinned, then title and text in Indonesian and in English.
ANNOUNCEMENTS = (
    (
        "never-tell-a-code", 3, True,
        "Jangan beri tahu kode kepada siapa pun",
        "Ada pesan palsu yang memakai nama dana. **Kami tidak pernah meminta kata sandi atau kode** lewat SMS, "
        "telepon, atau email.\n\nJika Anda menerima pesan seperti itu:\n\n"
        "- jangan jawab dan jangan buka tautannya;\n- [baca apa yang perlu Anda lakukan](/help/suspected-fraud/).",
        "Tell no one a code",
        "False messages are going around in the fund's name. **We never ask for a password or a code** by SMS, by "
        "phone or by e-mail.\n\nIf you get such a message:\n\n- do not answer, and do not open its link;\n"
        "- [read what to do](/help/suspected-fraud/).",
    ),
    (
        "office-hours", 12, False,
        "Jam buka kantor",
        "Kantor buka Senin sampai Jumat pukul 08.00 sampai 15.00.\n\nYang perlu dibawa:\n\n1. KTP;\n"
        "2. kartu peserta, semuanya jika lebih dari satu;\n3. [formulir](/forms/) yang sudah diisi.",
        "When the office is open",
        "The office is open from Monday to Friday, 8 a.m. to 3 p.m.\n\nWhat to bring:\n\n1. your KTP;\n"
        "2. your member card, all of them if you have several;\n3. the [form](/forms/), filled in.",
    ),
    (
        "balance-by-sms", 30, False,
        "Saldo lewat SMS, tanpa internet",
        "Kirim **SALDO**, spasi, lalu nomor peserta Anda ke **2757** dari nomor HP yang kami kenal. "
        "HP apa saja bisa.\n\nBelum terdaftar? Caranya ada di [halaman depan](/).",
        "Your balance by SMS, without internet",
        "Send **SALDO**, a blank and your member number to **2757** from the phone number that the fund knows. "
        "Any phone will do.\n\nNot registered yet? The [first page](/) says how.",
    ),
    (
        "check-your-data", 45, False,
        "Periksa apakah data Anda benar",
        "Satu huruf atau angka yang salah dapat menunda pembayaran kepada Anda kelak.\n\n"
        "Masuk, lalu periksa nama, tanggal lahir, dan nomor KTP Anda. Ada yang salah? "
        "[Begini memperbaikinya](/help/data-do-not-match/).",
        "Check whether your data are right",
        "One wrong letter or digit can hold up what is paid to you one day.\n\n"
        "Log in and check your name, birth date and KTP number. Is something wrong? "
        "[This is how to correct it](/help/data-do-not-match/).",
    ),
)  # fmt: skip
FORMS = (
    (
        "change-of-data", demoforms.CHANGE_OF_DATA,
        "Perubahan data", "Untuk memperbaiki nama, tanggal lahir, nomor KTP, nomor HP, email, atau alamat.",
        "Change of data", "To correct your name, birth date, KTP number, phone, e-mail or address.",
    ),
    (
        "self-employed", demoforms.SELF_EMPLOYED,
        "Pendaftaran peserta mandiri (BPU)", "Untuk Anda yang bekerja sendiri dan ingin terlindungi.",
        "Registration of a self-employed member", "For those who work for themselves and want to be covered.",
    ),
    (
        "power-of-attorney", demoforms.POWER_OF_ATTORNEY,
        "Surat kuasa", "Agar orang lain dapat datang ke kantor untuk Anda.",
        "Power of attorney", "So that somebody else may come to the office for you.",
    ),
)  # fmt: skip


def publish(*, now: datetime, today: date) -> None:
    """Publish all of it, each announcement on its day; what is published already stays as it is. Django must be
    set up."""
    from lumbung.publications import actions

    for name, days_ago, pinned, title_id, body_id, title_en, body_en in reversed(ANNOUNCEMENTS):
        starts = today - timedelta(days=days_ago)
        morning = min(datetime.combine(starts, time(2, 0), UTC), now)
        new = actions.NewAnnouncement(name, title_id, title_en, body_id, body_en, starts, pinned=pinned)
        actions.publish(new, now=morning)
        demonotices.work_off(morning)
    for place, (name, form, title_id, purpose_id, title_en, purpose_en) in enumerate(FORMS, start=1):
        new_form = actions.NewForm(name, title_id, title_en, purpose_id, purpose_en, place)
        actions.put_form(new_form, demoforms.pdf(form), now=now)
