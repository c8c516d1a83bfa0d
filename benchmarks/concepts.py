"""What a text read through eight concepts only costs, on the sample of text messages.

python -m benchmarks.concepts

Quick studies on the same parts: the full text, the eight concepts of concepts_sms.toml alone, and both. Also
texts per second through these concepts.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from interpretable.data import read_task
from interpretable.data.concepts import ask
from interpretable.records.task import Task
from interpretable.study import train
from interpretable.study.sources import gather

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "sample_data" / "sms_spam"
FIGURES = ("auroc", "auprc", "log_loss", "sensitivity")


def task_text(*, concepts: bool, exclude: bool) -> str:
    """The sample's task with the concepts named, and the words of the text left out or not."""
    text = (SAMPLE / "task.toml").read_text(encoding="utf-8")
    text = text.replace('data = "data.csv"', f'data = "{(SAMPLE / "data.csv").as_posix()}"')
    if concepts:
        named = (HERE / "concepts_sms.toml").as_posix()
        text = text.replace('[columns."text"]', f'concepts = "{named}"\n\n[columns."text"]')
    return text + "exclude = true\n" * exclude


def measure(name: str, models: tuple[str, ...], **options: bool) -> None:
    """One study, one line per model."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "task.toml"
        place.write_text(task_text(**options), encoding="utf-8")
        found = train(place, out=Path(folder) / "study", models=models, quick=True, llm="off").evidence
    for model in found.models:
        shown = [
            f"{k} {f.value:.3f} ({f.low:.3f} to {f.high:.3f})" for k in FIGURES for f in [model.metrics[k]]
        ]
        print(f"{name}, {model.name}, n = {model.n}: {', '.join(shown)}")


def speed(task: Task, rows: int = 50_000) -> float:
    """Texts per second of processor time."""
    texts = gather(task, SAMPLE / "data.csv")[0].frame["text"].to_numpy().repeat(rows // 4862 + 1)[:rows]
    began = time.process_time()
    ask(task.concepts, texts)
    return rows / (time.process_time() - began)


def main() -> None:
    """Print the figures of docs/explanation/concepts.md."""
    measure("concepts only", ("logistic", "ebm"), concepts=True, exclude=True)
    measure("text and concepts", ("text",), concepts=True, exclude=False)
    measure("text", ("text",), concepts=False, exclude=False)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "task.toml"
        place.write_text(task_text(concepts=True, exclude=True), encoding="utf-8")
        print(f"{speed(read_task(place)):,.0f} texts per second of processor time")


if __name__ == "__main__":
    main()
