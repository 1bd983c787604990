"""A document of any length takes a page of the administration no more room than a long one."""

import pytest

from audit.documents import MOST_CHARACTERS, json_document, text_document
from audit.services import record
from components.models import User
from mlops.models import ModelVersion
from tests.mlops import versions
from tests.pages.conftest import client_of


def test_what_is_short_is_shown_whole_as_it_was_written() -> None:
    shown = json_document({"note": "<b>grün</b>", "rows": [1, 2]}, file="manifest.json")

    assert "&quot;note&quot;: &quot;&lt;b&gt;grün&lt;/b&gt;&quot;" in shown
    assert "first" not in shown
    assert "first" not in text_document("x" * MOST_CHARACTERS)


@pytest.mark.parametrize(
    ("whole", "size"),
    [({str(number): number for number in range(50_000)}, "777,780"), ({"note": "é" * 150_000}, "300,012")],
    ids=["many", "long"],
)
def test_of_what_is_long_the_beginning_is_shown_and_how_much_there_is(whole: dict[str, object], size: str) -> None:
    shown = json_document(whole, file="manifest.json <of> it")

    assert len(shown) < MOST_CHARACTERS * len("&quot;")
    assert shown.startswith('<pre class="document" tabindex="0">{\n  &quot;')
    assert f"Only the first 50,000 characters are shown. The whole has {size} bytes" in shown
    assert "bytes: it is <code>manifest.json &lt;of&gt; it</code>." in shown


def test_a_text_with_one_character_more_says_so() -> None:
    shown = text_document("#" * (MOST_CHARACTERS + 1))

    assert shown.count("#") == MOST_CHARACTERS
    assert "The whole has 50,001 bytes." in shown


@pytest.mark.django_db
def test_the_page_of_a_version_stays_small_whatever_its_manifest_and_card(admin: User, champion: ModelVersion) -> None:
    version = versions.verified(2)
    much = {f"name {number}": "x" * 80 for number in range(10_000)}
    version.manifest |= {"lineage": {"data_digest": "d" * 100_000, **much}, "metrics": much}
    version.card = "# Card\n" + "y" * 1_000_000
    version.save()

    page = client_of(admin).get(f"/admin/mlops/modelversion/{version.pk}/change/").content.decode()

    assert len(page) < 500_000
    assert page.count("Only the first 50,000 characters are shown.") == 3
    for file in ("manifest.json of the bundle", "card.md of the bundle"):
        assert f"<code>{file}</code>" in page


@pytest.mark.django_db
def test_the_page_of_an_event_stays_small_whatever_it_tells(admin: User) -> None:
    told = {"text": "x" * 1_000_000}
    event = record("much_happened", by=admin, before=told, after={"b": 2, "aa": 1})

    page = client_of(admin).get(f"/admin/audit/event/{event.pk}/change/").content.decode()

    assert len(page) < 150_000
    assert page.count("Only the first 50,000 characters are shown. The whole has 1,000,012 bytes.") == 1
    assert page.index("&quot;aa&quot;: 1") < page.index("&quot;b&quot;: 2")
