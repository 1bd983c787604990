#!/usr/bin/env python3
"""Photograph the pages into docs/screenshots, on an installation of its own with plausible components.

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
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "photographs only"  # noqa: S105 (of an installation that lives for a minute)
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
WAITING = "Cabin air sensor clip, plastic, 2016, good condition"
SHOWN = "Wiper linkage, steel, 2003, no longer in good condition: pitted at both joints"
NAMES = {"tess": ("Tess", "Okafor"), "jonas": ("Jonas", "Lindqvist"), "mei": ("Mei", "Tanaka")}
DESCRIPTIONS = (
    "Telematics antenna housing, carbon fibre, made in 2016, in good condition",
    "Brake caliper bracket: cast iron, stamped 1998, hardly worn",
    "Door control module cover, plastic, 2011. Good condition, one clip missing",
    "Steering column sleeve of steel, dated 1987, repainted",
    "Infotainment mounting frame (steel), 2019, new in its box",
    "Rear camera bezel made of carbon fiber, 2014, looks new",
    "Battery tray, steel, not plastic as the sheet says; year 2017, good condition",
    "Seat rail bracket, steel, manufactured in 1993 in good condition",
    "Charging port flap in poor condition, steel, 2020",
    "Gateway ECU shield, carbon fiber, year of make 2018, as new",
    "Headlamp levelling arm, plastic, 2008, worn teeth",
    "Roof antenna base; replaced in 2015 by a steel one, good condition",
    "TPMS receiver bracket, iron, 2001, fair",
    "Parking sensor ring, carbon fibre, 2013, good",
    "Instrument cluster frame: steel, 1995, good condition",
    "Instrument cluster frame: steel, 1994, good condition",
    "Heated mirror back plate, steel, 2012, in fair condition after the accident",
    "eCall button housing, plastic, new, 2021",
    "Fuse box lid of steel, 2009, good; the part of 1979 it replaced was plastic",
    "Fuel pump controller tray, carbon fiber, 2010, new condition",
    "Camera washer nozzle, plastic, 1990",
    "Lidar mount, carbon fibre, 2022, good condition, two scratches on the visible side",
    "Tailgate latch, iron, 1985, poor",
    "Wireless charger plate, steel, 2018, good condition",
    "Amplifier bracket of carbon fiber, made in 2006, good",
    SHOWN,
)


def fill(bundle: Path | None) -> int:
    """People and components of the last days; the number of the one to show in detail."""
    import django

    django.setup()
    from django.contrib.auth.models import Group
    from django.core.management import call_command
    from django.utils import timezone

    from components.models import Component, User
    from components.services import submit_component
    from mlops.services import deployment, registration, serving

    call_command("migrate", verbosity=0)
    people = []
    for name, (first, last) in NAMES.items():
        people.append(User.objects.create_user(username=name, password=PASSWORD, first_name=first, last_name=last))
        people[-1].groups.add(Group.objects.get(name="technician"))
    version = registration.register(bundle or registration.STARTER_BUNDLE)
    deployment.deploy_champion(version, by=None)
    serving.reconcile()
    for number, text in enumerate(DESCRIPTIONS):
        external_id = f"TR-{20480 + 7 * number}" if number % 6 else ""
        component = submit_component(description=text, external_id=external_id, by=people[number % len(people)])
        entered_at = timezone.now() - timedelta(minutes=47 * (len(DESCRIPTIONS) - number))
        Component.objects.filter(pk=component.pk).update(entered_at=entered_at)
        component.labels.update(created_at=entered_at)
    Component.objects.create(description=WAITING, external_id="TR-20691", entered_by=people[0])
    return Component.objects.get(description=SHOWN).pk


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


def photograph(address: str, shown: int, out: Path) -> None:
    from playwright.sync_api import sync_playwright

    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for look, options in LOOKS.items():
            page = browser.new_context(base_url=address, **options).new_page()
            page.goto("/login/")
            page.get_by_label("Username").fill("tess")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{address}/")
            page.screenshot(path=out / f"list{look}.png")
            page.goto("/components/new/")
            page.get_by_label("Description").fill(DRAFT)
            page.get_by_label("External id").fill("TR-20700")
            page.screenshot(path=out / f"submit{look}.png")
            page.goto(f"/components/{shown}/")
            page.screenshot(path=out / f"detail{look}.png")
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, help="the model to show, instead of the starter")
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
        }
        shown = fill(arguments.bundle)
        with served() as address:
            photograph(address, shown, arguments.out)


if __name__ == "__main__":
    main()
