"""The examples of the OpenAPI description."""

from drf_spectacular.utils import OpenApiExample

LABEL = {
    "value": "compliant",
    "source": "model",
    "score": 0.0137,
    "threshold": 0.5,
    "model_version": "component-compliance:1",
    "truncated": False,
    "regulation": "TREY-2019-1",
    "created_at": "2027-01-31T09:30:00Z",
}
COMPONENT = {
    "id": 17,
    "external_id": "BRK-0042",
    "description": "Good condition steel brake caliper manufactured in 2012",
    "number": 1,
    "entered_by": "technician",
    "entered_at": "2027-01-31T09:30:00Z",
    "label": LABEL,
    "label_hidden": False,
}

NEW_COMPONENT = OpenApiExample(
    "A component",
    {"description": COMPONENT["description"], "external_id": COMPONENT["external_id"]},
    request_only=True,
)
LABELLED = OpenApiExample("Labelled", COMPONENT, response_only=True, status_codes=["200", "201"])
UNLABELLED = OpenApiExample(
    "Kept while no model is serving", {**COMPONENT, "label": None}, response_only=True, status_codes=["200", "201"]
)
TEXTS = OpenApiExample(
    "Two texts",
    {"texts": ["good condition steel component manufactured in 2012", "plastic bumper, 2016, good condition"]},
    request_only=True,
)
LABELLED_TEXTS = OpenApiExample(
    "Two labels",
    {
        "labels": [
            {
                "prediction_id": 101 + number,
                "label": label,
                "score": score,
                "threshold": 0.5,
                "model_version": "component-compliance:1",
                "truncated": False,
            }
            for number, (label, score) in enumerate((("compliant", 0.0137), ("non-compliant", 0.9921)))
        ]
    },
    response_only=True,
    status_codes=["200"],
)

EDIT = OpenApiExample(
    "Another description",
    {"description": "Good condition steel brake caliper manufactured in 2021", "number": 1},
    request_only=True,
)
EDITED = OpenApiExample(
    "Labelled anew",
    {**COMPONENT, "description": "Good condition steel brake caliper manufactured in 2021", "number": 2},
    response_only=True,
    status_codes=["200"],
)
QUESTION = OpenApiExample("A doubt", {"note": "The plate says 2012, the invoice 2021."}, request_only=True)
ASKED = OpenApiExample("Asked", {"component": 17, "review": 5}, response_only=True, status_codes=["201"])
HISTORY = OpenApiExample(
    "Entered and labelled",
    {
        "label_hidden": False,
        "chapters": [
            {
                "kind": "entered",
                "at": "2027-01-31T09:30:00Z",
                "by": "Tess Technician",
                "number": 1,
                "text": COMPONENT["description"],
            },
            {
                "kind": "labelled",
                "at": "2027-01-31T09:30:00Z",
                "by": "",
                "number": 1,
                "label": "compliant",
                "model_version": "component-compliance:1",
                "score": 0.0137,
                "threshold": 0.5,
                "truncated": False,
                "regulation": "TREY-2019-1",
            },
        ],
    },
    response_only=True,
    status_codes=["200"],
)

