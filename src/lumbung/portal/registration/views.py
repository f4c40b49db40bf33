"""From the four facts to an account that is confirmed."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from lumbung.accounts import limits
from lumbung.accounts.errors import UsernameTaken
from lumbung.accounts.models import User
from lumbung.accounts.numbers import queries as numbers
from lumbung.accounts.passwords import policy
from lumbung.accounts.registration import actions, codes, links, queries
from lumbung.accounts.registration.codes import Verdict
from lumbung.accounts.registration.errors import ContactTaken, RegistrationIsOver
from lumbung.accounts.registration.links import Standing
from lumbung.accounts.registration.ways import Way
from lumbung.casework.actions import open_case
from lumbung.casework.queries import latest
from lumbung.encryption import blind_index
from lumbung.errors import marked
from lumbung.portal.registration.forms import (
    WAY_WORDS,
    AccountForm,
    ChoiceForm,
    CodeForm,
    ContactsForm,
    WhoForm,
)
from lumbung.portal.registration.progress import Progress
from lumbung.portal.registration.sending import contact_of, index_of, send
from lumbung.registry.models import Person
from lumbung.wording import clock

Page = Callable[..., HttpResponse]
READ, ASK = ("GET", "HEAD"), ("GET", "HEAD", "POST")
PASSWORD_RULES = {"least": policy.LEAST, "longest": policy.MOST}
UNREACHABLE = "none"  # among the contacts on file: none of them can be read any more
NO_MATCH = marked("We can't find you with these details. Nothing is lost: see below what helps.")
NAME_DIFFERS = marked(
    "The name is another one in our records. Write it as on your identity card, or ask the fund's office."
)
TOO_SOON = marked("We sent a message there a short while ago. Look for it. You can ask again in %(wait)s.")
SAID = {
    Verdict.WRONG: marked("The code is wrong. Look at the newest message and type its six digits."),
    Verdict.OLDER: marked("This is the code of an older message. Type the code of the newest one."),
    Verdict.USED: marked("This code was used already. Type the code of the newest message."),
    Verdict.LATE: marked("This code is too old: it was good for 10 minutes. Ask for a new one."),
    Verdict.SPENT: marked("Three codes were wrong, so the code counts no more. Ask for a new one."),
    Verdict.NONE: marked("No code was sent yet. Ask for one."),
}


def open_page(*methods: str) -> Callable[[Page], Page]:
    """A page for anybody who is not logged in."""

    def decorated(view: Page) -> Page:
        @wraps(view)
        def opened(request: HttpRequest, *args: object, **more: object) -> HttpResponse:
            if request.user.is_authenticated:
                return redirect("portal:dashboard")
            return view(request, *args, **more)

        allowed: Page = require_http_methods(list(methods))(opened)
        return login_not_required(allowed)

    return decorated


def step(*methods: str) -> Callable[[Page], Page]:
    """A page for who has an account that is not confirmed yet: view(request, progress, user)."""

    def decorated(view: Page) -> Page:
        @wraps(view)
        def opened(request: HttpRequest) -> HttpResponse:
            progress = Progress(request)
            user = progress.any_user
            if user is None:
                return _begin_again(request, progress)
            if user.is_confirmed:
                return redirect("portal:register_done")
            try:
                return view(request, progress, user)
            except RegistrationIsOver:
                return _begin_again(request, progress)

        return open_page(*methods)(opened)

    return decorated


def _begin_again(request: HttpRequest, progress: Progress) -> HttpResponse:
    if progress.has_begun:
        messages.info(request, gettext(RegistrationIsOver.sentence))
    progress.forget()
    return redirect("portal:register")


def _filled(request: HttpRequest, form: type[Form], **more: object) -> Form:
    return form(request.POST if request.method == "POST" else None, **more)  # type: ignore[arg-type]


@open_page(*ASK)
def who(request: HttpRequest) -> HttpResponse:
    """The four facts. Whatever does not match gets one answer; only a wrong name is said to be it."""
    form = _filled(request, WhoForm)
    no_match = False
    if form.is_valid():
        facts = form.cleaned_data
        if not _may_try(request, facts["number"], facts["nik"]):
            return limits.page(request, "portal/register/too_many.html")
        match = queries.match(**facts)
        if match is None:
            no_match = True
            form.add_error(None, gettext(NO_MATCH))
        elif match.name_differs:
            form.add_error("name", gettext(NAME_DIFFERS))
        else:
            Progress(request).begin(match.person_id)
            return redirect("portal:register_contacts")
    return render(request, "portal/register/who.html", {"form": form, "no_match": no_match})


def _may_try(request: HttpRequest, number: str, nik: str) -> bool:
    """Whether the address, the number and the NIK have tries left; each is counted, whichever has none."""
    tries = {
        "register": None,
        "register_number": blind_index(number, context="tried number").hex(),
        "register_nik": blind_index(nik, context="nik").hex(),
    }
    left = [limits.allows(request, action, key=key) for action, key in tries.items()]
    return all(left)


@open_page(*ASK)
def contacts(request: HttpRequest) -> HttpResponse:
    """Phone and e-mail, for a new account or for one that is not confirmed yet."""
    progress = Progress(request)
    user = progress.user
    if user is None and progress.person is None:
        return _begin_again(request, progress)
    given = progress.contacts
    if user is not None:
        given = {"phone": queries.contact(user, Way.SMS), "email": user.email}
    form = _filled(request, ContactsForm, initial=given)
    if not form.is_valid():
        return render(request, "portal/register/contacts.html", {"form": form})
    if user is None:
        progress.keep_contacts(**form.cleaned_data)
        return redirect("portal:register_account")
    try:
        actions.change_contacts(user.pk, **form.cleaned_data)
    except RegistrationIsOver:
        return redirect("portal:register_go_on")
    return redirect("portal:register_choose")


@open_page(*ASK)
def account(request: HttpRequest) -> HttpResponse:
    """User name and password; with them the account is made, and waits to be confirmed."""
    progress = Progress(request)
    person, given = progress.person, progress.contacts
    if person is None or not given:
        return _begin_again(request, progress)
    form = _filled(request, AccountForm, person=person, contacts=given)
    if request.method == "POST" and not limits.allows(request, "register_account"):
        return limits.page(request, "portal/register/too_many.html")
    if form.is_valid():
        try:
            user = _begin(request, person, {**form.cleaned_data, **given})
        except UsernameTaken as refused:
            form.add_error("username", refused.say(gettext))
        except RegistrationIsOver:
            return _begin_again(request, progress)
        else:
            progress.begin(person.pk)
            progress.keep(user=user.pk)
            return _first_way(request, progress, user)
    return render(request, "portal/register/account.html", {"form": form, **PASSWORD_RULES})


def _begin(request: HttpRequest, person: Person, given: dict[str, Any]) -> User:
    now = _here(request)["now"]
    return actions.begin(person.pk, **given, language=get_language() or "id", now=now)


def _here(request: HttpRequest) -> dict[str, Any]:
    return {"place": request.door.name, "now": request.now}  # type: ignore[attr-defined]


def _first_way(request: HttpRequest, progress: Progress, user: User) -> HttpResponse:
    """Who gave a phone alone has no choice to make."""
    ways = queries.ways(user)
    if len(ways) == 1 and send(request, progress, user, ways[0]):
        return redirect("portal:register_code")
    return redirect("portal:register_choose")


@step(*ASK)
def choose(request: HttpRequest, progress: Progress, user: User) -> HttpResponse:
    """How to confirm. Asked again, it sends again."""
    if queries.has_confirmed(user):
        return redirect("portal:register_go_on")
    choices = [
        (way.value, str(WAY_WORDS[way]) % {"contact": queries.contact(user, way)}) for way in queries.ways(user)
    ]
    form = _filled(request, ChoiceForm, label=gettext("How do you want to confirm?"), choices=choices)
    if form.is_valid():
        way = Way(form.cleaned_data["way"])
        if send(request, progress, user, way):
            return redirect("portal:register_link_sent" if way is Way.LINK else "portal:register_code")
        form.add_error("way", limits.sentence(request, TOO_SOON))
    return render(request, "portal/register/choose.html", {"form": form})


@step(*ASK)
def code(request: HttpRequest, progress: Progress, user: User) -> HttpResponse:
    """Type the code, of one's own contact or of one on file."""
    if progress.way in {None, Way.LINK} or progress.to_file != queries.has_confirmed(user):
        return redirect("portal:register_go_on")
    form = _filled(request, CodeForm)
    if form.is_valid():
        # As it stands now: another page may have changed it since the code was sent.
        contact = contact_of(user, progress.way, to_file=progress.to_file)
        asked = {"contact": index_of(progress.way, contact), "now": request.now}  # type: ignore[attr-defined]
        verdict, kept = codes.judge(progress.codes, form.cleaned_data["code"], **asked)
        if not limits.allows(request, "register_code", key=str(user.pk)):
            verdict = Verdict.SPENT
        progress.keep(codes=kept)
        if verdict is Verdict.RIGHT:
            return _confirm(request, progress, user, contact)
        form.add_error("code", gettext(SAID[verdict]))
    return render(request, "portal/register/code.html", {"form": form, **_sent(progress, user)})


