"""`make bench`: labels a second through REST and the command line, beside the bare ONNX session, in one run.

Prints Markdown tables for docs/performance.md. Everything runs on this machine: the load shares its cores with the
server, as it does for each row alike; so read the ratios, not the absolute figures.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.load import post
from benchmarks.servers import ROOT, Installation, installation
from mlops.runtime.bundle import Bundle, read
from mlops.runtime.servable import Servable
from mlops.training.dataset import generate

STARTER = ROOT / "mlops" / "starter"


def main() -> None:
    """Measure what the arguments ask for and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--seconds", type=float, default=6.0, help="how long each load lasts")
    parser.add_argument("--lines", type=int, default=100_000, help="lines for the command")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="web processes")
    parser.add_argument("--threads", type=int, default=4, help="threads of each web process")
    options = parser.parse_args()

    texts = [example.text for example in islice(generate(4096, seed=20_261_121), 4096)]
    bundle = read(STARTER)
    print(f"{bundle.model_version}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}\n")
    bare_one, bare_batched = _bare(bundle, texts, options.seconds)
    print(
        f"\n| REST, {options.processes} processes × {options.threads} threads | clients | texts a request | labels/s "
        "| of the bare session, one core | p50 ms | p99 ms | failed |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for database in ("sqlite", "postgresql"):
        with installation(database, processes=options.processes, threads=options.threads) as running:
            _rest(running, database, texts, options.seconds, bare_one)
            if database == "sqlite":
                command_rate = _command(running, texts, options.lines)
    print("\n| command line | lines | labels/s | of the bare batched loop, all cores |")
    print("| --- | --- | --- | --- |")
    print(
        f"| `manage.py label`, start included | {options.lines} | {command_rate:.0f} | "
        f"{command_rate / bare_batched:.2f} |"
    )


def _bare(bundle: Bundle, texts: list[str], seconds: float) -> tuple[float, float]:
    """Labels a second of the session alone, tokenising included: one text at a time, and batches on all cores."""
    print("| bare session, tokenising included | threads | labels/s | p50 ms | p99 ms |")
    print("| --- | --- | --- | --- | --- |")
    rates = []
    for batch, threads in ((1, 1), (64, 1), (256, os.cpu_count() or 1)):
        servable = Servable.load(bundle, threads=threads)
        servable.classify(texts[:256])
        timings: list[float] = []
        at, start = 0, time.perf_counter()
        while (began := time.perf_counter()) < start + seconds:
            servable.classify(texts[at : at + batch])
            timings.append(time.perf_counter() - began)
            at = (at + batch) % (len(texts) - batch)
        rates.append(batch * len(timings) / sum(timings))
        p50, p99 = np.percentile(np.array(timings) * 1000, (50, 99))
        print(f"| batches of {batch} | {threads} | {rates[-1]:.0f} | {p50:.2f} | {p99:.2f} |", flush=True)
    return rates[0], rates[-1]


def _rest(running: Installation, database: str, texts: list[str], seconds: float, bare: float) -> None:
    address = f"{running.url}/api/v1/labels/"
    for clients, size in ((1, 1), (8, 1), (32, 1), (1, 256)):
        bodies = [{"texts": texts[at : at + size]} for at in range(0, len(texts) - size + 1, size)]
        load = post(address, bodies, token=running.token, clients=clients, seconds=seconds)
        rate = load.per_second * size
        print(
            f"| {database} | {clients} | {size} | {rate:.0f} | {rate / bare:.2f} | {load.p50_ms:.1f} | "
            f"{load.p99_ms:.1f} | {load.failures} |",
            flush=True,
        )


def _command(running: Installation, texts: list[str], lines: int) -> float:
    with tempfile.TemporaryDirectory() as directory:
        source = Path(directory) / "texts"
        one_line = [" ".join(text.split()) for text in texts]
        with source.open("w", encoding="utf-8") as file:
            file.writelines(one_line[number % len(one_line)] + "\n" for number in range(lines))
        with source.open("rb") as file:
            began = time.perf_counter()
            subprocess.run(
                [sys.executable, "manage.py", "label"],
                cwd=ROOT,
                env=running.environment,
                stdin=file,
                stdout=subprocess.DEVNULL,
                check=True,
            )
            return lines / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
