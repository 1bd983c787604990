"""Texts are labelled without a component, and each answer is on record before it is given."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from rest_framework.test import APIClient

from components.models import Component, User
from mlops import labeler
from mlops.models import ModelVersion, Prediction
from tests.api.conftest import TEXT, problem_of

LABELS = "/api/v1/labels/"


@pytest.mark.django_db
def test_each_text_gets_its_label_in_order_and_on_record(api: APIClient, champion: ModelVersion) -> None:
    texts = [TEXT, "iron gearbox housing, poor condition, 1971", "x " * 4000]

    response = api.post(LABELS, {"texts": texts}, format="json")

    expected = labeler.classify(texts)
    assert response.status_code == 200
    assert response.json() == {
        "labels": [
            {
                "prediction_id": prediction.pk,
                "label": classification.label,
                "score": pytest.approx(classification.score, abs=1e-6),
                "threshold": classification.threshold,
                "model_version": str(champion),
                "truncated": classification.truncated,
            }
            for prediction, classification in zip(Prediction.objects.order_by("id"), expected, strict=True)
        ]
    }
    assert [classification.truncated for classification in expected] == [False, False, True]
    assert list(Prediction.objects.order_by("id").values_list("text", flat=True)) == texts
    assert not Component.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("champion")
def test_256_texts_of_the_greatest_length_are_taken_at_once(api: APIClient) -> None:
    response = api.post(LABELS, {"texts": ["\U0001f529" * 10_000] * 256}, format="json")

    assert len(response.json()["labels"]) == Prediction.objects.count() == 256


@pytest.mark.django_db
@pytest.mark.usefixtures("champion")
def test_one_bad_text_refuses_all_and_is_named_by_its_index(api: APIClient) -> None:
    response = api.post(LABELS, {"texts": [TEXT, " ", TEXT, 7]}, format="json")

    errors = problem_of(response, 400, "invalid")["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [
        ("#/texts/1", "blank"),
        ("#/texts/3", "not-a-text"),
    ]
    assert not Prediction.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("no_champion")
def test_with_no_model_serving_the_answer_is_to_come_back_later(api: APIClient) -> None:
    response = api.post(LABELS, {"texts": [TEXT]}, format="json")

    problem_of(response, 503, "not-serving")
    assert int(response["Retry-After"]) > 0
    assert not Prediction.objects.exists()


@pytest.mark.django_db
def test_the_status_tells_which_version_serves(api: APIClient, champion: ModelVersion) -> None:
    assert api.get("/api/v1/status/").json() == {
        "serving": True,
        "model_version": str(champion),
        "model_digest": champion.digest,
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("no_champion")
def test_the_status_tells_that_nothing_serves(api: APIClient) -> None:
    assert api.get("/api/v1/status/").json() == {"serving": False, "model_version": "", "model_digest": ""}


@pytest.mark.usefixtures("champion")
def test_what_eight_clients_send_at_once_is_all_recorded(transactional_db: None, technician: User, api_client) -> None:
    def labelled(client: APIClient) -> list[tuple[int, float]]:
        try:
            answers = [client.post(LABELS, {"texts": [TEXT, f"{TEXT} {n}"]}, format="json").json() for n in range(10)]
        finally:
            connection.close()
        return [(one["prediction_id"], one["score"]) for answer in answers for one in answer["labels"]]

    clients = [api_client(technician) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        told = dict(pair for pairs in pool.map(labelled, clients) for pair in pairs)

    assert len(told) == 8 * 10 * 2
    assert told == dict(Prediction.objects.values_list("id", "score"))
