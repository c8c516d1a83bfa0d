"""Tables for the tests of this room: small, seeded, one idea each."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from interpretable import data
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column, Task


def csv_file(text: str | bytes) -> io.BytesIO:
    return io.BytesIO(text.encode() if isinstance(text, str) else text)


def make_task(frame: pd.DataFrame, **fields) -> Task:
    """A task for this frame: numbers by their type, all else categories."""
    fields = {"name": "t", "kind": "binary", "target": "y", "positive": "1", **fields}
    roles = {fields.get(role) for role in ("target", "id", "group", "time")}
    kinds = fields.pop("kinds", {})
    columns = tuple(
        Column(name=name, kind=kinds.get(name, "number" if frame[name].dtype.kind in "if" else "category"))
        for name in frame.columns
        if name not in roles
    )
    return Task(columns=fields.pop("columns", columns), **fields)


def clean_frame(seed: int, rows: int = 300) -> pd.DataFrame:
    """Honest data: a noisy signal, a few kinds of column, values missing at random."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=rows)
    holes = rng.normal(60, 10, rows).round(1)
    holes[rng.random(rows) < 0.2] = np.nan
    return pd.DataFrame(
        {
            "x": x.round(3),
            "count": rng.poisson(2, rows),
            "weight": rng.lognormal(3, 0.6, rows).round(2),
            "holes": holes,
            "colour": rng.choice(["red", "green", "blue"], rows),
            "town": rng.choice([f"town {i}" for i in range(15)], rows),
            "flag": rng.integers(0, 2, rows),
            "y": (rng.random(rows) < 1 / (1 + np.exp(-x))).astype(int),
        }
    )


def make_dataset(frame: pd.DataFrame, **fields) -> Dataset:
    return data.from_frame(frame, make_task(frame, **fields), lenient_target=True)
