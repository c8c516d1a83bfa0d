"""Sentences that stand word for word in many texts: forms, disclaimers. They are counted, never shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from interpretable.data.checks.base import CHECKS, known_target
from interpretable.data.checks.leakage import NEAR_PERFECT
from interpretable.data.checks.marks import Told, mark_against_outcome
from interpretable.data.textblocks import lengths_in_words, plain_texts
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

_CUT = re.compile(r"[\n\r\x0b\x0c\u2028]+|(?<=[.!?;])\s+|(?<=[。！？；])")
_FEWEST_WORDS = 4  # of a sentence
_FEWEST_TEXTS, _SHARE = 20, 0.01  # different texts, and share of the rows, that make a sentence boilerplate
_MOST_ROWS = 50_000  # looked at, spread evenly over more
_MOST_SENTENCES = 200  # tested against the outcome
_LEVEL = 0.01


@CHECKS.add("boilerplate")
def check_boilerplate(dataset: Dataset) -> Iterator[Finding]:
    """Repeated sentences, and whether one of them goes with the outcome."""
    rows = np.flatnonzero(known_target(dataset))
    rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), _MOST_ROWS)).astype(np.int64)]
    for column in dataset.task.text_columns:
        found = repeated(dataset.frame[column.name].to_numpy()[rows].tolist())
        if found:
            held = np.unique(np.concatenate([where for where, _ in found]))
            yield Finding(
                code="boilerplate_texts",
                severity="note",
                subject=column.name,
                parameters={
                    "sentences": len(found),
                    "count": len(held),
                    "rows": len(rows),
                    "rate": len(held) / len(rows),
                    "most": len(found[0][0]),
                    "words": found[0][1],
                },
            )
            yield from _telling(dataset, column.name, rows, found)


def repeated(texts: list[str | None]) -> list[tuple[np.ndarray, float]]:
    """Rows int64 and length in words of each boilerplate sentence, the most frequent first.

    A text that is nothing but the sentence is one text, however often it was sent.
    """
    pieces = [_CUT.split(text) if text else [] for text in texts]
    plain = plain_texts([piece for parts in pieces for piece in parts])
    held = pd.DataFrame({"row": np.repeat(np.arange(len(pieces)), [len(parts) for parts in pieces])})
    held["words"], held["sentence"] = lengths_in_words(plain), pd.factorize(np.array(plain, dtype=object))[0]
    held = held[held["words"] >= _FEWEST_WORDS].drop_duplicates(["row", "sentence"])
    held["text"] = pd.factorize(np.array(plain_texts(texts), dtype=object))[0][held["row"]]
    counts = held.groupby("sentence").agg(texts=("text", "nunique"), rows=("row", "size"))
    common = counts[(counts["texts"] >= _FEWEST_TEXTS) & (counts["rows"] >= _SHARE * len(texts))]
    common = common.sort_values("rows", ascending=False, kind="stable")
    chosen = held[held["sentence"].isin(common.index)].groupby("sentence")
    return [
        (part["row"].to_numpy(), float(part["words"].iloc[0])) for part in map(chosen.get_group, common.index)
    ]


def _telling(dataset: Dataset, name: str, rows: np.ndarray, found: list) -> Iterator[Finding]:
    """The sentence that says most about the outcome, if any says much."""
    target, best = dataset.target[rows], None
    for where, words in (tested := found[:_MOST_SENTENCES]):
        mark = np.zeros(len(rows), dtype=bool)
        mark[where] = True
        told = None if mark.all() else mark_against_outcome(dataset, target, mark)
        if told and told.p_value < _LEVEL / len(tested) and (best is None or told.p_value < best[0].p_value):
            best = told, mark, words
    if best:
        told, mark, words = best
        yield Finding(
            code="boilerplate_predicts_target",
            severity="must_fix" if _decides(dataset, told, target, mark) else "look",
            subject=name,
            parameters={
                "count": int(mark.sum()),
                "words": words,
                "outcome": told.outcome,
                "outcome_with": told.marked,
                "outcome_without": told.others,
                "p_value": told.p_value,
                "target": dataset.task.target,
            },
        )


def _decides(dataset: Dataset, told: Told, target: np.ndarray, mark: np.ndarray) -> bool:
    """Whether the sentence alone orders the named class almost perfectly."""
    if not told.outcome:
        return False
    event = target == dataset.classes.index(told.outcome)
    return bool(0.5 + abs(mark[event].mean() - mark[~event].mean()) / 2 > NEAR_PERFECT)
