"""Components as they come out of their tags and includes: words for every state, and nothing for nothing."""

import re
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Origin, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.utils.translation import override

from lumbung.config.doors import MEMBER


def shown(source: str, language: str = "en", **context: object) -> str:
    with override(language):
        origin = Origin("test", template_name="test.html")  # allauth's tags ask for it
        text = Template("{% load i18n lumbung design %}" + source, origin).render(Context(context))
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("kind", "shown_as", "english", "indonesian"),
    [
        ("info", "info", "Good to know", "Perlu diketahui"),
        ("good", "good", "Done", "Selesai"),
        ("success", "good", "Done", "Selesai"),
        ("warn", "warn", "Attention", "Perhatian"),
        ("warning", "warn", "Attention", "Perhatian"),
        ("bad", "bad", "Problem", "Masalah"),
        ("error", "bad", "Problem", "Masalah"),
    ],
)
def test_a_notice_says_in_a_word_what_sort_it_is(kind: str, shown_as: str, english: str, indonesian: str):
    for language, word in (("en", english), ("id", indonesian)):
        text = shown("{% notice kind text %}", language, kind=kind, text="Sent <b>")
        assert f'<div class="notice {shown_as}">' in text
        assert f'<p class="word">{word}</p>' in text
        assert "Sent &lt;b&gt;" in text


def test_a_notice_may_have_a_title_and_a_role():
    text = shown('{% notice "good" title="Sent" role="status" %}')
    assert text == '<div class="notice good" role="status"> <p class="word">Sent</p> </div>'


def test_steps_are_counted_in_words():
    text = shown("{% steps 2 4 %}")
    assert "Step 2 of 4" in text
    assert text.count("<i") == 4
    assert text.count('class="on"') == 2
    assert "Langkah 2 dari 4" in shown("{% steps 2 4 %}", "id")


def test_pages_lead_to_their_neighbours():
    source = '{% pages page "Pages" "Newer" "Older" "own" kept %}'
    rows = Paginator(range(30), 10)
    assert re.findall('href="([^"]+)"', shown(source, page=rows.page(2), kept="q=a&")) == [
        "?q=a&amp;own=1",
        "?q=a&amp;own=3",
    ]
    assert "Newer" not in shown(source, page=rows.page(1))
    assert "Older" not in shown(source, page=rows.page(3))
    assert shown(source, page=Paginator(range(10), 10).page(1)) == ""


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("done", "Done"),
        ("begun", "Begun"),
        ("todo", "To do"),
        ("later", "Not yet possible"),
        ("wrong", "Problem"),
    ],
)
def test_a_task_says_its_state(state: str, word: str):
    task = SimpleNamespace(title="Check", url="" if state == "later" else "/check/", state=state, hint="")
    text = shown('{% include "components/tasks.html" %}', tasks=[task])
    assert f">{word}</span>" in text
    assert ('href="/check/"' in text) is (state != "later")


def test_an_answer_names_what_its_link_changes():
    rows = [
        SimpleNamespace(label="Phone", value="•••• 0001", url="/phone/"),
        SimpleNamespace(label="Name", value="Sari", url=""),
    ]
    text = shown('{% include "components/answers.html" %}', rows=rows)
    assert 'href="/phone/">Change<span class="unseen">: Phone</span></a>' in text
    assert text.count("href") == 1


def test_what_waits_for_a_script_is_hidden():
    for name in ("timeout", "strength"):
        assert re.search(r"^<div [^>]*\shidden>", render_to_string(f"components/{name}.html", {"of": "id_x"}))


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ("/history/", ' aria-current="page"'),
        ("/history/2026/", ' aria-current="true"'),
        ("/wages/keep/", ' aria-current="true"'),
        ("/wagesome/", ""),
        ("/dashboard/", ""),
    ],
)
def test_the_menu_marks_where_one_is(path: str, mark: str):
    request = RequestFactory().get(path)
    request.door = MEMBER
    text = shown('{% menu_item "/history/" "contributions" "Iuran" also="why/bill wages" %}', request=request)
    assert text.startswith(f'<li><a href="/history/"{mark}><svg')
    assert "<span>Iuran</span>" in text


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_of_components_is_whole_in_both_languages(language: str):
    with override(language), override_settings(LUMBUNG_DEMO=True):
        from lumbung.portal.design import components

        request = RequestFactory().get("/_design")
        request.door = MEMBER
        request.urlconf = MEMBER.urlconf
        text = components(request).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    wanted = re.findall(r'\s(?:for|aria-describedby|aria-labelledby)="([^"]+)"', text)
    assert {one for several in wanted for one in several.split()} <= set(ids)
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", text)


@pytest.mark.django_db
def test_outside_the_demo_there_is_no_such_page():
    assert Client().get("/_design").status_code == 404


class Sent(forms.Form):
    """What a page of allauth asks."""

    code = forms.CharField()


ALLAUTH = """{% load allauth %}{% element form form=form method="post" action="/x/" %}{% slot body %}
{% element fields form=form unlabeled=True %}{% endelement %}{% endslot %}{% slot actions %}
{% element button type="submit" tags="danger,delete" name="action" %}Remove{% endelement %}
{% element button href="/back/" tags="secondary" %}Back{% endelement %}{% endslot %}{% endelement %}
{% element badge tags="success,email" %}Confirmed{% endelement %}
{% element panel %}{% slot title %}Keys{% endslot %}{% slot body %}None.{% endslot %}{% endelement %}
{% element field id="again" name="again" type="checkbox" checked=True %}{% slot label %}Again{% endslot %}
{% endelement %}"""


def test_pages_of_allauth_are_made_of_our_components():
    text = shown(ALLAUTH, form=Sent({}))
    assert '<a href="#id_code">Code: Fill this in.</a>' in text
    assert '<form method="post" action="/x/" novalidate>' in text
    assert '<div class="field wrong"> <label for="id_code">Code</label>' in text
    assert re.search(r'<button class="button bad" name="action" type="submit">\s*Remove', text)
    assert re.search(r'<a href="/back/" class="button second">\s*Back', text)
    assert '<span class="tag good">Confirmed</span>' in text
    assert '<section class="card"><h2>Keys</h2>' in text
    assert re.search(r'<label class="choice" for="again"><input type="checkbox" id="again" name="again"', text)
