"""Ways of asking a language model about the same rows: what each puts into the prompt.

- zero: the row alone.
- shots: after the nearest training rows with their outcomes, as many of each class as can be.
- hint: with the small model's own answer and how sure it is, in words (SuperICL: Xu et al., 2023).
- card: with a few sentences on what the small model learned (`context_card`), as knowledge of the field.
- guide: with the passages of the institution's own guidelines that its levels and texts find (BM25).

What leaves the machine must be allowed: examples and hints tell of outcomes, and a hint tells of every column
that the small model reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import get_args

import numpy as np

from interpretable.collab import serialise
from interpretable.collab.context_card import Card
from interpretable.collab.guidelines import Guidelines, for_prompt, for_row, may_leave
from interpretable.collab.retrieve import NearestShots
from interpretable.llm import Prompt
from interpretable.records.dataset import Dataset
from interpretable.records.llm_baseline import ModeName
from interpretable.score.scorer import Scorer

MODES: tuple[ModeName, ...] = get_args(ModeName)
USUAL: tuple[ModeName, ...] = tuple(mode for mode in MODES if mode != "guide")  # few tasks name guidelines
SILENT = ("zero", "guide")  # modes that tell of no outcome
FREE = "N/A"  # what stands for a value in a row without content (Zhao et al., 2021)
FREE_TEXTS = (FREE, "[MASK]", "not known")
FREE_ROWS = 3  # rows whose examples the contentless row is asked after
SURE = ((0.6, "hardly sure"), (0.75, "somewhat sure"), (0.9, "fairly sure"), (1.01, "very sure"))


@dataclass(frozen=True, eq=False, kw_only=True)
class Part:
    """Rows to ask about, and what the small model says of them: f8[n, K] chances, or f8[n] values.

    Of training rows that must come from fits that did not see them.
    """

    rows: Dataset
    small: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, positions: np.ndarray) -> Part:
        return Part(rows=self.rows.take(positions), small=self.small[positions])


@dataclass(frozen=True, eq=False, kw_only=True)
class Prompter:
    """Makes the prompts of every mode."""

    wording: serialise.Wording
    train: Dataset  # examples come from here
    scorer: Scorer  # in whose effects rows are near each other
    shots: int
    card: Card
    seed: int = 0
    guidelines: Guidelines | None = None

    @cached_property
    def _nearest(self) -> NearestShots:
        return NearestShots(self.scorer, self.train, seed=self.seed)

    def why_not(self, mode: ModeName, allowed: Sequence[str] | None) -> str:
        """Code of why a mode cannot be asked, or ""; `allowed` None: nothing leaves the machine."""
        task = self.wording.task
        if mode == "guide":
            may = allowed is None or may_leave(task)
            return "no_guidelines" if self.guidelines is None else "" if may else "guidelines_not_allowed"
        if allowed is not None and mode not in SILENT and task.target not in allowed:
            return "target_not_allowed"
        read = {f.name for f in self.scorer.features}
        if allowed is not None and mode == "hint" and not read <= set(allowed):
            return "columns_not_allowed"
        return "nothing_to_tell" if mode == "card" and not self.card.text else ""

    def prompts(self, mode: ModeName, part: Part) -> list[Prompt]:
        """One prompt per row of the part."""
        return [self._prompt(mode, part, i) for i in range(len(part))]

    def contentless(self, mode: ModeName, part: Part) -> list[Prompt]:
        """Prompts whose row says nothing: what the model answers anyway. Examples are those of `part`."""
        if mode == "shots":
            few = self.prompts(mode, part.take(np.arange(min(FREE_ROWS, len(part)))))
            return [replace(one, question=self.wording.free_row(FREE)) for one in few]
        bare = self._dressed(Prompt(system=self.wording.system, question="", columns=self._columns), mode)
        hint = f"\nA small statistical model, fitted to past cases, says: {FREE}." if mode == "hint" else ""
        return [replace(bare, question=self.wording.free_row(text) + hint) for text in FREE_TEXTS]

    @property
    def _columns(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.wording.columns)

    def _prompt(self, mode: ModeName, part: Part, i: int) -> Prompt:
        examples = self._examples(part, i) if mode == "shots" else []
        prompt = make_prompt(self.wording, serialise.values_of(part.rows, i), examples)
        if mode == "hint":
            prompt = replace(prompt, question=f"{prompt.question}\n{self.hint(part.small[i])}")
        if mode == "guide" and self.guidelines is not None:
            values = serialise.values_of(part.rows, i)
            said = for_prompt(
                for_row(self.guidelines, values, self.wording.columns),
                self.wording.task,
                leaves=self.wording.masked,
            )
            prompt = replace(prompt, question=f"{said}{prompt.question}")
        return self._dressed(prompt, mode)

    def _examples(self, part: Part, i: int) -> list[tuple[dict, float]]:
        row = part.rows.take(np.array([i]))
        places = self._nearest.positions(row, self.shots, self.train.classes)
        return [(serialise.values_of(self.train, p), self.train.target[p]) for p in places]

    def _dressed(self, prompt: Prompt, mode: ModeName) -> Prompt:
        """The card in the system text, and every column that the prompt tells of."""
        target = self.wording.task.target
        if mode == "card":
            columns = dict.fromkeys((*prompt.columns, *self.card.columns, target))
            return replace(prompt, system=f"{self.card.text}\n{prompt.system}", columns=tuple(columns))
        if mode == "hint":
            read = (f.name for f in self.scorer.features)
            return replace(prompt, columns=tuple(dict.fromkeys((*prompt.columns, *read, target))))
        return prompt

    def hint(self, small: np.ndarray) -> str:
        """What the small model says of a row, and how sure it is."""
        said = "A small statistical model, fitted to past cases, says"
        if self.wording.task.kind == "regression":
            return f"{said} {number_of(self.wording, float(small))}."
        best = int(np.argmax(small))
        chance = float(small[best])
        word = next(name for end, name in SURE if chance < end)
        share = "" if self.wording.brief else f" (about {round(100 * chance)} in 100)"
        return f"{said} {self.wording.codes[best]}; it is {word}{share}."


def make_prompt(
    wording: serialise.Wording, values: dict, examples: Sequence[tuple[dict, float]] = ()
) -> Prompt:
    """As `serialise.make_prompt`; the answer of an example may be an amount."""
    if wording.task.kind != "regression":
        return serialise.make_prompt(wording, values, [(row, int(y)) for row, y in examples])
    prompt = serialise.make_prompt(wording, values)
    if not examples:
        return prompt
    shown = [wording.row(row, words=serialise.SHOT_WORDS) for row, _ in examples]
    answers = [f'{{"value": {y:.4g}}}' for _, y in examples]
    return replace(
        prompt,
        examples=tuple(zip((wording.fence(text) for text, _ in shown), answers, strict=True)),
        columns=(*prompt.columns, wording.task.target),
        redactions=sum((masked for _, masked in shown), Counter(prompt.redactions)),
    )


def number_of(wording: serialise.Wording, value: float) -> str:
    """An amount of the target, with its unit."""
    unit = wording.task.target_unit
    return f"{value:.4g} {unit}" if unit else f"{value:.4g}"
