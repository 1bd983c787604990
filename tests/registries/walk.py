"""The way of three bundles through a running installation, whatever kind of registry they are in.

One is better than the champion, one is worse and boasts, one was tampered with after it was registered. The worker
alone brings each as far as it comes; a person only looks.
"""

import http.cookiejar
import json
import re
import shutil
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from mlops.services.installing import STARTER_BUNDLE
from tests.bundles import COMPLIANT_TEXT, reseal, write_tiny_bundle
from tests.processes import environment_of, manage
from tests.services import free_port
from tests.wiring.installation import Running, passwords, up

NAME = "tiny"
CHAMPION, BETTER, WORSE, TAMPERED = "1", "2", "3", "4"
EXPECTED = {CHAMPION: "verified", BETTER: "candidate", WORSE: "verified", TAMPERED: "rejected"}
PATIENCE_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Place:
    """A registry that is empty: the settings that name it, and a way to change bytes of a version that it holds.

    `tamper(name, version)` changes the file model.onnx of that version there, and leaves its length.
    """

    settings: Mapping[str, str]
    tamper: Callable[[str, str], None]


def walk(place: Place, directory: Path) -> None:
    """Register the three, let the worker alone, and look at what the administration says of each."""
    environment = environment_of(
        directory / "var",
        PORT=str(free_port()),
        REGISTRY_MODEL=NAME,
        REGISTRY_SYNC_SECONDS="10",
        **place.settings,
    )
    done("migrate", "-v", "0", environment=environment)
    champion = write_tiny_bundle(directory / "champion", name=NAME, version=CHAMPION)
    done("install_starter_model", str(champion), environment=environment)
    register_three(directory, environment)
    place.tamper(NAME, TAMPERED)
    with up(environment) as installation:
        token = done("create_token", "technician", environment=environment).strip()
        assert labelled_by(installation, token) == f"{NAME}:{CHAMPION}"
        desk = Desk(installation, "admin")
        desk.wait_for(lambda: desk.states() == EXPECTED and "is claimed for it" in desk.page_of(WORSE))
        look_at_each(desk)
        assert labelled_by(installation, token) == f"{NAME}:{CHAMPION}"


def register_three(directory: Path, environment: Mapping[str, str]) -> None:
    better = reseal(shutil.copytree(STARTER_BUNDLE, directory / "better"), {"name": NAME, "version": BETTER})
    worse = write_tiny_bundle(directory / "worse", name=NAME, version=WORSE, scale=0.5)
    tampered = reseal(shutil.copytree(STARTER_BUNDLE, directory / "tampered"), {"name": NAME, "version": TAMPERED})
    for bundle, words in ((better, ()), (worse, ("--tag", "accuracy=0.9999")), (tampered, ())):
        done("register_model", str(bundle), *words, environment=environment)


def look_at_each(desk: "Desk") -> None:
    better, worse, tampered = (desk.page_of(version) for version in (BETTER, WORSE, TAMPERED))
    assert "Candidate." in better
    assert f"{NAME}:{CHAMPION}, the champion" in better
    assert "Passed: golden samples" in better
    assert re.search("(Not better|Below a floor)[.]", worse)
    assert re.search("An accuracy of .* is claimed for it; measured here it is", worse)
    before, claims = worse.split("What the registry says of it")
    assert "Tag: accuracy 0.9999" in claims
    assert "0.9999" not in before
    assert "Why: model.onnx" in tampered
    assert "Its files never came." in tampered
    assert f"{NAME}:{BETTER} is the candidate" in desk.read("/admin/mlops/modelversion/")
    assert "cannot be read" not in desk.read("/admin/")


def done(*words: str, environment: Mapping[str, str]) -> str:
    """What the command printed; it must succeed."""
    ended = manage(*words, environment=environment)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def labelled_by(installation: Running, token: str) -> str:
    """The version that labels a text for a client just now."""
    request = urllib.request.Request(
        f"{installation.url}/api/v1/labels/",
        json.dumps({"texts": [COMPLIANT_TEXT]}).encode(),
        {"Authorization": f"Token {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(json.load(answer)["labels"][0]["model_version"])


class Desk:
    """The administration as somebody sees it who has signed in, page by page, in words alone."""

    def __init__(self, installation: Running, username: str) -> None:
        self._url = installation.url
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        self._open("/login/")
        self._open("/login/", username=username, password=passwords(installation)[username])

    def states(self) -> dict[str, str]:
        """The state of each version, by its number, as the list shows them."""
        rows = re.findall(r"<tr>.*?</tr>", self._open("/admin/mlops/modelversion/"), re.DOTALL)
        found = [re.search(rf'>{NAME}:(\w+)</a>.*?class="state (\w+)"', row, re.DOTALL) for row in rows]
        return {match[1]: match[2] for match in found if match}

    def wait_for(self, question: Callable[[], bool]) -> None:
        """Look again until it is so."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not question():
            assert time.monotonic() < deadline, self.states()
            time.sleep(1)

    def page_of(self, version: str) -> str:
        """The words of the version's page."""
        listed = self._open("/admin/mlops/modelversion/")
        address = re.search(rf'href="(/admin/mlops/modelversion/\d+/change/)[^"]*">{NAME}:{version}</a>', listed)
        assert address is not None, listed
        return self.read(address[1])

    def read(self, path: str) -> str:
        """The words of a page, one space between."""
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", self._open(path))).split())

    def _open(self, path: str, **form: str) -> str:
        token = next((cookie.value for cookie in self._jar if cookie.name == "csrftoken"), None)
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **form}).encode() if form else None
        with self._opener.open(self._url + path, data, timeout=30) as answer:
            return str(answer.read().decode())
