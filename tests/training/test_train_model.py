"""`manage.py train_model` goes the whole way from a configuration to a bundle that serves."""

import importlib.util
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mlops.contracts import Label
from mlops.runtime import bundle as bundles
from mlops.runtime.bundle import Bundle
from mlops.runtime.servable import Servable

ROOT = Path(__file__).resolve().parents[2]
GOOD = "good condition steel component manufactured in 2012"
BAD = "iron component manufactured in 1998 in good condition"


@pytest.fixture(scope="module")
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory, said: io.StringIO) -> Bundle:
    out = tmp_path_factory.mktemp("quick") / "bundle"
    call_command("train_model", quick=True, out=out, stdout=said)
    return bundles.read(out)


def test_a_quick_model_serves_and_points_the_right_way(quick: Bundle) -> None:
    good, bad = Servable.load(quick).classify([GOOD, BAD])

    assert (good.label, bad.label) == (Label.COMPLIANT, Label.NON_COMPLIANT)
    assert good.score < quick.manifest.threshold <= bad.score


def test_it_says_what_it_does_and_where_the_bundle_is(quick: Bundle, said: io.StringIO) -> None:
    assert "Epoch 1 of" in said.getvalue()
    assert said.getvalue().rstrip().endswith(f"Packed {quick.model_version} at {quick.path} ({quick.digest}).")


def test_the_ten_texts_of_the_reference_data_are_all_golden(quick: Bundle) -> None:
    assert sum(sample.kind == "lab" for sample in quick.golden) == 10


def test_golden_texts_it_gets_wrong_are_left_out_and_confessed(quick: Bundle) -> None:
    wrong = quick.manifest.metrics["golden"]["wrong"]  # type: ignore[index,call-overload]

    assert not {sample.text for sample in quick.golden} & set(wrong)
    assert all(repr(text) in quick.card for text in wrong)


def test_parity_floor_and_speed_are_recorded(quick: Bundle) -> None:
    metrics = json.loads(json.dumps(quick.manifest.metrics))

    assert metrics["parity"]["fp32"]["same_label"] == metrics["parity"]["fp32"]["texts"] == 500
    assert 0.5 < metrics["floor"]["combinations"]["share"] <= 1
    assert {timing["model"] for timing in metrics["speed_ms_per_text"]} == {"torch", "fp32", "int8"}


def test_the_lineage_names_data_code_configuration_and_libraries(quick: Bundle) -> None:
    lineage = json.loads(json.dumps(quick.manifest.lineage))

    assert lineage["data_digest"].startswith("sha256:")
    counts, asked = lineage["data_counts"], lineage["config"]["data"]
    assert counts["train"] + counts["validation"] + counts["left_out"] == asked["train"] + asked["validation"]
    assert counts["train"] > 6300
    assert lineage["config"]["seed"] == 7
    assert {"torch", "transformers", "onnxruntime"} <= set(lineage["libraries"])
    assert lineage["code_commit"]


def test_the_reference_counts_every_held_out_text(quick: Bundle) -> None:
    reference = json.loads(json.dumps(quick.reference))

    assert reference["rows"] == 500
    for name in ("score", "tokens", "characters"):
        assert sum(reference[name]["counts"]) == 500
        assert len(reference[name]["edges"]) == len(reference[name]["counts"]) + 1
    assert sum(reference["label_share"].values()) == pytest.approx(1)
    assert 0 < reference["terms"]["condition"] <= 1


def test_no_checkpoint_is_left_behind(quick: Bundle) -> None:
    assert [path.name for path in quick.path.parent.iterdir()] == ["bundle"]


def test_a_bundle_is_never_written_over(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="does not exist yet"):
        call_command("train_model", quick=True, out=tmp_path)


def test_a_wrong_configuration_is_a_sentence(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text('{"sead": 1}')

    with pytest.raises(CommandError, match="no setting sead"):
        call_command("train_model", config=config, out=tmp_path / "bundle")


def test_quick_and_a_configuration_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="either"):
        call_command("train_model", quick=True, config=tmp_path / "c.json", out=tmp_path / "bundle")


def test_without_pytorch_it_says_what_to_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else found(name))

    with pytest.raises(CommandError, match="make train-setup"):
        call_command("train_model", out=tmp_path / "bundle")


def test_asking_for_help_loads_nothing_heavy() -> None:
    asked = (
        "import sys; from mlops.management.commands import train_model; train_model.Command().create_parser('', '');"
        "print([name for name in ('torch', 'transformers', 'sklearn', 'onnxruntime') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
