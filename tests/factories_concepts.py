"""Tasks with concepts, on small made-up notes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from interpretable import data
from interpretable.data.concepts import with_concepts
from interpretable.records.concept import Concept
from interpretable.records.task import Column, Task

SIGNED = "A. Reader, 2026-03-01"


def make_concept(**changes) -> Concept:
    given = {"name": "pain", "column": "note", "phrases": ("chest pain", "胸痛"), "negation": "negation-1"}
    return Concept(**{**given, "approved": SIGNED, **changes})


def make_concept_task(*concepts: Concept, exclude: bool = True, **changes) -> Task:
    """Predicts y from a number and from concepts of a note, whose words the model does not read."""
    columns = (
        Column(name="age", kind="number", changeable=True),
        Column(name="note", kind="text", exclude=exclude, changeable=True),
    )
    given = {"name": "t", "kind": "binary", "target": "y", "positive": "1", "columns": columns}
    return with_concepts(Task(**{**given, "concepts": concepts or (make_concept(),), **changes}))


def make_notes(rows: int = 240, seed: int = 0) -> pd.DataFrame:
    """Pain makes the outcome likely; denied pain does not. Every note is different."""
    random = np.random.default_rng(seed)
    pain = random.random(rows) < 0.3
    denied = ~pain & (random.random(rows) < 0.4)
    said = np.where(
        pain, "Chest pain since monday.", np.where(denied, "Denies chest pain.", "Here for a form.")
    )
    notes = [f"{text} Visit number {at} of the year." for at, text in enumerate(said)]
    age = random.normal(60, 9, rows).round(1)
    y = (random.random(rows) < 1 / (1 + np.exp(-(3.0 * pain - 1.5)))).astype(int)
    return pd.DataFrame({"age": age, "note": notes, "y": y})


def read_notes(frame: pd.DataFrame, task: Task | None = None, **options):
    return data.from_frame(frame, task or make_concept_task(), **options)
