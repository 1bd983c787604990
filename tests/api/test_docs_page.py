"""The browsable description works in a browser under the strict content security policy, and so does trying it out."""

import json
from typing import Any

import pytest

from mlops.models import Prediction

VIOLATIONS = "window.violations = []; addEventListener('securitypolicyviolation', e => violations.push(e.blockedURI))"


@pytest.fixture
def docs(signed_in_page: Any) -> Any:
    signed_in_page.errors = []
    signed_in_page.on("console", lambda m: signed_in_page.errors.append(m.text) if m.type == "error" else None)
    signed_in_page.on("pageerror", lambda error: signed_in_page.errors.append(str(error)))
    signed_in_page.add_init_script(VIOLATIONS)
    signed_in_page.goto("/api/v1/docs/")
    signed_in_page.wait_for_selector("#operations-labels-labels_create")
    return signed_in_page


def test_every_operation_unfolds_without_breaking_a_rule(docs: Any) -> None:
    docs.eval_on_selector_all(".opblock-summary-control", "controls => controls.forEach(control => control.click())")
    docs.wait_for_function("document.querySelectorAll('.opblock.is-open .opblock-body').length == 22")

    assert docs.evaluate("violations") == []
    assert docs.errors == []


def test_a_text_is_labelled_from_the_page(docs: Any) -> None:
    operation = docs.locator("#operations-labels-labels_create")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("textarea").fill(json.dumps({"texts": ["good condition steel component"]}))
    with docs.expect_response("**/api/v1/labels/") as answered:
        operation.get_by_role("button", name="Execute").click()

    assert answered.value.status == 200
    assert answered.value.json()["labels"][0]["prediction_id"] == Prediction.objects.get().pk
    assert docs.evaluate("violations") == []
    assert docs.errors == []
