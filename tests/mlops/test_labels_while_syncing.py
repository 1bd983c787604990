"""What is written of a version that serves holds up nobody who asks it for labels."""

import threading
import time

import pytest
from django.db import connections

from mlops import labeler
from mlops.models import ModelVersion
from mlops.services import serving
from mlops.services.deployment import deploy_champion
from mlops.services.fetching import fetch
from mlops.services.syncing import sync
from mlops.services.verification import verify
from tests.mlops.shelved import Shelf


@pytest.mark.django_db(transaction=True)
def test_changed_claims_of_the_champion_fail_no_label(shelf: Shelf) -> None:
    """Both write an event: a lock that the other's foreign key must wait for would end in a deadlock."""
    deploy_champion(verify(fetch(shelf.put())), by=None)
    serving.start()
    over, labelled, failed = threading.Event(), [], []

    def label() -> None:
        try:
            while not over.is_set():
                labelled.extend(labeler.label(["good condition steel component"], by=None))
        except Exception as error:
            failed.append(error)
            raise
        finally:
            connections.close_all()

    labellers = [threading.Thread(target=label) for _ in range(3)]
    for labeller in labellers:
        labeller.start()
    try:
        for number in range(20):
            shelf.claim(tags={"number": str(number)})
            sync()
            time.sleep(0.05)
    finally:
        over.set()
        for labeller in labellers:
            labeller.join()

    assert failed == []
    assert len(labelled) > 20
    assert ModelVersion.objects.get().tags == {"number": "19"}
