#!/usr/bin/env python3
"""Copy the front-end files we use out of their npm packages into static/vendor, and record their SHA-384.

Needed only when package.json there changes (needs npm):

    python scripts/vendor_assets.py

Commit what it writes. A test compares the committed files with the record in static/vendor/checksums.json.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"

# The file in its package: where it goes below static/vendor. Each package comes with its licence.
FILES = {
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter/inter-latin-wght-normal.woff2",
    "@fontsource-variable/inter/LICENSE": "inter/LICENSE",
}


def install() -> Path:
    """A folder with the packages that package.json and its lock name; nothing of theirs is run."""
    folder = Path(tempfile.mkdtemp(prefix="vendor-assets-"))
    for name in ("package.json", "package-lock.json", ".npmrc"):
        if (VENDOR / name).exists():
            shutil.copy(VENDOR / name, folder)
    subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)  # noqa: S607
    shutil.copy(folder / "package-lock.json", VENDOR)
    return folder


def main() -> None:
    folder = install()
    try:
        checksums = {}
        for source, name in sorted(FILES.items(), key=lambda pair: pair[1]):
            content = (folder / "node_modules" / source).read_bytes()
            target = VENDOR / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            checksums[name] = "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
    finally:
        shutil.rmtree(folder)
    (VENDOR / "checksums.json").write_text(json.dumps(checksums, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