def _sent(progress: Progress, user: User) -> dict[str, object]:
    """Where the last message went, masked if that is not what the member typed himself, and when."""
    assert user.person is not None
    assert progress.way is not None
    contact = queries.contact(user, progress.way)
    if progress.to_file:
        contact = queries.shown(progress.way, queries.on_file(user.person).get(progress.way, ""))
    sent_at = progress.codes.get("sent_at")
    return {
        "contact": contact,
        "way": progress.way.value,
        "to_file": progress.to_file,
        "sent_at": sent_at and localtime(datetime.fromtimestamp(sent_at, tz=localtime().tzinfo)),
    }


def _confirm(request: HttpRequest, progress: Progress, user: User, contact: str) -> HttpResponse:
    """A right code for this contact: log in, or go on to the contacts on file."""
    assert progress.way is not None
    try:
        if progress.to_file:
            user = actions.confirm_by_file(user.pk, **_here(request))
        else:
            user = actions.confirm_contact(user.pk, progress.way, contact, **_here(request))
    except ContactTaken as refused:
        messages.error(request, refused.say(gettext))
        return redirect("portal:register_contacts")
    if not user.is_confirmed:
        return redirect("portal:register_on_file")
    progress.forget()
    messages.success(request, gettext("Your account is ready."))
    first = "portal:numbers" if numbers.proposals(user) else "portal:dashboard"
    login = Login(user=user, signup=True, redirect_url=reverse(first))
    response: HttpResponse = perform_login(request, login)
    return response


