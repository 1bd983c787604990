"""A refusal has one HTTP status, wherever it is told."""

from collections.abc import Iterator
from typing import Any

import pytest

from components import exceptions as domain
from components.api.errors import handle
from components.forms import AskForm
from components.refusals import status_of
from mlops import exceptions as model


def kinds_of(root: type[Exception]) -> Iterator[type[Exception]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds_of(kind)


REFUSALS = [kind for kind in kinds_of(domain.DomainError) if kind.__module__ == domain.__name__]
TROUBLES = [kind for kind in kinds_of(model.ModelError) if kind.__module__ == model.__name__]


@pytest.mark.parametrize("kind", [*REFUSALS, *TROUBLES])
def test_the_api_answers_with_the_status_of_the_table(kind: type[Exception]) -> None:
    context: dict[str, Any] = {}

    assert handle(kind("Because."), context).status_code == status_of(kind)


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_form_that_was_refused_has_the_same_status(kind: type[domain.DomainError]) -> None:
    form = AskForm({"note": "Is it steel?"})
    assert form.is_valid()

    form.refuse(kind("Because."))

    assert form.status == status_of(kind)
    assert form.non_field_errors() == ["Because."]
