"""Fields and their errors: what is forgiven, which box is named, and what stands on the page for each widget."""

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import override

from lumbung.portal.forms import BirthDateField, CodeField, DateBoxesField, DigitsInput


class Form(forms.Form):
    """A field of each sort."""

    name = forms.CharField(help_text="As on the card")
    number = forms.CharField(widget=DigitsInput, required=False)
    born = BirthDateField()
    code = CodeField()
    password = forms.CharField(widget=forms.PasswordInput)
    channel = forms.ChoiceField(choices=[("sms", "SMS"), ("email", "E-mail")], widget=forms.RadioSelect)
    news = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    segment = forms.ChoiceField(choices=[("PU", "PU")])
    note = forms.CharField(widget=forms.Textarea)
    paper = forms.FileField()
    agreed = forms.BooleanField()


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    day = date(2026, 10, 31)
    monkeypatch.setattr("lumbung.portal.forms.timezone.localdate", lambda: day)
    return day


def wrong(value: list[str], field: DateBoxesField | None = None) -> list[tuple[str | None, tuple[int, ...]]]:
    with pytest.raises(ValidationError) as raised:
        (field or BirthDateField()).clean(value)
    return [(error.code, error.params["parts"]) for error in raised.value.error_list]


# The date in three boxes


@pytest.mark.parametrize(
    "value",
    [
        ["1", "8", "1990"],
        ["01", "08", "1990"],
        [" 1 ", "8 ", " 1990"],
        ["1", "Agustus", "1990"],
        ["1", "august", "1990"],
        ["1", "AGT", "1990"],
        ["01-08-1990", "", ""],
        ["1/8/1990", "", ""],
        ["1 Agustus 1990", "", ""],
        ["01081990", "", ""],
    ],
)
def test_a_date_is_understood_as_people_write_it(value: list[str]):
    assert BirthDateField().clean(value) == date(1990, 8, 1)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (["", "", ""], [("required", (0, 1, 2))]),
        (["", "8", "1990"], [("no_day", (0,))]),
        (["1", "", "1990"], [("no_month", (1,))]),
        (["1", "8", ""], [("no_year", (2,))]),
        (["32", "8", "1990"], [("day", (0,))]),
        (["0", "8", "1990"], [("day", (0,))]),
        (["-1", "8", "1990"], [("day", (0,))]),
        (["1", "13", "1990"], [("month", (1,))]),
        (["1", "Agustusan", "1990"], [("month", (1,))]),
        (["1", "8", "90"], [("year", (2,))]),
        (["1", "8", "19900"], [("year", (2,))]),
        (["x", "13", "90"], [("day", (0,)), ("month", (1,)), ("year", (2,))]),
        (["31", "4", "1990"], [("calendar", (0, 1))]),
        (["29", "2", "1990"], [("calendar", (0, 1))]),
        (["1", "11", "2026"], [("future", (2,))]),
        (["1", "8", "1905"], [("too_old", (2,))]),
        (["١", "8", "1990"], [("day", (0,))]),
        (["1", "8", "1990\0"], [("year", (2,))]),
    ],
)
def test_each_error_names_the_wrong_box(value: list[str], found: list[tuple[str, tuple[int, ...]]]):
    assert wrong(value) == found


def test_the_bounds_of_a_life():
    assert BirthDateField().clean(["31", "10", "2026"]) == date(2026, 10, 31)
    assert BirthDateField().clean(["1", "1", "1906"]) == date(1906, 1, 1)
    assert DateBoxesField().clean(["1", "1", "2126"]) == date(2126, 1, 1)


def test_a_date_that_may_be_left_out():
    assert BirthDateField(required=False).clean(["", "", ""]) is None
    assert wrong(["1", "", ""], BirthDateField(required=False)) == [("no_month", (1,)), ("no_year", (2,))]


def test_an_error_holds_nothing_of_the_date():
    with pytest.raises(ValidationError) as raised:
        BirthDateField().clean(["31", "4", "1991"])
    assert not re.search("31|1991", str(raised.value))


def test_whether_a_date_was_changed():
    field, before = BirthDateField(), date(1990, 8, 1)
    assert not field.has_changed(before, ["01", "08", "1990"])
    assert field.has_changed(before, ["2", "8", "1990"])
    assert field.has_changed(before, ["x", "8", "1990"])


# The code


