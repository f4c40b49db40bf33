"""How forms look: one field template and one summary of what is wrong, for every form of every door."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Django's own widgets in Lumbung's fields (the setting FORM_RENDERER names this class)."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