REASON = {
    "reason": "uncertain",
    "policy": 1,
    "score": 0.4711,
    "threshold": 0.5,
    "probability": 1.0,
    "note": "",
    "by": None,
    "at": "2027-01-31T09:30:00Z",
}
REVIEW_TOLD = {
    "id": 5,
    "component": 17,
    "external_id": "BRK-0042",
    "description": COMPONENT["description"],
    "number": 1,
    "state": "open",
    "escalated": False,
    "blind": False,
    "hidden": False,
    "risk": 2,
    "uncertainty": 9,
    "why": ["Labelled compliant, but non-compliant with a probability of 47 %."],
    "reasons": [REASON],
    "label": "compliant",
    "prediction": {
        "id": 101,
        "label": "compliant",
        "score": 0.4711,
        "threshold": 0.5,
        "model_version": "component-compliance:1",
        "truncated": False,
    },
    "opened_at": "2027-01-31T09:30:00Z",
    "closed_at": None,
    "holder": "officer",
    "leased_until": "2027-01-31T10:02:00Z",
}
BLIND = {
    "blind": True,
    "hidden": True,
    "risk": None,
    "uncertainty": None,
    "why": ["Its score is too uncertain to stand alone; the model's answer is hidden until you decide."],
    "reasons": [{**REASON, "score": None, "threshold": None, "probability": None}],
    "label": None,
    "prediction": None,
}
UUID = "0e4c6c0a-6d2b-4c59-9d8b-8f6a4a0c2f11"
CLAIM = {"review": REVIEW_TOLD, "lease": UUID, "leased_until": "2027-01-31T10:02:00Z"}
REVIEW = OpenApiExample("A review", REVIEW_TOLD, response_only=True, status_codes=["200"])
BLIND_REVIEW = OpenApiExample(
    "A blind review, to an officer", {**REVIEW_TOLD, **BLIND}, response_only=True, status_codes=["200"]
)
BESIDES = OpenApiExample("Another than number 5", {"besides": [5]}, request_only=True)
CLAIMED = OpenApiExample("In hand", CLAIM, response_only=True, status_codes=["200"])
LEASE = OpenApiExample("The lease", {"lease": UUID}, request_only=True)
KEPT = OpenApiExample("Kept", {"leased_until": "2027-01-31T10:03:00Z"}, response_only=True, status_codes=["200"])
OVERRIDE = OpenApiExample(
    "An override",
    {
        "lease": UUID,
        "outcome": "override",
        "label": "non-compliant",
        "reason_code": "misread-year",
        "note": "The plate says 2021.",
        "number": 1,
        "seconds": 12.5,
    },
    request_only=True,
)
LABEL_BLIND = OpenApiExample(
    "A label in a blind review",
    {"lease": UUID, "outcome": "label", "label": "compliant", "number": 1, "seconds": 8.0},
    request_only=True,
)
DECISION_TOLD = {
    "id": 9,
    "review": 5,
    "component": 17,
    "number": 1,
    "outcome": "override",
    "label": "non-compliant",
    "reason_code": "misread-year",
    "note": "The plate says 2021.",
    "officer": "officer",
    "role": "officer",
    "blind": False,
    "seconds": 12.5,
    "regulation": "TREY-2019-1",
    "decided_at": "2027-01-31T10:01:00Z",
    "undoes": None,
}
DECISION = OpenApiExample("Overridden", DECISION_TOLD, response_only=True, status_codes=["201"])
UNDO_TOLD = {"id": 10, "outcome": "undo", "label": None, "reason_code": None, "note": "", "undoes": 9, "seconds": 0.0}
UNDONE = OpenApiExample(
    "Undone", {"decision": {**DECISION_TOLD, **UNDO_TOLD}, **CLAIM}, response_only=True, status_codes=["201"]
)
NEW_ANSWER = OpenApiExample("An answer", {"text": "2012: I looked at the plate again."}, request_only=True)
ANSWER = OpenApiExample(
    "Answered",
    {
        "id": 3,
        "question": 9,
        "text": "2012: I looked at the plate again.",
        "answered_by": "technician",
        "answered_at": "2027-01-31T11:00:00Z",
    },
    response_only=True,
    status_codes=["201"],
)
REPLAY = OpenApiExample(
    "Equal",
    {
        "decision": 9,
        "outcome": "equal",
        "prediction_id": 101,
        "problem": "",
        "model_version": "component-compliance:1",
        "model_digest": "sha256:…",
        "label": "compliant",
        "score": 0.4711,
        "replayed_label": "compliant",
        "replayed_score": 0.4711,
        "difference": 0.0,
        "equal": True,
    },
    response_only=True,
    status_codes=["200"],
)
REASON_CODES = OpenApiExample(
    "One on offer, one retired",
    {
        "reason_codes": [
            {"code": "misread-year", "title": "The year was misread", "retired_at": None},
            {"code": "wording", "title": "Words it does not know", "retired_at": "2027-01-31T09:30:00Z"},
        ]
    },
    response_only=True,
    status_codes=["200"],
)
EXPLANATION = OpenApiExample(
    "Two words",
    {
        "prediction_id": 101,
        "model_version": "component-compliance:1",
        "text": "plastic bumper",
        "score": 0.9921,
        "read_to": 14,
        "words": [
            {"start": 0, "stop": 7, "weight": 0.81, "log_odds": 6.3},
            {"start": 8, "stop": 14, "weight": 0.002, "log_odds": 0.3},
        ],
    },
    response_only=True,
    status_codes=["200"],
)
SWITCH_ORDER = OpenApiExample(
    "Stop", {"stopped": True, "reason": "A new regulation is being entered."}, request_only=True
)
SWITCH = OpenApiExample(
    "Stopped",
    {
        "stopped": True,
        "reason": "A new regulation is being entered.",
        "set_by": "admin",
        "set_at": "2027-01-31T09:30:00Z",
    },
    response_only=True,
    status_codes=["200"],
)
