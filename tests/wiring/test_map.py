"""The map of the rooms in docs/architecture.md shows every module, where it lies, and none that is gone."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("trey_compliance", "components", "mlops", "audit")
OF_THE_FRAMEWORK = {"__init__", "apps", "migrations"}
"""What every app of Django has, and nobody looks for on a map."""


def drawn() -> dict[Path, set[str]]:
    """What the map shows in each room: names stand before a gap, with `·` between, deeper rooms further right."""
    plan = (ROOT / "docs" / "architecture.md").read_text("utf-8").split("```\n")[1]
    rooms: dict[Path, set[str]] = {}
    way: list[Path] = [ROOT]
    for line in plan.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        names = [name.rstrip("/") for name in re.split(r"\s{2,}", line.strip())[0].split(" · ")]
        del way[depth + 1 :]
        rooms.setdefault(way[depth], set()).update(names)
        way.append(way[depth] / names[0])
    return rooms


def built(room: Path) -> set[str]:
    modules = {path.stem for path in room.glob("*.py")}
    return (modules | {path.name for path in room.iterdir() if path.is_dir()}) - OF_THE_FRAMEWORK - {"__pycache__"}


def test_the_map_begins_with_the_apps() -> None:
    assert drawn()[ROOT] == set(APPS)


@pytest.mark.parametrize(
    "room", [room for room in drawn() if room != ROOT], ids=lambda room: str(room.relative_to(ROOT))
)
def test_a_room_has_on_the_map_what_it_has(room: Path) -> None:
    assert drawn()[room] == built(room)
