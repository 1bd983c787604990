"""`python -m benchmarks.registry`: fetch and verify in seconds and memory, from a registry of the kind asked for.

Each step runs in a process of its own, of a new installation on SQLite. Memory is the most that the process had, beside
what it had before the step.
"""

import argparse
import json
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.servers import ROOT, manage
from tests.bundles import tiny_files, tiny_manifest
from tests.services import forget_settings_of_the_shell

MIB = 1024 * 1024
STARTER = ROOT / "mlops" / "starter"

_STEP = """
import json, time
from pathlib import Path
from mlops.models import ModelVersion
from mlops.runtime.examinee import peak_bytes
from mlops.services import fetching, registry, syncing, verification

def resident():
    return 1024 * next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS:"))

version = ModelVersion.objects.filter(name={name!r}).first()
registry.current()
Path("/proc/self/clear_refs").write_text("5")  # the peak from here on
before, began = resident(), time.perf_counter()
{step}
seconds = time.perf_counter() - began
after = {{"seconds": seconds, "before": before, "peak": peak_bytes()}}
version = ModelVersion.objects.filter(name={name!r}).first()
last = version.verifications.first() if version else None
print(json.dumps(after | {{
    "state": version.state if version else "",
    "child_seconds": last.seconds if last else 0, "child_peak": last.peak_bytes if last else 0,
}}))
"""
STEPS = {
    "register": "registry.register_bundle(Path({bundle!r}), by=None)",
    "sync": "syncing.sync()",
    "fetch": "fetching.fetch(version)",
    "verify": "verification.verify(version)",
}


def main() -> None:
    """Measure what the arguments ask for and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.registry", description=__doc__)
    parser.add_argument("--kind", choices=["local", "azureml"], default="local", help="the registry")
    parser.add_argument("--megabytes", type=int, default=100, help="size of the large bundle's model")
    options = parser.parse_args()

    print("| bundle | MiB | step | s | MiB before | MiB more at most | child s | child MiB at most | state |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trey-bench-")))
        large = _large_bundle(directory / "large", options.megabytes)
        forget_settings_of_the_shell()
        registry = {"REGISTRY": options.kind} | (_azure(directory, stack) if options.kind == "azureml" else {})
        _measure(directory / "first", registry, "large", large, ("register", "sync", "fetch"))
        _measure(directory / "second", registry, "component-compliance", STARTER, tuple(STEPS))


def _azure(directory: Path, stack: ExitStack) -> dict[str, str]:
    """The settings of the registry in Azurite and a stand-in of Azure ML, which this process is."""
    from tests.azure import standin
    from tests.azure.cloud import DATASTORE, running

    home = directory / "azure"
    home.mkdir()
    cloud = stack.enter_context(running(home))
    os.environ.update(cloud.environment)
    workspace, _ = cloud.workspace("AccountKey")
    return {
        "AZURE_SUBSCRIPTION_ID": standin.SUBSCRIPTION,
        "AZURE_RESOURCE_GROUP": standin.GROUP,
        "AZURE_ML_WORKSPACE": workspace.name,
        "AZURE_ML_DATASTORE": DATASTORE,
        "AZURE_CREDENTIAL": "managed_identity",
    }


def _large_bundle(path: Path, megabytes: int) -> Path:
    """A bundle that is sound as files; nobody opens its model."""
    from mlops.runtime.bundle import write

    files = tiny_files(model=os.urandom(megabytes * MIB))
    return write(path, manifest_fields=tiny_manifest(name="large"), files=files).path


def _measure(directory: Path, registry: dict[str, str], name: str, bundle: Path, steps: tuple[str, ...]) -> None:
    environment = os.environ | {
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(directory),
        "LOG_LEVEL": "WARNING",
        "REGISTRY_MODEL": name,
        **registry,
    }
    manage(environment, "migrate", "--verbosity", "0")
    size = sum(file.stat().st_size for file in bundle.iterdir()) / MIB
    for step in steps:
        code = _STEP.format(name=name, step=STEPS[step].format(bundle=str(bundle)))
        found = json.loads(manage(environment, "shell", "--no-imports", "-c", code).splitlines()[-1])
        print(
            f"| {name} | {size:.1f} | {step} | {found['seconds']:.2f} | {found['before'] / MIB:.0f} "
            f"| {(found['peak'] - found['before']) / MIB:.1f} | {found['child_seconds']:.2f} "
            f"| {found['child_peak'] / MIB:.0f} | {found['state']} |",
            flush=True,
        )
    shutil.rmtree(directory)


if __name__ == "__main__":
    main()
