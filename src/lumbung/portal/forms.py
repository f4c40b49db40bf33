"""How forms look: fields, their errors, and inputs that Django lacks: a date in three boxes, a code, digits."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.utils import timezone
from django.utils.translation import gettext_lazy

# Django's own templates that ours replace, for whatever form asks for them.
REPLACED = {
    "django/forms/errors/list/default.html": "forms/errors.html",
    "django/forms/errors/list/ul.html": "forms/errors.html",
    "django/forms/widgets/checkbox_select.html": "forms/widgets/choices.html",
    "django/forms/widgets/clearable_file_input.html": "forms/widgets/file.html",
    "django/forms/widgets/password.html": "forms/widgets/password.html",
    "django/forms/widgets/radio.html": "forms/widgets/choices.html",
}
LONGEST_LIFE = 120  # years; a birth date before that is a slip of the pen


# Django's own sentences are stiff in Indonesian, and do not say what to do in either language.
SENTENCES: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": gettext_lazy("Fill this in.")},
    forms.BooleanField: {"required": gettext_lazy("Tick the box to go on.")},
    forms.ChoiceField: {
        "required": gettext_lazy("Choose one."),
        "invalid_choice": gettext_lazy("This is not among the answers. Choose one of them."),
    },
    forms.MultipleChoiceField: {
        "required": gettext_lazy("Choose at least one."),
        "invalid_choice": gettext_lazy("This is not among the answers. Choose one of them."),
    },
    forms.FileField: {
        "required": gettext_lazy("Choose a file."),
        "missing": gettext_lazy("Choose a file."),
        "invalid": gettext_lazy("The file did not arrive. Choose it again."),
        "empty": gettext_lazy("This file is empty. Choose another one."),
    },
    forms.IntegerField: {"invalid": gettext_lazy("Write a number in digits.")},
}


def speak_plainly() -> None:
    """Give Django's fields and checks our sentences, in forms of others (allauth's) too. Called at start."""
    for field, sentences in SENTENCES.items():
        # A dictionary of its own: several classes share one by inheritance.
        field.default_error_messages = {**field.default_error_messages, **sentences}
    validators.validate_email.message = gettext_lazy(
        "This is not an e-mail address. Write it like nama@contoh.id."
    )
    validators.MinLengthValidator.message = gettext_lazy("This is too short: at least %(limit_value)d characters.")
    validators.MaxLengthValidator.message = gettext_lazy("This is too long: at most %(limit_value)d characters.")


class BoundField(forms.BoundField):
    """A field of a form that knows how it is laid out, and which of its parts an error is about."""

    @property
    def layout(self) -> str:
        """One box with its label beside it is a `check`, several boxes are `parts`, rows to touch `choices`."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect):  # of which Django makes the checkboxes for several choices too
            return "choices"
        if isinstance(widget, forms.MultiWidget):
            return "parts"
        return "check" if isinstance(widget, forms.CheckboxInput) else ""

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Each error with the id of the input that it leads to."""
        places = [self._place(parts[0]) for parts in self._wrong_parts]
        return list(zip(places, [str(error) for error in self.errors], strict=True))

    @property
    def _wrong_parts(self) -> list[tuple[int, ...]]:
        """For each error the parts that it is about, counted from 0; the first three when it does not say."""
        return [(error.params or {}).get("parts", (0, 1, 2)) for error in self.errors.as_data()]

    def _place(self, part: int) -> str:
        if self.layout in {"parts", "choices"}:
            return f"{self.field.widget.attrs.get('id') or self.auto_id}_{part}"
        return str(self.id_for_label)

    def build_widget_attrs(self, attrs: Any, widget: forms.Widget | None = None) -> dict[str, Any]:
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        if self.layout == "choices":
            built.pop("aria-invalid", None)  # a choice by itself is not wrong; the fieldset has the sentence
        elif isinstance(widget or self.field.widget, DateBoxes) and built.pop("aria-invalid", None):
            built["wrong"] = {part for parts in self._wrong_parts for part in parts}
        return built


class Renderer(DjangoTemplates):
    """Lumbung's fields and widgets (the setting FORM_RENDERER names this class)."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = BoundField

    def get_template(self, template_name: str) -> Any:
        return super().get_template(REPLACED.get(template_name, template_name))


class CodeInput(forms.TextInput):
    """Six digits from a text, an e-mail or an app: a phone offers the code and shows its keys for digits."""

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        own = {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
        super().__init__({**own, **(attrs or {})})


class DigitsInput(forms.TextInput):
    """A number that names something: member number, KTP number, payment code. No arrows, no thousands."""

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        own = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "class": "digits"}
        super().__init__({**own, **(attrs or {})})


