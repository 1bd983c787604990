"""What a forger does to an unpacked pack, who knows its format and computes every digest anew at the end."""

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path

from audit.canonical import encode


def digest_anew(folder: Path) -> None:
    """What a forger who knows the format does at the end."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != "DIGESTS"]
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder)}\n" for file in files]
    (folder / "DIGESTS").write_text("".join(sorted(lines)))


def lines_of(folder: Path, name: str) -> list[bytes]:
    return (folder / name).read_bytes().splitlines(keepends=True)


def edit(folder: Path, name: str, number: int, **news: object) -> None:
    """Change fields of one line, in the form that the application writes."""
    lines = lines_of(folder, name)
    lines[number] = encode(json.loads(lines[number]) | news) + b"\n"
    (folder / name).write_bytes(b"".join(lines))


def edit_row(folder: Path, ledger: str, **news: object) -> None:
    lines = [json.loads(line) for line in lines_of(folder, "rows.jsonl")]
    next(line for line in lines if line["ledger"] == ledger)["row"].update(news)
    (folder / "rows.jsonl").write_bytes(b"".join(encode(line) + b"\n" for line in lines))


def leave_out(folder: Path, name: str, number: int) -> None:
    lines = lines_of(folder, name)
    del lines[number]
    (folder / name).write_bytes(b"".join(lines))


def swap(folder: Path, name: str, first: int, second: int) -> None:
    lines = lines_of(folder, name)
    lines[first], lines[second] = lines[second], lines[first]
    (folder / name).write_bytes(b"".join(lines))


def replace(folder: Path, name: str, old: bytes, new: bytes) -> None:
    content = (folder / name).read_bytes()
    assert old in content
    (folder / name).write_bytes(content.replace(old, new, 1))


def replace_all(folder: Path, name: str, old: bytes, new: bytes) -> None:
    (folder / name).write_bytes((folder / name).read_bytes().replace(old, new))


def edit_summary(folder: Path, **news: object) -> None:
    summary = json.loads((folder / "pack.json").read_bytes())
    (folder / "pack.json").write_bytes(encode(summary | news) + b"\n")


def cut_tail(folder: Path) -> None:
    """Cut off the last event, which is about something else, and say that the chain ends before it."""
    lines = lines_of(folder, "chain.txt")
    position, _, digest = lines[-2].decode().split()
    (folder / "chain.txt").write_bytes(b"".join(lines[:-1]))
    edit_summary(folder, head={"position": int(position), "digest": digest})


def forge_chain(folder: Path) -> None:
    """Change the last event, and compute its digests and the chain's anew."""
    events, links = lines_of(folder, "events.jsonl"), lines_of(folder, "chain.txt")
    event = json.loads(events[-1])
    at = next(number for number, line in enumerate(links) if line.startswith(b"%d " % event["position"]))
    event["address"] = "192.0.2.9"
    events[-1] = encode(event) + b"\n"
    previous = links[at - 1].decode().split()[2]
    payloads = [hashlib.sha256(encode(event)).hexdigest(), *(line.decode().split()[1] for line in links[at + 1 :])]
    for offset, payload in enumerate(payloads):
        previous = hashlib.sha256((previous + payload).encode()).hexdigest()
        links[at + offset] = f"{event['position'] + offset} {payload} {previous}\n".encode()
    (folder / "events.jsonl").write_bytes(b"".join(events))
    (folder / "chain.txt").write_bytes(b"".join(links))
    edit_summary(folder, head={"position": int(links[-1].split()[0]), "digest": previous})


def move_anchor(folder: Path) -> None:
    """Have the anchor tell of another event that the pack knows."""
    edit(folder, "anchors.jsonl", 0, position=int(lines_of(folder, "chain.txt")[1].split()[0]))


def card_of(folder: Path, ending: str) -> str:
    (card,) = (folder / "model_cards").glob(f"*{ending}")
    return str(card.relative_to(folder))


def edit_version(folder: Path, **news: object) -> None:
    """Change fields of what pack.json says of the one model version."""
    (version,) = json.loads((folder / "pack.json").read_bytes())["model_versions"]
    edit_summary(folder, model_versions=[version | news])


def drop_manifest(folder: Path, **news: object) -> None:
    (folder / card_of(folder, ".json")).unlink()
    edit_version(folder, manifest="", **news)


def rename_version(folder: Path) -> None:
    """Give the version another name wherever the pack has it, and leave the manifest out, which would tell."""
    drop_manifest(folder, name="other:9", card="model_cards/other-9-1.md")
    (folder / card_of(folder, ".md")).rename(folder / "model_cards" / "other-9-1.md")
    for name in ("decisions.jsonl", "decisions.csv", "components.jsonl"):
        replace_all(folder, name, b"tiny:1", b"other:9")


def rewrite_card(folder: Path) -> None:
    drop_manifest(folder)
    (folder / card_of(folder, ".md")).write_text("# A card of quite another model")


def put_in_a_version(folder: Path) -> None:
    """A version that nobody registered, with a file of its own as the card."""
    invented = {"id": 4711, "name": "x:1", "card": "model_cards/x-1-4711.md", "manifest": "", "digest": "sha256:0"}
    (folder / "model_cards" / "x-1-4711.md").write_text("All is well.")
    versions = json.loads((folder / "pack.json").read_bytes())["model_versions"]
    edit_summary(folder, model_versions=[*versions, invented])


def rename_card(folder: Path) -> None:
    (folder / card_of(folder, ".md")).rename(folder / "model_cards" / "approved.md")
    edit_version(folder, card="model_cards/approved.md")


def leave_text_out(folder: Path) -> None:
    (line,) = lines_of(folder, "regulations.jsonl")
    told = {name: value for name, value in json.loads(line).items() if name != "text"}
    (folder / "regulations.jsonl").write_bytes(encode(told) + b"\n")


def put_in_a_regulation(folder: Path) -> None:
    line = lines_of(folder, "regulations.jsonl")[0]
    more = json.loads(line) | {"regulation": 99, "code": "TREY-2099-1"}
    (folder / "regulations.jsonl").write_bytes(line + encode(more) + b"\n")


def put_off(folder: Path, name: str, hours: float) -> None:
    """Have the range begin or end so many hours later."""
    told = datetime.fromisoformat(json.loads((folder / "pack.json").read_bytes())[name])
    edit_summary(folder, **{name: (told + timedelta(hours=hours)).isoformat(timespec="microseconds")})


def scope_of(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "pack.json").read_bytes())["scope"])