@step(*READ)
def missing(request: HttpRequest, progress: Progress, user: User) -> HttpResponse:
    """The code or the mail does not arrive: when to wait, where else to send it, what next."""
    if progress.way is None:
        return redirect("portal:register_go_on")
    assert user.person is not None
    if progress.to_file:
        ways = [(way.value, queries.shown(way, text)) for way, text in queries.on_file(user.person).items()]
    else:
        ways = [(way.value, queries.contact(user, way)) for way in queries.ways(user)]
    return render(request, "portal/register/missing.html", {"ways": ways, **_sent(progress, user)})


@step(*READ)
def link_sent(request: HttpRequest, progress: Progress, user: User) -> HttpResponse:
    """The mail with the link is on its way."""
    if progress.way is not Way.LINK or queries.has_confirmed(user):
        return redirect("portal:register_go_on")
    return render(request, "portal/register/link_sent.html", _sent(progress, user))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in a mail opens, on any device: a button, and one for "not me". Looking changes nothing."""
    if not limits.allows(request, "register_link"):
        return limits.page(request, "portal/register/too_many.html")
    standing, user = links.read(token)
    if request.user.is_authenticated:  # a phone that others use too
        is_own = user is not None and user.pk == request.user.pk
        other = {"standing": "logged_in"}
        return redirect("portal:dashboard") if is_own else render(request, "portal/register/link.html", other)
    if standing is Standing.GOOD and request.method == "POST":
        assert user is not None
        try:
            return _end(request, user) if "not_me" in request.POST else _confirm_by_link(request, user)
        except RegistrationIsOver:  # the button was pressed twice, or the address changed in the same moment
            standing, user = links.read(token)
    context = {"standing": standing.value, "is_confirmed": user is not None and user.is_confirmed}
    if standing is Standing.GOOD and user is not None:
        context |= _who_registers(user)
    return render(request, "portal/register/link.html", context)


def _who_registers(user: User) -> dict[str, Any]:
    """What a stranger to it may read: the endings of the member numbers, and when it was begun."""
    assert user.person is not None
    assert user.registered_at is not None
    return {"numbers": queries.endings(user.person), "when": clock(user.registered_at)}


def _end(request: HttpRequest, user: User) -> HttpResponse:
    actions.end_registration(user.pk, **_here(request))
    return render(request, "portal/register/link.html", {"standing": "ended"})


def _confirm_by_link(request: HttpRequest, user: User) -> HttpResponse:
    """Only the browser that registers goes on here; on any other device the one who registered logs in next."""
    progress = Progress(request)
    is_own = progress.user is not None and progress.user.pk == user.pk
    try:
        user = actions.confirm_contact(user.pk, Way.LINK, user.email, **_here(request))
    except ContactTaken as refused:
        messages.error(request, refused.say(gettext))
        return redirect("portal:register")
    if user.is_confirmed:
        progress.forget()
        return redirect("portal:register_done")
    return redirect("portal:register_on_file" if is_own else request.path)


@step(*ASK)
def on_file(request: HttpRequest, progress: Progress, user: User) -> HttpResponse:
    """The fund knows other contacts of this person: a second code goes to one of them, or an officer decides."""
    if not queries.has_confirmed(user):
        return redirect("portal:register_go_on")
    assert user.person is not None
    known = queries.on_file(user.person)
    choices = [
        (way.value, str(WAY_WORDS[way]) % {"contact": queries.shown(way, text)}) for way, text in known.items()
    ]
    choices.append((UNREACHABLE, gettext("I can't read messages there any more")))
    form = _filled(request, ChoiceForm, label=gettext("Where do we send the second code?"), choices=choices)
    if form.is_valid():
        if form.cleaned_data["way"] == UNREACHABLE:
            return _ask_officer(request, user)
        if send(request, progress, user, Way(form.cleaned_data["way"]), to_file=True):
            return redirect("portal:register_code")
        form.add_error("way", limits.sentence(request, TOO_SOON))
    return render(request, "portal/register/on_file.html", {"form": form})


def _ask_officer(request: HttpRequest, user: User) -> HttpResponse:
    assert user.person is not None
    way, contact = queries.confirmed(user)
    facts = {"email" if way.is_mail else "phone": contact}
    open_case("registration", user.person, facts, user=user, **_here(request))
    return redirect("portal:register_waiting")


@step(*READ)
def waiting(request: HttpRequest, progress: Progress, user: User) -> HttpResponse:
    """An officer decides: what happens, and by when; or what was decided."""
    case = latest("registration", user)
    if case is None:
        return redirect("portal:register_go_on")
    way, contact = queries.confirmed(user)
    return render(request, "portal/register/waiting.html", {"case": case, "contact": queries.shown(way, contact)})


@step(*READ)
def go_on(request: HttpRequest, progress: Progress, user: User) -> HttpResponse:
    """To the page that comes next, for who comes back."""
    if not queries.has_confirmed(user):
        return redirect("portal:register_choose")
    return redirect("portal:register_waiting" if latest("registration", user) else "portal:register_on_file")


@login_not_required
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The account is confirmed; on this device nobody is logged in."""
    return render(request, "portal/register/done.html")
