"""Principal reasons for an adverse decision, by the rules of US Regulation B (12 CFR 1002.9(b)(2)).

The rule and its commentary: reasons are specific, principal, and of factors really used; more than four are
"not likely to be helpful"; that the applicant "failed to achieve a qualifying score" is no reason. So here:
only features of the model; each confirmed by scoring again with the feature at its reference, which must
improve the estimate; the largest effects first, ties in the order of the task's columns; the institution's
own wording of every column; a sensitive column is never given as a reason and never dropped in silence.

That reasons follow these rules is no statement that a decision is lawful.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from interpretable import words
from interpretable.errors import TaskError
from interpretable.explain.reference import Reference, Side
from interpretable.records.dataset import Dataset
from interpretable.records.explanation import AdverseNotice, AdverseReason, Value
from interpretable.records.task import Column, Task
from interpretable.score.reasons import BLOCK_CELLS, plain_value
from interpretable.score.repeats import FIRST
from interpretable.score.scorer import Scorer, columns_of, predicted

DECIMALS = 9  # of an effect: closer ones are tied, whatever the machine
_PLACES = {"value", "reference"}
_PLACE = re.compile(r"\{([^{}]*)\}")
_EMPTY_WORDS = (
    re.compile(r"\bscor(e|es|ing)\b[^.]*\b(low|too|insufficient|fail|below|high|minimum)", re.I),
    re.compile(r"\b(low|insufficient|failed|poor|high)\b[^.]*\bscor(e|es|ing)\b", re.I),
    re.compile("评分[^。]*(低|不足|未达|不够|高)|(低|不足|未达|不够)[^。]*评分"),
)  # fmt: skip


def wording_of(column: Column, lang: str) -> str:
    return column.adverse_zh if lang == "zh" else column.adverse


def _wording_problems(column: Column, lang: str) -> Iterator[str]:
    key = "adverse_zh" if lang == "zh" else "adverse"
    text = wording_of(column, lang).strip()
    if not text:
        yield f"Column {column.name!r} has no wording for adverse reasons. Add {key} to it in task.toml."
        return
    foreign = sorted(set(_PLACE.findall(text)) - _PLACES)
    if foreign or "{" in _PLACE.sub("", text) or "}" in _PLACE.sub("", text):
        yield f"Column {column.name!r}: {key} may hold {{value}} and {{reference}} in braces, nothing else."
    if any(pattern.search(text) for pattern in _EMPTY_WORDS):
        yield (
            f"Column {column.name!r}: {key} speaks of a score. Regulation B does not take a low score as a "
            "reason: say what about the column led to the decision."
        )


def check_wording(scorer: Scorer, task: Task, lang: str = "en") -> None:
    """TaskError that lists every used column whose wording is lacking or cannot be used.

    Sensitive columns need none: they are never given as a reason.
    """
    used = [task.column(f.name) for f in scorer.features]
    problems = [p for column in used if not column.sensitive for p in _wording_problems(column, lang)]
    if problems:
        raise TaskError(problems)


def _line(scorer: Scorer, task: Task, cut: float | None) -> float:
    line = task.cut if cut is None else cut
    if scorer.link != "logit":
        raise TaskError("Adverse reasons are defined for a task of two classes; this one has another kind.")
    if line is None:
        raise TaskError(
            "Adverse reasons need a decision line. Set threshold or harm_ratio in task.toml, or name a line."
        )
    return line


@dataclass(frozen=True, eq=False)
class _Moves:
    """Per row and feature, towards the adverse side."""

    estimate: np.ndarray  # f8[n]
    effect: np.ndarray  # f8[n, F]
    if_reference: np.ndarray  # f8[n, F]
    confirmed: np.ndarray  # bool[n, F]


def _moves(
    scorer: Scorer, reference: Reference, columns: dict[str, np.ndarray], rows: int, side: Side
) -> _Moves:
    link = scorer.link_scores(columns, rows)
    effects = reference.scorer.effects(columns, rows)
    estimate, other = predicted(scorer, link), predicted(scorer, link[:, None, :] - effects)
    sign = 1.0 if side == "above" else -1.0
    effect = sign * effects[..., 0]
    better = sign * (estimate[:, None] - other) > 0
    return _Moves(estimate, effect, other, (effect > 0) & better)


def _order(effects: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Features of one row, the largest effect first; tied ones in the order of the task's columns."""
    return np.lexsort((places, -np.round(effects, DECIMALS)))


def _text(column: Column, value: Value, reference: Value, lang: str, *, average: bool) -> str:
    """The institution's wording, its places filled; the words of a text column are never quoted."""
    private = column.kind == "text"
    shown = "" if private else words.value(value, column, lang)
    usual = "" if private else words.value(reference, column, lang)
    if average:
        usual = words.say("stability.the_average", lang)
    filled = {"value": shown, "reference": usual}
    return words.clean(_PLACE.sub(lambda found: filled[found.group(1)], wording_of(column, lang)))


