"""What officers write for everybody: announcements, forms to download, topics of the help."""

from collections.abc import Callable, Iterable
from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lumbung.errors import Refusal
from lumbung.office import previewing
from lumbung.office.requests import OfficerRequest
from lumbung.office.text_forms import FORMS, WritingForm
from lumbung.publications.drafts import actions, queries
from lumbung.publications.drafts.queries import Item
from lumbung.publications.models import MOST_FORM_BYTES, Kind

ROWS_A_PAGE = 20


@require_safe
def overview(request: OfficerRequest) -> HttpResponse:
    """Everything that officers write, with how far it is."""
    page = Paginator(range(queries.announcements_count()), ROWS_A_PAGE).get_page(request.GET.get("page"))
    offset = (page.number - 1) * ROWS_A_PAGE
    shown = queries.announcements(timezone.localdate(), offset=offset, limit=ROWS_A_PAGE)
    context = {
        "page": page,
        "announcements": _lines([*queries.new_drafts(Kind.ANNOUNCEMENT), *shown]),
        "forms": _lines([*queries.new_drafts(Kind.FORM), *queries.forms()]),
        "topics": _lines(queries.topics()),
    }
    return render(request, "office/texts.html", context)


def _lines(items: Iterable[Item]) -> list[tuple[Item, str]]:
    return [(item, item.title(get_language() or "id")) for item in items]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficerRequest, kind: str) -> HttpResponse:
    """Begin an announcement or a form; its name in the address is made of its Indonesian title."""
    if kind not in {Kind.ANNOUNCEMENT, Kind.FORM}:
        raise Http404
    form = FORMS[kind](request.POST, request.FILES) if request.method == "POST" else FORMS[kind]()
    if request.method == "POST" and form.is_valid():
        name = actions.new_name(kind, str(form.facts["title_id"] or form.facts["title_en"]))
        if _saved(request, kind, name, form):
            return redirect("office:text", kind=kind, name=name)
    context = {"kind": kind, "form": form}
    return render(request, "office/new_text.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def text(request: OfficerRequest, kind: str, name: str) -> HttpResponse:
    """One text: its draft to go on with, how it would look, and what may be done with it."""
    item = _item(kind, name)
    form = FORMS[kind](request.POST, request.FILES) if request.method == "POST" else None
    if form is not None and form.is_valid() and _saved(request, kind, name, form):
        return redirect("office:text", kind=kind, name=name)
    draft = queries.draft(kind, name)
    seen = queries.stamp(draft)
    context = {
        "item": item,
        "title": item.title(get_language() or "id"),
        "form": form or FORMS[kind](initial={**queries.facts(kind, name, draft), "seen": seen}),
        "draft": draft,
        "seen": seen,
        "versions": queries.versions(name) if kind == Kind.HELP else (),
        "edits": queries.edits(kind, name),
    }
    return render(request, "office/text.html", context, status=200 if form is None else 400)


def _saved(request: OfficerRequest, kind: str, name: str, form: WritingForm) -> bool:
    """Save the draft; a refusal stands in the form then."""
    file = form.cleaned_data.get("content")
    # One byte more than may be is enough to be refused.
    content = file.read(MOST_FORM_BYTES + 1) if file is not None else None
    seen, by = form.cleaned_data["seen"], request.user.pk
    try:
        actions.save_draft(kind, name, form.facts, content=content, by=by, seen=seen, now=request.now)
    except Refusal as refusal:
        form.add_error(None, refusal.say(gettext))
        return False
    messages.success(request, gettext("The draft is saved. Nobody outside the office sees it yet."))
    return True


@require_safe
def preview(request: OfficerRequest, kind: str, name: str, language: str) -> HttpResponse:
    """The text as members would see it: the draft, or what is shown when there is none."""
    _item(kind, name)
    if language not in queries.LANGUAGES:
        raise Http404
    return HttpResponse(previewing.page(kind, name, language, now=request.now, today=timezone.localdate()))


@require_safe
def file(request: OfficerRequest, name: str) -> HttpResponse:
    """The file of a form's draft, to look at before it is offered."""
    draft = queries.draft(Kind.FORM, name)
    if draft is None or draft.content is None:
        raise Http404
    disposition = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(bytes(draft.content), content_type="application/pdf", headers=disposition)


Deed = Callable[[OfficerRequest, str, str], str]


def deed(does: Deed) -> Callable[..., HttpResponse]:
    """A view that does one thing with a text, says what, and shows the text again, or the list when it is gone."""

    @require_POST
    @wraps(does)
    def view(request: OfficerRequest, kind: str, name: str) -> HttpResponse:
        _item(kind, name)
        try:
            messages.success(request, does(request, kind, name))
        except Refusal as refusal:
            messages.error(request, refusal.say(gettext))
        if queries.item(kind, name, timezone.localdate()) is None:
            return redirect("office:texts")
        return redirect("office:text", kind=kind, name=name)

    return view


@deed
def publish(request: OfficerRequest, kind: str, name: str) -> str:
    """Show the draft to everybody."""
    seen, today = request.POST.get("seen", ""), timezone.localdate()
    actions.publish(kind, name, by=request.user.pk, seen=seen, now=request.now, today=today)
    return gettext("Published in both languages.")


@deed
def discard(request: OfficerRequest, kind: str, name: str) -> str:
    """Throw the draft away."""
    actions.discard(kind, name, by=request.user.pk, now=request.now)
    return gettext("The draft is thrown away. What is published stays.")


@deed
def end(request: OfficerRequest, kind: str, name: str) -> str:
    """Show it no longer."""
    actions.end(kind, name, by=request.user.pk, now=request.now)
    if kind == Kind.HELP:
        return gettext("The built-in text is shown again. Your versions stay here.")
    return gettext("It is no longer shown. Publish it again at any time.")


@deed
def version(request: OfficerRequest, kind: str, name: str) -> str:
    """Take an earlier version of a topic into the draft."""
    number, seen = request.POST.get("version", ""), request.POST.get("seen", "")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    actions.take_version(name, wanted, by=request.user.pk, seen=seen, now=request.now)
    return gettext("The earlier version is your draft now. Publish it to show it.")


def _item(kind: str, name: str) -> Item:
    found = queries.item(kind, name, timezone.localdate()) if kind in Kind.values else None
    if found is None:
        raise Http404
    return found
