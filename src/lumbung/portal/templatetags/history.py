"""What the pages about contributions need to say of a line."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from lumbung.casework import disputes
from lumbung.casework.models import Case
from lumbung.contributions.gaps import words
from lumbung.contributions.gaps.facts import Line, Verdict
from lumbung.law.derivation import Step, render
from lumbung.portal.history import rows

register = template.Library()


@register.filter
def put_right(line: Line | None) -> str:
    """What a correction's line stands for, and why; nothing for other lines."""
    return rows.put_right(line)


@register.filter
def derived(step: Step) -> SafeString:
    """How the law comes to a figure, by the law's own renderer, which escapes."""
    return mark_safe(render(step, "html", gettext))  # noqa: S308


@register.filter
def claim(case: Case) -> disputes.Claim:
    """What a dispute claims."""
    return disputes.claim_of(case)


@register.filter
def state_name(verdict: Verdict) -> str:
    """What the month is called."""
    return gettext(words.name(verdict))