class CodeField(forms.CharField):
    """A one-time code, with or without the blanks and dashes that people put into one."""

    widget = CodeInput

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s\-–.]", "", super().to_python(value) or "")


class DateBoxes(forms.MultiWidget):
    """Day, month and year, each in a box of its own. `autocomplete` names what a browser may fill in."""

    template_name = "forms/widgets/date_boxes.html"
    labels = (gettext_lazy("Day"), gettext_lazy("Month"), gettext_lazy("Year"))

    def __init__(self, attrs: Mapping[str, Any] | None = None, *, autocomplete: str = "off") -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {}
        for part in ("day", "month", "year"):
            filled = "off" if autocomplete == "off" else f"{autocomplete}-{part}"
            # A month may be written as a word, so its keys are letters as well.
            keys = {} if part == "month" else {"inputmode": "numeric"}
            boxes[part] = forms.TextInput({"autocomplete": filled, "spellcheck": "false", **keys})
        super().__init__(boxes, dict(attrs or {}))

    def decompress(self, value: date | None) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        wrong = (attrs or {}).pop("wrong", set())
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for part, box in enumerate(context["widget"]["subwidgets"]):
            box["label"] = self.labels[part]
            if part in wrong:
                box["attrs"]["aria-invalid"] = "true"
        return context


class DateBoxesField(forms.MultiValueField):
    """A date in three boxes. Forgives 1 for 01, a month in words, a whole date in one box; names the wrong box."""

    widget = DateBoxes
    default_error_messages = {
        "required": gettext_lazy("Write the day, the month and the year."),
        "no_day": gettext_lazy("Write the day too."),
        "no_month": gettext_lazy("Write the month too."),
        "no_year": gettext_lazy("Write the year too."),
        "day": gettext_lazy("The day must be a number from 1 to 31."),
        "month": gettext_lazy("The month must be a number from 1 to 12, or its name."),
        "year": gettext_lazy("Write the year with four digits, like 1990."),
        "calendar": gettext_lazy("This month does not have so many days. Check day and month."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__((forms.CharField(), forms.CharField(), forms.CharField()), **options)

    def clean(self, value: Any) -> date | None:
        texts = [str(text or "").strip() for text in value or ("", "", "")]
        if not any(texts):
            if self.required:
                raise self._wrong("required", 0, 1, 2)
            return None
        day, month, year = self._numbers(_spread(texts))
        try:
            cleaned = date(year, month, day)
        except ValueError:
            raise self._wrong("calendar", 0, 1) from None
        self.run_validators(cleaned)
        return cleaned

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True

    def _numbers(self, texts: list[str]) -> list[int]:
        """Day, month and year as numbers, or every problem that there is with them."""
        texts = [texts[0], str(MONTHS.get(texts[1].casefold(), texts[1])), texts[2]]
        bounds = {"day": (1, 31), "month": (1, 12), "year": (1000, 9999)}
        wrong = []
        for part, ((name, (least, most)), text) in enumerate(zip(bounds.items(), texts, strict=True)):
            if not text:
                wrong.append(self._wrong(f"no_{name}", part))
            elif not (re.fullmatch(r"[0-9]{1,4}", text) and least <= int(text) <= most):
                wrong.append(self._wrong(name, part))
        if wrong:
            raise ValidationError(wrong)
        return [int(text) for text in texts]

    def _wrong(self, code: str, *parts: int) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"parts": parts})


class BirthDateField(DateBoxesField):
    """A birth date: not in the future, not longer ago than people live. A browser may fill it in."""

    default_error_messages = {
        "future": gettext_lazy("A birth date lies in the past. Check the year."),
        "too_old": gettext_lazy("This is too long ago. Check the year."),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", DateBoxes(autocomplete="bday"))
        super().__init__(**options)

    def clean(self, value: Any) -> date | None:
        born = super().clean(value)
        today = timezone.localdate()
        if born is not None and born > today:
            raise self._wrong("future", 2)
        if born is not None and born.year < today.year - LONGEST_LIFE:
            raise self._wrong("too_old", 2)
        return born


# How the months are written in the two languages, whole and short.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february feb peb pebruari",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt ags aug",
            "september sep sept",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}


def _spread(texts: list[str]) -> list[str]:
    """Over three boxes what was written or pasted into the first alone: 17-08-1990, 17 Agustus 1990, 17081990."""
    whole = re.fullmatch(r"(\d{1,2})[\s./-]+(\w{1,10})[\s./-]+(\d{4})|(\d\d)(\d\d)(\d{4})", texts[0])
    if whole is None or texts[1] or texts[2]:
        return texts
    return [part for part in whole.groups() if part is not None]
