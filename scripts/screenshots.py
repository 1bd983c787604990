#!/usr/bin/env python3
"""Photograph the pages of every role into docs/screenshots, on an installation of its own with two weeks of work.

    python scripts/screenshots.py [--bundle DIRECTORY] [--out DIRECTORY]

Needs the development requirements and Chromium (the path in CHROMIUM, else /usr/bin/chromium).
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from three_versions import first_champion, register_three
from two_weeks import PASSWORD, Scene, fill

ROOT = Path(__file__).resolve().parent.parent
DESKTOP = {"viewport": {"width": 1200, "height": 690}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LOOKS = {
    "": DESKTOP,
    "-dark": {**DESKTOP, "color_scheme": "dark"},
    "-phone": PHONE,
}
DRAFT = (
    "Radar sensor bracket, front bumper. Pressed steel, stamped 2018, in good condition; the old iron one was scrapped."
)


@contextmanager
def served() -> Iterator[str]:
    """The address of the installation, while it runs."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/healthz/ready")
        yield address
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address).close()  # noqa: S310 (our own address)
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"{address} did not answer.")


def addresses(scene: Scene, version: int, ranking: int) -> dict[str, dict[str, str]]:
    """For each person the pages of theirs that are photographed, by the name of the picture."""
    return {
        "tess": {
            "home-technician": "/home/",
            "list": "/",
            "submit": "/components/new/",
            "detail": f"/components/{scene.shown}/",
            "edit": f"/components/{scene.shown}/edit/",
            "ask": f"/components/{scene.shown}/ask/",
            "answer": f"/questions/{scene.question}/",
            "tokens": "/account/tokens/",
        },
        "omar": {
            "home-officer": "/home/",
            "queue": "/reviews/",
            "review": f"/reviews/{scene.review}/",
            "review-blind": f"/reviews/{scene.blind}/",
        },
        "ruth": {
            "home-auditor": "/home/",
            "audit": "/audit/",
            "audit-event": f"/audit/{scene.event}/",
            "audit-pack": "/audit/packs/",
        },
        "ada": {
            "home-admin": "/home/",
            "stop-switch": "/stop-switch/",
            "policies": "/admin/components/reviewpolicy/",
            "versions": "/admin/mlops/modelversion/",
            "version": f"/admin/mlops/modelversion/{version}/change/",
            "version-reject": f"/admin/mlops/modelversion/{version}/reject/",
            "ranking": f"/admin/mlops/ranking/{ranking}/change/",
        },
    }


WHOLE = ("detail", "home-officer", "home-admin", "version", "ranking")


def photograph(address: str, shown: dict[str, dict[str, str]], out: Path) -> None:
    from playwright.sync_api import sync_playwright

    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for look, options in LOOKS.items():
            page = browser.new_context(base_url=address, **options).new_page()
            page.goto("/login/")
            page.screenshot(path=out / f"login{look}.png")
            page.context.close()
            for person, pages in shown.items():
                page = browser.new_context(base_url=address, **options).new_page()
                sign_in(page, person)
                for name, path in pages.items():
                    page.goto(path)
                    page.wait_for_load_state("networkidle")
                    if (claim := page.get_by_role("button", name="Review this one")).is_visible():
                        claim.click()
                        page.wait_for_timeout(1500)
                        page.wait_for_load_state("networkidle")
                    if name == "submit":
                        page.get_by_label("Description").fill(DRAFT)
                        page.get_by_label("External id").fill("TR-20938")
                    page.screenshot(path=out / f"{name}{look}.png", full_page=name in WHOLE)
                page.context.close()
        browser.close()


def sign_in(page: Any, person: str) -> None:
    page.goto("/login/")
    page.get_by_label("Username").fill(person)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/home/")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, help="the model to show, instead of the starter with ballast")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory(prefix="screenshots-") as directory:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "trey_compliance.settings",
            "ENV_FILE": os.devnull,
            "VAR_DIR": directory,
            "DATABASE_URL": f"sqlite:///{directory}/db.sqlite3",
            "LOG_LEVEL": "ERROR",
            "REVIEW_LEASE_SECONDS": "3600",
        }
        import django

        django.setup()
        scene = fill(arguments.bundle or first_champion(Path(directory)))
        version, ranking = register_three(Path(directory))
        with served() as address:
            photograph(address, addresses(scene, version, ranking), arguments.out)


if __name__ == "__main__":
    main()