class AdverseReasons:
    """Makes notices for rows by one model, reference, line and side; checks the wording table first.

    Raises TaskError where there is no line, the task has no two classes, or wording is lacking.
    """

    def __init__(
        self, scorer: Scorer, task: Task, reference: Reference, *, bundle_id: str = "",
        cut: float | None = None, side: Side = "above", lang: str = "en", most: int = FIRST,
    ):  # fmt: skip
        self.line = _line(scorer, task, cut)
        if not 1 <= most <= FIRST:
            raise TaskError(f"most is {most}; a notice gives 1 to {FIRST} reasons.")
        if side not in ("above", "below"):
            raise TaskError(f"side is {side!r}; it can be above or below: which side of the line is adverse.")
        check_wording(scorer, task, lang)
        self.scorer, self.task, self.reference = scorer, task, reference
        self.side: Literal["above", "below"] = side
        self.bundle_id, self.lang, self.most = bundle_id, lang, most
        self._columns = [task.column(f.name) for f in scorer.features]
        order = {c.name: place for place, c in enumerate(task.columns)}
        self._places = np.array([order[c.name] for c in self._columns])

    def of(self, rows: Dataset) -> tuple[AdverseNotice, ...]:
        """One notice per row, in the order of the rows."""
        columns = columns_of(self.scorer, rows)
        block = max(BLOCK_CELLS // max(len(self._columns), 1), 1)
        found: list[AdverseNotice] = []
        for start in range(0, len(rows), block):
            part = {name: values[start : start + block] for name, values in columns.items()}
            ids = rows.row_ids[start : start + block]
            moves = _moves(self.scorer, self.reference, part, len(ids), self.side)
            found += [self._notice(str(ids[i]), part, moves, i) for i in range(len(ids))]
        return tuple(found)

    def _notice(self, row_id: str, columns: dict[str, np.ndarray], moves: _Moves, row: int) -> AdverseNotice:
        estimate = float(moves.estimate[row])
        above = estimate >= self.line
        adverse = above if self.side == "above" else not above
        reasons, refused = self._principal(columns, moves, row) if adverse else ((), ())
        return AdverseNotice(
            row_id=row_id,
            bundle_id=self.bundle_id,
            model=self.scorer.family,
            estimate=estimate,
            cut=self.line,
            side=self.side,
            adverse=adverse,
            reference=self.reference.name,
            reasons=reasons,
            refused=refused,
        )

    def _principal(
        self, columns: dict[str, np.ndarray], moves: _Moves, row: int
    ) -> tuple[tuple[AdverseReason, ...], tuple[str, ...]]:
        reasons: list[AdverseReason] = []
        refused: list[str] = []
        for feature in _order(moves.effect[row], self._places):
            if len(reasons) == self.most:
                break
            if not moves.confirmed[row, feature]:
                continue
            column = self._columns[feature]
            if column.sensitive:
                refused.append(column.name)
                continue
            reasons.append(self._reason(len(reasons) + 1, columns, moves, row=row, feature=int(feature)))
        return tuple(reasons), tuple(refused)

    def _reason(
        self, rank: int, columns: dict[str, np.ndarray], moves: _Moves, *, row: int, feature: int
    ) -> AdverseReason:
        column = self._columns[feature]
        value = plain_value(columns[column.name][row])
        reference = None if self.reference.values is None else self.reference.values[column.name]
        return AdverseReason(
            rank=rank,
            feature=column.name,
            value=value,
            reference=reference,
            effect=float(moves.effect[row, feature]),
            if_reference=float(moves.if_reference[row, feature]),
            text=_text(column, value, reference, self.lang, average=self.reference.values is None),
        )


def adverse_table(notices: tuple[AdverseNotice, ...], most: int = FIRST) -> dict[str, list]:
    """Notices as columns of a table: one row per case, one column per reason."""
    table: dict[str, list] = {
        "row_id": [n.row_id for n in notices],
        "estimate": [n.estimate for n in notices],
        "adverse": [n.adverse for n in notices],
    }
    for rank in range(most):
        given = [n.reasons[rank] if len(n.reasons) > rank else None for n in notices]
        table[f"reason_{rank + 1}"] = ["" if r is None else r.text for r in given]
        table[f"column_{rank + 1}"] = ["" if r is None else r.feature for r in given]
    table["refused"] = [", ".join(n.refused) for n in notices]
    table["reference"] = [n.reference for n in notices]
    table["model_version"] = [n.bundle_id[:12] for n in notices]
    return table
