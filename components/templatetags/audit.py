"""How the record is written in pages."""

import json

from django import template

register = template.Library()


@register.filter
def in_words(action: str) -> str:
    """Label given, of label_given."""
    return action.replace("_", " ").capitalize()


@register.filter
def table_name(label: str) -> str:
    """The table alone, of components.label."""
    return label.rpartition(".")[2]


@register.filter
def as_told(value: object) -> str:
    """A value of an event as people read it: texts as they are, the rest in JSON."""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)
