"""What is held about a member: which tables, which of their columns, and what is left out and why.

A test walks all tables: one that has to do with a person and stands in neither list fails it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lumbung.errors import marked

# Whose rows of a table are meant: the column that names the person, the user or the member number, or an index of
# phones or of e-mail addresses.
PERSON, USER, NUMBER, CASE, PHONE, EMAIL = "person", "user", "number", "case", "phone", "email"


@dataclass(frozen=True, slots=True)
class Held:
    """A table as it is handed out. `name` is its key in the file, `title` what it is called.

    `of` says whose rows are meant, `by` in which column. `columns` are handed out, under the last part of their
    path; `hidden` are not: keys, indexes by which rows are found, secrets that would open something.
    """

    name: str
    title: str
    model: str
    of: str
    by: str
    columns: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    order: str = "pk"


# How something goes out, which says nothing of whom it goes to.
OUTBOX = (
    "reference", "cause", "lane", "gateway", "attempts", "falls_back", "not_before", "expires_at", "claimed_at",
)  # fmt: skip
HELD = (
    Held(
        "person", marked("Who I am"), "registry.Person", PERSON, "pk",
        ("name", "nik", "birth_date", "phone", "email", "address", "language"),
        ("id", "nik_index", "likeness_index", "phone_index", "email_index"),
    ),
    Held(
        "member_numbers", marked("My member numbers"), "registry.MemberNumber", NUMBER, "pk", ("number",),
        ("person",),
    ),
    Held(
        "heirs", marked("Heirs"), "profiles.Heir", PERSON, "person",
        ("rank", "relation", "name", "birth_date"), ("id", "person"), order="rank",
    ),
    Held(
        "bank_accounts", marked("Bank accounts"), "profiles.BankAccount", PERSON, "person",
        ("bank", "number", "holder", "since", "until"), ("id", "person"),
    ),
    Held(
        "consents", marked("What I allow"), "profiles.Consent", PERSON, "person",
        ("purpose", "version", "language", "digest", "given_at", "given_place", "withdrawn_at", "withdrawn_place"),
        ("id", "person", "given_by", "withdrawn_by"), order="given_at",
    ),
    Held(
        "employments", marked("Where I worked"), "registry.Employment", NUMBER, "member_number",
        ("member_number", "employer__name", "started", "ended", "job_loss_insured"), ("id", "employer"),
        order="started",
    ),
    Held(
        "self_employments", marked("Insured by myself"), "registry.SelfEmployment", NUMBER, "member_number",
        ("member_number", "income", "old_age", "sector", "paid_by_state", "relief_covid", "starts", "ends"),
        ("id",),
        order="starts",
    ),
    Held(
        "contracts_abroad", marked("Contracts abroad"), "registry.MigrantContract", NUMBER, "member_number",
        ("member_number", "departs_on", "contract_months", "extension_months", "agency", "old_age", "ends"),
        ("id",),
        order="departs_on",
    ),
    Held(
        "contributions", marked("Contributions reported by employers"), "contributions.ReturnLine", NUMBER,
        "member_number",
        (
            "member_number", "returned__month", "returned__employer__name", "wage", "back_pay", "jht_employer",
            "jht_member", "jp_wage", "jp_employer", "jp_member", "jkk", "jkm", "job_loss", "returned__state",
            "returned__paid_on", "taken_back__by",
        ),
        ("id", "returned", "line"), order="returned__month",
    ),
    Held(
        "payslips", marked("Payslips that I typed"), "contributions.Payslip", NUMBER, "member_number",
        ("member_number", "employer__name", "month", "wage", "kept_at"), ("id", "employer"), order="month",
    ),
    Held(
        "bills", marked("Contributions that I pay myself"), "billing.Bill", NUMBER, "member_number",
        (
            "member_number", "kind", "month", "jkk", "jkm", "jht", "migrant", "law_version", "issued_at", "state",
            "paid_on", "payment_code",
        ),
        ("id", "enrolment", "contract", "project", "employer", "fine", "owed", "late_paid_on", "late_code",
         "entry_id"),
    ),
    Held(
        "balances", marked("Balances"), "ledger.MemberAccount", NUMBER, "member_number",
        (
            "member_number", "contribution_total", "development_total", "withdrawal_total", "pension_total",
            "pension_months_total", "last_book_day",
        ),
        ("last_position",),
    ),
    Held(
        "bookings", marked("Every booking"), "ledger.MemberLine", NUMBER, "member_number",
        (
            "member_number", "day", "book_day", "contribution_month", "contribution", "development", "withdrawal",
            "pension", "pension_months", "contribution_total", "development_total", "withdrawal_total",
            "pension_total", "pension_months_total", "entry",
        ),
        ("position",),
    ),
    Held(
        "development", marked("How my savings were credited"), "development.DevelopmentWorking", NUMBER,
        "member_number",
        ("member_number", "year", "opening", "moved", "weighted", "entitled", "credited", "skipped"),
        ("run", "position"), order="year",
    ),
    Held(
        "account", marked("My account"), "accounts.User", USER, "pk",
        ("username", "email", "kind", "language", "registered_at", "last_login", "is_active", "is_confirmed",
         "unread"),
        ("id", "password", "person", "employer"),
    ),
    Held(
        "log_in_phone", marked("Phone for codes"), "accounts.Phone", USER, "user", ("number", "verified_at"),
        ("id", "user", "kind", "number_index"),
    ),
    Held(
        "log_in_email", marked("E-mail address for codes"), "account.EmailAddress", USER, "user",
        ("email", "verified"), ("id", "user", "primary"),
    ),
    Held(
        "log_in_factors", marked("Passkeys and second steps"), "mfa.Authenticator", USER, "user",
        ("type", "created_at", "last_used_at"), ("id", "user", "data"),
    ),
    Held(
        "sessions", marked("Where I am logged in"), "usersessions.UserSession", USER, "user",
        ("created_at", "last_seen_at", "ip", "user_agent"), ("id", "user", "session_key", "data"),
    ),
    Held(
        "devices", marked("Devices that I used"), "accounts.KnownDevice", USER, "user",
        ("first_seen_at", "last_seen_at"), ("id", "user", "sign"),
    ),
    Held(
        "contact_changes", marked("Changes of contacts and bank account"), "accounts.ContactChange", USER, "user",
        ("kind", "old", "new", "changed_at", "cools_until"), ("id", "user"),
    ),
    Held(
        "waiting_phones", marked("Phones that wanted to ask by SMS"), "accounts.WaitingPhone", PERSON, "person",
        ("number", "asked_at", "refused_at"), ("id", "person", "number_index"), order="asked_at",
    ),
    Held(
        "read_only_times", marked("Times in which my account only showed"), "accounts.ReadOnly", USER, "user",
        ("cause", "since", "until", "lifted_at"), ("id", "user"),
    ),
    Held(
        "locks", marked("Times in which I was locked"), "accounts.Lock", PERSON, "person",
        ("place", "since", "lifted_at"), ("id", "person"), order="since",
    ),
    Held(
        "office_codes", marked("Codes given by an officer"), "accounts.RecoveryCode", PERSON, "person",
        ("given_at", "expires_at", "used_at", "withdrawn_at"), ("id", "person", "code_hash", "given_by"),
    ),
    Held(
        "joined_numbers", marked("Joined numbers"), "accounts.NumberJoin", PERSON, "target",
        ("number", "joined_at", "parted_at"), ("id", "source", "target", "joined_by", "parted_by"),
    ),
    Held(
        "access_log", marked("Who opened my record"), "accounts.AccessEvent", PERSON, "person",
        ("at", "what", "actor__kind", "place", "reason"), ("id", "person", "user", "actor"), order="at",
    ),
    Held(
        "inbox", marked("Inbox"), "accounts.Message", USER, "user",
        ("made_at", "word", "version", "facts", "read_at"), ("id", "user", "cause"),
    ),
    Held(
        "notice_choices", marked("How I want to be told"), "accounts.NoticeChoice", USER, "user",
        ("kind", "push", "sms", "mail", "mail_stopped"), ("id", "user"),
    ),
    Held(
        "notice_times", marked("When I do not want to be disturbed"), "accounts.NoticeTimes", USER, "user",
        ("is_quiet", "quiet_from", "quiet_until", "stands_in"), ("id", "user"),
    ),
    Held(
        "devices_with_messages", marked("Your devices with messages"), "accounts.PushSubscription", USER, "user",
        ("made_at", "user_agent"), ("id", "user", "address", "session", "device"),
    ),
    Held(
        "requests", marked("My requests"), "casework.Case", PERSON, "person",
        ("id", "kind", "facts", "state", "opened_at", "due_at", "decided_at", "note"),
        ("person", "user", "subject", "decided_by"),
    ),
    Held(
        "request_pages", marked("Pages that I sent along"), "evidence.EvidencePage", CASE, "case",
        ("case", "position", "width", "height", "scanned", "added_at", "image"), ("id",),
    ),
    Held(
        "papers", marked("Papers that I had made"), "papers.Paper", PERSON, "person",
        ("kind", "reference", "text", "issued_at", "expires_at", "replaced_at", "withdrawn_at"),
        ("id", "person", "digest"),
    ),
    Held(
        "years_told", marked("What I was told once a year"), "papers.YearTold", PERSON, "person",
        ("year", "made_at", "facts"), ("id", "person"),
    ),
    Held(
        "sms_registrations", marked("Numbers that my phone may ask for"), "sms.SmsRegistration", NUMBER,
        "member_number", ("member_number", "registered_at"), ("id", "phone_index"),
    ),
    Held(
        "texts_to_me", marked("Texts sent to me"), "messaging.OutboundText", PHONE, "to_index",
        ("queued_at", "noted_at", "state", "reason", "receipt"),
        ("id", "to", "to_index", "body", "in_reply_to", *OUTBOX),
    ),
    Held(
        "texts_stopped", marked("Whether texts to me are stopped"), "messaging.PhoneHold", PHONE, "index",
        ("stopped_at", "unreachable_since"), ("id", "index", "refusals"),
    ),
    Held(
        "texts_from_me", marked("Texts sent by me"), "messaging.InboundText", PHONE, "sender_index",
        ("received_at", "sent_at", "state", "outcome"),
        ("id", "gateway", "gateway_id", "sender", "sender_index", "recipient", "body", "repeats", "closed_at"),
    ),
    Held(
        "mails_to_me", marked("E-mails sent to me"), "messaging.OutboundMail", EMAIL, "to_index",
        ("queued_at", "noted_at", "state", "reason"),
        ("id", "to", "to_index", "subject", "body", "language", "stops_at", *OUTBOX),
    ),
)  # fmt: skip

# Tables that have to do with people and are not handed out, and why.
LEFT_OUT: Mapping[str, str] = {
    "allauth_idp_oidc.Client": "Programs have these; a member has none.",
    "allauth_idp_oidc.Token": "Tokens of programs, kept as hashes; a member has none.",
    "publications.HelpText": "What officers write for everybody; it is about no member.",
    "publications.Draft": "What officers write for everybody; it is about no member.",
    "publications.Edit": "Which officer published what; it is about no member.",
    "broadcasts.Broadcast": "What went to everybody by SMS; each text stands among those sent to me.",
    "broadcasts.BroadcastDeed": "Which officer sent or stopped an announcement; it is about no member.",
    "messaging.RefusedPhone": "Phones that a gateway refused, until it is known whose fault that was.",
    "casework.Reading": "For how long an officer may go on reading; each opening stands in the access log.",
}
# What is not handed out of the tables above, said to the member.
NOT_TOLD = (
    marked(
        "The words of texts and e-mails to and from you: they may hold codes, and are forgotten after 30 days."
    ),
    marked("Keys, indexes and hashes by which rows are found or codes are checked: they say nothing about you."),
    marked("Which officer it was: the access log says the role, the time, and the reason that was given."),
)


_NAMED = {
    "returned__employer__name": "employer",
    "employer__name": "employer",
    "taken_back__by": "taken_back_by",
    "actor__kind": "who",
}


def key_of(path: str) -> str:
    """What a column is called in the file: the last part of its path, or a name of its own."""
    return _NAMED.get(path, path.rpartition("__")[2])
