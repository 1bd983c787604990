"""Whatever may stand in the record is explained."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from audit.watching import watched_tables

ROOT = Path(__file__).resolve().parent.parent.parent
WRITERS = {"record", "append", "_set"}


def actions_in(source: str) -> Iterator[str]:
    """The texts given as the action to what writes events; where a table of actions chooses, all of it."""
    tree = ast.parse(source)
    tables = dict(tables_in(tree))
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "action")]
        if name not in WRITERS:
            continue
        for argument in given:
            if isinstance(argument, ast.Call) and getattr(argument.func, "attr", "") != "get":
                continue  # a list that is appended to
            for part in ast.walk(argument):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value
                if isinstance(part, ast.Name):
                    yield from tables.get(part.id, ())


def tables_in(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """The texts that a name stands for: one, or those of a table."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            values = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
            texts = [
                value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)
            ]
            yield from ((target.id, texts) for target in targets if isinstance(target, ast.Name))


def written_by_services() -> set[str]:
    sources = [path for app in ("audit", "mlops", "components") for path in (ROOT / app).rglob("*.py")]
    verbs = {
        action
        for path in sources
        if "training" not in path.parts and re.search(r"^from audit|^from \.", path.read_text("utf-8"), re.MULTILINE)
        for action in actions_in(path.read_text("utf-8"))
    }
    return {action for action in verbs if re.fullmatch(r"[a-z]+(_[a-z]+)+", action)}


def written_of_watched_tables() -> set[str]:
    found = set()
    for table in watched_tables().values():
        acts = ["added", "changed", "deleted", *(f"{relation}_changed" for relation in table.relations)]
        found |= {table.action(act) for act in acts}
    return found


def test_every_action_and_no_other_is_in_the_table() -> None:
    table = (ROOT / "docs" / "audit-pack.md").read_text("utf-8").partition("## All actions")[2]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    documented = {name for cell in cells for name in re.findall("`(.*?)`", cell)}
    assert documented == written_by_services() | written_of_watched_tables()
