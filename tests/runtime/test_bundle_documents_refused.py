"""What is wrong in a bundle's documents is found before anything of it is used, and the sentence names the file."""

import json
from pathlib import Path

import pytest

from mlops.exceptions import ArtifactCorrupt, UnsupportedFormat
from mlops.runtime.bundle import read
from mlops.runtime.manifest import MOST_GOLDEN
from tests.bundles import reseal, seal, tiny_manifest, write_tiny_bundle


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_tiny_bundle(tmp_path / "bundle")


@pytest.mark.parametrize("changes", [{"format": 2}, {"format": 99, "labels": {"new": "kind"}, "metrics": None}])
def test_a_newer_format_asks_for_an_upgrade(path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(UnsupportedFormat, match="upgrade the application"):
        read(reseal(path, changes))


def test_a_newer_format_may_have_other_files_and_still_asks_for_an_upgrade(path: Path) -> None:
    reseal(path, {"format": 2})
    (path / "golden.json").rename(path / "golden.jsonl")
    with pytest.raises(UnsupportedFormat, match="upgrade the application"):
        read(path)


@pytest.mark.parametrize("field", [*tiny_manifest(), "files"])
def test_a_manifest_that_lacks_a_field_is_refused(path: Path, field: str) -> None:
    with pytest.raises(ArtifactCorrupt, match=field):
        read(reseal(path, {field: None}))


INPUT = {"ids": "input_ids", "mask": "attention_mask", "max_tokens": 32}
CALIBRATION = {"method": "platt", "scale": 1.0, "offset": 0.0}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("format", value) for value in (0, -1, True, "1", 1.0)),
        *(("name", value) for value in ("", "Tiny", "../tiny", "-tiny", "a" * 65, "tiny\n", 1)),
        *(("version", value) for value in ("", "1/2", ".1", "1" * 33, "1 ", 1)),
        *(("created_at", value) for value in ("", "yesterday", "2026-11-21T05:00:00", 1795237200)),
        *(("labels", value) for value in ([], ["non-compliant", "compliant"], ["compliant"], "compliant", {})),
        *(("input", {**INPUT, "max_tokens": value}) for value in (7, 4097, 32.0, True, "32")),
        *(("input", value) for value in ({}, [], {**INPUT, "ids": ""}, {**INPUT, "mask": 1}, {**INPUT, "more": 1})),
        *(("output", value) for value in ("", 1, [])),
        *(("calibration", {**CALIBRATION, "method": value}) for value in ("isotonic", 1)),
        *(("calibration", {**CALIBRATION, "scale": value}) for value in ("1", True, [], 10**400, 0, -1.0)),
        ("calibration", {"method": "platt", "scale": 1.0}),
        *(("threshold", value) for value in (0, 1, 0.0, 1.0, -0.5, 1.5, "0.5", True)),
        *(("regulation", value) for value in ("", 1, [])),
        *(("metrics", value) for value in ([], "good", 1)),
        *(("lineage", value) for value in ([], {"commit": "\ud800"}, {"commit": "a\x00b"})),
        ("surprise", 1),
        ("files", {}),
    ],
)
def test_a_manifest_with_a_wrong_field_is_refused(path: Path, field: str, value: object) -> None:
    with pytest.raises(ArtifactCorrupt, match=r"manifest\.json .*") as refusal:
        read(reseal(path, {field: value}))
    assert refusal.type is ArtifactCorrupt


@pytest.mark.parametrize(
    "entry", [{}, [], {"sha256": "0" * 64}, {"sha256": "no", "bytes": 1}, {"sha256": "0" * 64, "bytes": "1"}]
)
def test_a_manifest_with_a_wrong_file_entry_is_refused(path: Path, entry: object) -> None:
    manifest = json.loads((path / "manifest.json").read_bytes())
    manifest["files"]["card.md"] = entry
    with pytest.raises(ArtifactCorrupt, match=r"files\.card\.md"):
        read(seal(path, json.dumps(manifest).encode()))


NOT_JSON = {
    "empty": b"",
    "cut": b'{"format": 1',
    "not UTF-8": b'{"format": "\xff"}',
    "UTF-16": '{"format": 1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a list": b"[]",
    "a key twice": b'{"format": 1, "format": 1}',
    "a key twice inside": b'{"format": 1, "metrics": {"a": 1, "a": 1}}',
    "NaN": b'{"format": NaN}',
    "infinity": b'{"format": -Infinity}',
    "too large": b'{"format": 1e999}',
    "too many digits": b'{"format": ' + b"1" * 5000 + b"}",
    "too deep": b'{"format":' * 100_000,
    "code": b"__import__('os').abort()",
}


