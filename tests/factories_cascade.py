"""A study whose small model is blind to a pattern that a scripted double can be told to see."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas

from interpretable.llm import Cached, ScriptedLLM
from interpretable.records.task import Column, Task
from interpretable.study.beside import Asking

LOW = ("very low", "low")


def make_hidden_task(**changes) -> Task:
    columns = (
        Column(name="plain", kind="number"),
        Column(name="first", kind="number"),
        Column(name="second", kind="number"),
        Column(name="place", kind="category", sensitive=True),
    )
    given = {"name": "hidden", "kind": "binary", "target": "ill", "positive": "yes", "columns": columns}
    return Task(**{**given, **changes})


def make_hidden_table(n: int = 900, *, seed: int = 1) -> pandas.DataFrame:
    """Where `plain` says little, the outcome is whether `first` and `second` lie on the same side."""
    random = np.random.default_rng(seed)
    plain, first, second = random.normal(0, 1, (3, n)).round(3)
    easy = np.abs(plain) > 0.7
    ill = np.where(easy, plain > 0, (first > 0) == (second > 0)) ^ (random.random(n) < 0.02)
    frame = pandas.DataFrame({"plain": plain, "first": first, "second": second})
    return frame.assign(place=random.choice(["north", "south"], n), ill=np.where(ill, "yes", "no"))


def sees(prompt, labels):
    """A model that reads the two columns the small model cannot put together."""
    found = dict(re.findall(r"(first|second): [^(;]*\(([-.\de]+)\)", prompt.question))
    same = (float(found["first"]) > 0) == (float(found["second"]) > 0)
    return [0.05, 0.95] if same else [0.95, 0.05]


def guesses(prompt, labels):
    """A model that says something about every row, by its text alone, and knows nothing."""
    p = (hash_of(prompt.question) % 89 + 5) / 100
    return [1 - p, p]


def hash_of(text: str) -> int:
    return sum((k + 1) * ord(c) for k, c in enumerate(text))


@dataclass(frozen=True, kw_only=True)
class Rehearsed(Asking):
    """Asks a double instead of a language model."""

    double: ScriptedLLM

    @contextmanager
    def client(self):
        yield Cached(self.double, self.folder)


def rehearse(folder, script: Callable, *, task: Task, **changes) -> Rehearsed:
    return Rehearsed(
        **{"mode": "local", "task": task, "folder": folder, "double": ScriptedLLM(script), **changes}
    )
