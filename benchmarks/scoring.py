"""Rows per CPU second of batch scoring, and CPU seconds of a cold start. Run: python benchmarks/scoring.py

Figures of one machine: compare them only with figures of the same run.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

import pandas

import interpretable

ROWS = 100_000
COLD = """
import sys, time
import interpretable, pandas
frame = pandas.read_csv(sys.argv[2], nrows=1)
interpretable.load(sys.argv[1]).score(frame, reasons=4)
print(time.process_time())
"""


def study(folder: Path, model: str) -> Path:
    task = Path(str(files("interpretable_samples"))) / "german_credit" / "task.toml"
    interpretable.train(task, out=folder / model, models=[model], quick=True, llm="off")
    return folder / model


def cpu_of(path: Path, frame: pandas.DataFrame, reasons: int) -> float:
    model = interpretable.load(path)
    start = time.process_time()
    model.score(frame, reasons=reasons)
    return time.process_time() - start


def main() -> None:
    data = Path(str(files("interpretable_samples"))) / "german_credit" / "data.csv"
    once = pandas.read_csv(data)
    many = pandas.concat([once] * (ROWS // len(once)), ignore_index=True)
    print(f"{platform.platform(terse=True)}, Python {platform.python_version()}, pandas {pandas.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        for model in ("ebm", "logistic"):
            path = study(Path(folder), model)
            for reasons in (0, 4):
                seconds = cpu_of(path, many, reasons)
                print(f"{model}, {reasons} reasons: {len(many) / seconds:,.0f} rows per CPU second")
            command = [sys.executable, "-c", COLD, str(path), str(data)]
            cold = min(float(subprocess.check_output(command)) for _ in range(3))
            print(f"{model}, cold start to one scored row: {cold:.2f} CPU seconds")


if __name__ == "__main__":
    main()