@pytest.mark.parametrize("content", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_a_manifest_that_is_not_json_is_refused(path: Path, content: bytes) -> None:
    with pytest.raises(ArtifactCorrupt, match=r"manifest\.json (is|does)"):
        read(seal(path, content))


@pytest.mark.parametrize("name", ["golden.json", "reference.json"])
@pytest.mark.parametrize("content", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_a_data_file_that_is_not_json_is_refused(path: Path, name: str, content: bytes) -> None:
    (path / name).write_bytes(content)
    with pytest.raises(ArtifactCorrupt, match=f"{name} (is|does)"):
        read(reseal(path))


SAMPLE = {"text": "steel", "label": "compliant", "kind": "lab", "score": 0.1}
OTHER = {"text": "iron", "label": "non-compliant", "kind": "lab", "score": 0.9}


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"samples": []},
        {"samples": {}},
        {"samples": [SAMPLE, OTHER], "more": 1},
        {"samples": ["steel", OTHER]},
        {"samples": [SAMPLE]},
        {"samples": [OTHER, OTHER]},
        *({"samples": [{**SAMPLE, "text": value}, OTHER]} for value in ("", 1, None, [])),
        *({"samples": [{**SAMPLE, "label": value}, SAMPLE, OTHER]} for value in ("", "0", 0, "Compliant")),
        *({"samples": [{**SAMPLE, "kind": value}, OTHER]} for value in ("", 1)),
        *({"samples": [{**SAMPLE, "score": value}, OTHER]} for value in (-0.1, 1.1, "0.1", None)),
        *({"samples": [{k: v for k, v in SAMPLE.items() if k != field}, OTHER]} for field in SAMPLE),
    ],
)
def test_golden_samples_that_prove_nothing_are_refused(path: Path, content: object) -> None:
    (path / "golden.json").write_text(json.dumps(content))
    with pytest.raises(ArtifactCorrupt, match=r"golden\.json"):
        read(reseal(path))


@pytest.mark.parametrize(("levels", "sound"), [(62, True), (63, False), (900, False)])
def test_a_manifest_is_nested_so_deeply_and_no_deeper(path: Path, levels: int, sound: bool) -> None:
    value: object = []
    for _ in range(levels - 1):
        value = [value]
    reseal(path, {"lineage": {"deep": value}})
    if sound:
        assert read(path).manifest.as_json()["lineage"] == {"deep": value}
    else:
        with pytest.raises(ArtifactCorrupt, match=r"manifest\.json is nested more than 64 levels deep"):
            read(path)


def golden_of(count: int) -> str:
    return json.dumps({"samples": [SAMPLE, *[OTHER] * (count - 1)]})


def test_more_golden_samples_than_a_load_has_time_for_are_refused(path: Path) -> None:
    (path / "golden.json").write_text(golden_of(MOST_GOLDEN))
    assert len(read(reseal(path)).golden) == MOST_GOLDEN == 1_000
    (path / "golden.json").write_text(golden_of(MOST_GOLDEN + 1))
    with pytest.raises(ArtifactCorrupt, match=r"golden\.json has 1001 samples, more than the 1000 it may have"):
        read(reseal(path))


FLOOD = {f"field {number} \n{'x' * 1000}": 1 for number in range(1000)}


@pytest.mark.parametrize("changes", [FLOOD, {"input": FLOOD}, {"calibration": {**CALIBRATION, **FLOOD}}])
def test_a_refusal_does_not_repeat_a_flood_of_unknown_fields(path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(ArtifactCorrupt, match=r"(unknown fields|lacks)") as refusal:
        read(reseal(path, changes))
    said = str(refusal.value).removeprefix(f"The bundle {path} ")
    assert len(said) < 1_000
    assert "\n" not in said
    assert "lacks" in said or "and 995 more" in said


def test_a_reference_without_its_distributions_is_refused(path: Path) -> None:
    (path / "reference.json").write_text('{"rows": 3}')
    with pytest.raises(ArtifactCorrupt, match=r"reference\.json lacks score, tokens"):
        read(reseal(path))


@pytest.mark.parametrize(("content", "problem"), [(b"\xff\xfe", "is not UTF-8"), (b"# a\0b", "holds a NUL")])
def test_a_card_that_is_no_text_is_refused(path: Path, content: bytes, problem: str) -> None:
    (path / "card.md").write_bytes(content)
    with pytest.raises(ArtifactCorrupt, match=rf"card\.md {problem}"):
        read(reseal(path))
