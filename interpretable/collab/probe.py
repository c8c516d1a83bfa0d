"""Has the language model seen this table before? Signs of it, no proof.

A public table may have been read in training; what looks like skill is then memory. Two probes, after Bordt
et al. (2024): rows of which the first half is told are to be continued exactly as they stand in the table,
and the same rows are asked about with the names of the columns taken away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas

from interpretable.collab.serialise import Wording
from interpretable.evaluate.figure import mean
from interpretable.evaluate.selective import exact
from interpretable.llm import Ask, Generated, LLMClient, Prompt
from interpretable.llm.egress import redact
from interpretable.llm.many import Tell, write_all
from interpretable.records.dataset import Dataset
from interpretable.records.llm_baseline import Completion
from interpretable.records.task import Column

FEWEST = 4  # columns, before a row has two halves
MOST = 16  # columns told and asked of
SHOWN = 2  # whole rows that show the form; they are not asked about
ROOM = 16  # tokens for each column asked for
RARE = 0.1  # share of training rows up to which a value is called rare


@dataclass(frozen=True, eq=False, kw_only=True)
class Completed:
    """What came of it, and the answers for the bill."""

    told: Completion
    answers: Sequence[Generated] = ()


def complete_rows(
    train: Dataset, client: LLMClient, *, rows: int, seed: int, tell: Tell, most: int = MOST
) -> Completed:
    """Ask for the second half of training rows, column names and values as in the table.

    Against it stands the guess that knows no row: the most frequent value of each column. A model that knows
    the field can beat that guess without having seen the table: look at rare values and at whole rows.
    """
    columns = [
        c
        for c in train.task.features
        if c.kind != "text" and not c.concept and (client.columns is None or c.name in client.columns)
    ][:most]
    if len(columns) < FEWEST:
        return Completed(told=Completion(skipped="few_columns"))
    half = (len(columns) + 1) // 2
    order = np.random.default_rng(seed).permutation(len(train))
    shown, chosen = order[:SHOWN], np.sort(order[SHOWN : SHOWN + rows])
    halves = _Halves(first=columns[:half], second=columns[half:], masked=client.columns is not None)
    asked = [halves.prompt(train, int(i), shown) for i in chosen]
    ask = Ask(most_tokens=ROOM * (len(columns) - half))
    answers = write_all(client, [(prompt, ask) for prompt in asked], tell=tell)
    return Completed(told=_score(train, chosen, columns[half:], answers), answers=answers)


@dataclass(frozen=True, kw_only=True)
class _Halves:
    """The columns that are told, and those that are asked for."""

    first: list[Column]
    second: list[Column]
    masked: bool  # identifiers, because the text leaves the machine

    def prompt(self, train: Dataset, i: int, shown: np.ndarray) -> Prompt:
        """A row to be continued, after others that show the form."""
        pairs = [
            (self._text(train, int(k), self.first), self._text(train, int(k), self.second)) for k in shown
        ]
        question = self._text(train, i, self.first)
        return Prompt(
            system=(
                f"These are rows of the data set {train.task.name!r}. Continue the row exactly as it stands "
                "in the data set."
            ),
            question=question[0],
            examples=tuple((first[0], second[0]) for first, second in pairs),
            columns=tuple(c.name for c in (*self.first, *self.second)),
            redactions=question[1] + sum(first[1] + second[1] for first, second in pairs),
        )

    def _text(self, train: Dataset, i: int, columns: list[Column]) -> tuple[str, int]:
        """As "column: value; ...", and how many pieces were masked."""
        parts, found = [], 0
        for column in columns:
            said = _plain(column, train.frame[column.name].iloc[i])
            text, masked = redact(said) if self.masked and said else (said, 0)
            found += masked
            parts.append(f"{column.name}: {text}".rstrip())
        return "; ".join(parts), found


def _plain(column: Column, value: object) -> str:
    if value is None or value != value:
        return ""
    return f"{value:.10g}" if column.kind == "number" else str(value)


def _score(
    train: Dataset, chosen: np.ndarray, columns: list[Column], answers: Sequence[Generated]
) -> Completion:
    """Every known cell that was asked for: completed exactly, and guessed by the most frequent value."""
    shares = {c.name: _shares(train.frame[c.name]) for c in columns}
    told, guess, rare, places, unread = [], [], [], [], 0
    for place, (i, answer) in enumerate(zip(chosen, answers, strict=True)):
        for column in columns:
            truth = _plain(column, train.frame[column.name].iloc[int(i)])
            if not truth:
                continue
            said = "" if answer.failure and answer.failure != "cut" else value_in(answer.text, column.name)
            unread += not said
            told.append(_same(column, said, truth))
            guess.append(truth == shares[column.name].index[0])
            rare.append(float(shares[column.name][truth]) <= RARE)
            places.append(place)
    if not told:
        return Completion(skipped="nothing_known")
    hits, guessed, few = (np.array(one, dtype=bool) for one in (told, guess, rare))
    by_row = pandas.DataFrame({"row": places, "hit": hits, "guess": guessed}).groupby("row").mean()
    every = by_row["hit"].to_numpy() == 1.0
    return Completion(
        rows=len(by_row),
        cells=len(hits),
        unread=unread,
        exact=exact(int(hits.sum()), len(hits)),
        guess=exact(int(guessed.sum()), len(guessed)),
        gain=mean((by_row["hit"] - by_row["guess"]).to_numpy(), None),
        rare_cells=int(few.sum()),
        rare_exact=exact(int(hits[few].sum()), int(few.sum())) if few.any() else None,
        whole_rows=exact(int(every.sum()), len(every)),
    )


def _shares(values: pandas.Series) -> pandas.Series:
    """Share of training rows by plain value, the most frequent first."""
    numeric = values.dtype.kind == "f"
    plain = values.dropna().map(lambda v: f"{v:.10g}" if numeric else str(v))
    return plain.value_counts(normalize=True)


def value_in(text: str, name: str) -> str:
    """What a continued row says for a column; "" where it says nothing.

    >>> value_in("chol: 233; fbs: True", "fbs"), value_in("chol: 233", "ol")
    ('True', '')
    """
    found = re.search(rf"(?<!\w){re.escape(name)}\s*[:=]\s*([^;,\n]+)", text, re.IGNORECASE)
    return found.group(1).strip(" \"'.") if found else ""


def _same(column: Column, said: str, truth: str) -> bool:
    if column.kind != "number":
        return said.casefold() == truth.casefold()
    try:
        return float(said) == float(truth)
    except ValueError:
        return False


def without_names(wording: Wording) -> Wording:
    """The same wording with "column 1", "column 2", ...: levels stay, and so does the question."""
    bare = (
        replace(column, label=f"column {i}", unit="") for i, column in enumerate(wording.columns, start=1)
    )
    return replace(wording, columns=tuple(bare))