@pytest.mark.parametrize("typed", ["123456", "123 456", " 123-456 ", "1 2 3 4 5 6", "123–456"])
def test_a_code_is_taken_with_blanks_and_dashes(typed: str):
    assert CodeField().clean(typed) == "123456"


def test_a_code_of_blanks_is_none():
    with pytest.raises(ValidationError):
        CodeField().clean(" - ")


# How they stand on the page


def shown(form: forms.Form, name: str) -> str:
    with override("en"):
        return " ".join(str(form[name].as_field_group()).split())


def bound(**data: Any) -> Form:
    return Form(data, {})


def test_the_boxes_of_a_date_are_one_group_with_a_name():
    text = shown(Form(initial={"born": date(1990, 8, 1)}), "born")
    assert re.search(r"<fieldset[^>]*>\s*<legend>Born", text)
    for number, (part, label, value) in enumerate(
        (("day", "Day", 1), ("month", "Month", 8), ("year", "Year", 1990))
    ):
        assert f'<label for="id_born_{number}">{label}</label>' in text
        box = re.search(rf'<input[^>]*name="born_{part}"[^>]*>', text)
        assert box is not None
        assert f'value="{value}"' in box[0]
        assert f'autocomplete="bday-{part}"' in box[0]
        assert f'id="id_born_{number}"' in box[0]
    assert "aria-invalid" not in text


def test_only_the_wrong_box_is_marked_and_linked():
    form = bound(born_day="1", born_month="13", born_year="1990")
    text = shown(form, "born")
    assert re.findall(r'<input[^>]*name="born_(\w+)"[^>]*aria-invalid="true"', text) == ["month"]
    assert 'aria-describedby="id_born_error"' in text
    assert 'id="id_born_error"' in text
    assert [place for place, _ in form["born"].problems] == ["id_born_1"]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("name", "id_name"), ("born", "id_born_0"), ("code", "id_code"), ("password", "id_password"),
        ("channel", "id_channel_0"), ("news", "id_news_0"), ("segment", "id_segment"), ("note", "id_note"),
        ("paper", "id_paper"), ("agreed", "id_agreed"),
    ],
)  # fmt: skip
def test_the_summary_leads_to_an_input_that_is_there(name: str, place: str):
    form = bound()
    summary = render_to_string("forms/summary.html", {"form": form})
    assert f'<a href="#{place}">' in summary
    assert len(re.findall(rf'<(?:input|select|textarea)[^>]*\bid="{place}"', shown(form, name))) == 1


def test_every_reference_of_a_field_is_there():
    for form in (Form(), bound()):
        page = "".join(shown(form, name) for name in form.fields)
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        wanted = re.findall(r'\s(?:for|aria-describedby)="([^"]+)"', page)
        assert {one for several in wanted for one in several.split()} <= set(ids)
        assert len(wanted) >= len(form.fields)


def test_choices_are_rows_to_touch_and_none_of_them_is_wrong_by_itself():
    text = shown(bound(), "channel")
    assert text.count('class="choice"') == 2
    assert "aria-invalid" not in text
    assert re.search(r'<fieldset class="field wrong" aria-describedby="id_channel_error">', text)
    assert 'aria-invalid="true"' in shown(bound(), "agreed")


def test_what_may_be_left_out_says_so():
    form = Form()
    assert "(optional)" in shown(form, "number")
    assert "(optional)" not in shown(form, "name")


def test_an_error_says_in_words_that_it_is_one():
    assert '<span class="unseen">Problem:</span>' in shown(bound(), "name")


def test_a_code_is_offered_by_the_phone_and_a_password_may_be_shown():
    assert 'autocomplete="one-time-code"' in shown(Form(), "code")
    assert 'inputmode="numeric"' in shown(Form(), "code")
    text = shown(bound(password="not to be sent back"), "password")
    assert "not to be sent back" not in text
    assert re.search(r'<span class="secret" data-show="Show"[^>]*><input type="password"', text)
    assert re.search(r'<script type="module" src="/static/portal/password.js"></script>', text)


def test_a_whole_form_has_each_field_once():
    page = str(Form())
    for name in Form.base_fields:
        assert len(re.findall(rf'\sname="{name}(?:_day)?"', page)) >= 1, name
    assert page.count("<legend>") == 3


def test_every_label_and_error_is_in_both_languages():
    form = bound(born_day="31", born_month="4", born_year="1990")
    with override("id"):
        text = str(form["born"].as_field_group())
    assert "Bulan ini tidak punya tanggal itu" in text
    assert re.search("<label[^>]*>Tanggal<", text)
