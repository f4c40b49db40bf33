"""What the templates of papers need."""

from django import template

from lumbung import wording

register = template.Library()
register.filter(wording.percent)
