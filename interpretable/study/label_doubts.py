"""The doubts about a study's recorded labels, with the model's reasons, and the file of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas

from interpretable import words
from interpretable.bundle.seal import write_bytes
from interpretable.evaluate.label_doubts import Doubted, find_conflicts, find_doubts
from interpretable.explain.label_words import telling_words
from interpretable.records.dataset import Dataset
from interpretable.records.labels import LabelDoubt, LabelDoubts
from interpretable.score.export import neutral_table
from interpretable.score.output import all_chances
from interpretable.score.reasons import top_reasons
from interpretable.score.scorer import columns_of
from interpretable.study.label_files import check_new_csv, row_cells

if TYPE_CHECKING:
    from interpretable.study.opened import OpenStudy

REASONS = 3


def study_doubts(study: OpenStudy) -> LabelDoubts:
    """Every doubt about the training part's labels; BundleError where the private rows are not there."""
    train, predicted = study.out_of_fold()
    found = find_doubts(train, predicted)
    scorer, rows = study.model.scorer(), train.take(found.rows)
    columns = columns_of(scorer, rows)
    reasons = top_reasons(scorer, columns, scorer.link_scores(columns, len(rows)), REASONS)
    doubts = [
        LabelDoubt(
            row_id=str(train.row_ids[at]),
            rank=rank,
            reasons=tuple(own),
            **_said(train, predicted, found, int(at)),
        )
        for rank, (at, own) in enumerate(zip(found.rows, reasons, strict=True), start=1)
    ]
    return LabelDoubts(
        model=study.model.index.selected,
        rows=len(train),
        doubts=tuple(doubts),
        conflicts=find_conflicts(train),
    )


def _said(train: Dataset, predicted: np.ndarray, found: Doubted, at: int) -> dict[str, Any]:
    """What the record says of one row and what the model says that did not see it."""
    if found.residuals is not None:
        told = {
            "recorded": words.number(float(train.target[at])),
            "likely": words.number(float(predicted[at])),
        }
        return {**told, "residual": float(found.residuals[at])}
    chances = all_chances(predicted)[at]
    recorded, likely = int(train.target[at]), int(found.likely[at])
    return {
        "recorded": train.classes[recorded], "likely": train.classes[likely],
        "p_recorded": float(chances[recorded]), "p_likely": float(chances[likely]),
    }  # fmt: skip


def doubts_table(study: OpenStudy, *, lang: str = "en", with_text: bool = False) -> pandas.DataFrame:
    """One line per doubt, the strongest first, then the copies with different labels, set by set."""
    found, train = study.label_doubts(), study.part("train")
    places = {str(name): at for at, name in enumerate(train.row_ids)}
    lines = [_doubt_line(doubt, study, lang) for doubt in found.doubts]
    for number, conflict in enumerate(found.conflicts, start=1):
        why = words.say("labels.why.copies", lang, set=number)
        told = zip(conflict.row_ids, conflict.labels, strict=True)
        lines += [{"kind": "copies", "row_id": i, "recorded": label, "why": why} for i, label in told]
    columns = ["rank", "kind", "row_id", "recorded", "likely", "p_recorded", "p_likely", "residual", "why"]
    columns += [f"reason_{k}" for k in range(1, REASONS + 1)]
    table = pandas.DataFrame(lines, columns=columns)
    table["model_version"] = study.model_version
    if with_text:
        rows = train.take(np.array([places[str(i)] for i in table["row_id"]], dtype=np.int64))
        spoken = _spoken(study, rows, found) if study.task.text_columns else {}
        table = pandas.concat([table.assign(**spoken), row_cells(rows, taken=table.columns)], axis=1)
    return table


def _doubt_line(doubt: LabelDoubt, study: OpenStudy, lang: str) -> dict[str, Any]:
    line: dict[str, Any] = {"rank": doubt.rank, "kind": "doubt", "row_id": doubt.row_id}
    line |= {k: getattr(doubt, k) for k in ("recorded", "likely", "p_recorded", "p_likely", "residual")}
    line["why"] = words.doubt_reason(doubt, study.task, lang)
    texts = {column.name for column in study.task.text_columns}  # their reason names no word: it says nothing
    for place, one in enumerate((r for r in doubt.reasons if r.feature not in texts), start=1):
        line[f"reason_{place}"] = words.reason(one, study.task, lang, short=True)
    return line


def _spoken(study: OpenStudy, rows: Dataset, found: LabelDoubts) -> dict[str, list[str]]:
    """The words of each doubted text that speak for the likelier class, in the model in use."""
    if rows.task.kind == "regression":
        return {}
    place = {label: k for k, label in enumerate(rows.classes)}
    scorer, n = study.model.scorer(), len(found.doubts)
    doubted = rows.take(np.arange(n))
    told = telling_words(
        scorer, columns_of(scorer, doubted),
        towards=np.array([place[d.likely] for d in found.doubts], dtype=np.int64),
        against=np.array([place[d.recorded] for d in found.doubts], dtype=np.int64),
    )  # fmt: skip
    return {"words_for_likely": [", ".join(own) for own in told] + [""] * (len(rows) - n)}


def write_doubts(
    study: OpenStudy, out: str | Path, *, lang: str = "en", with_text: bool = False
) -> tuple[int, int]:
    """Write the list as CSV; returns how many doubts and how many copies with different labels it holds.

    Raises
    ------
    UserError : a name that does not end in .csv, or a file that is there already
    BundleError : a study without its private rows
    """
    path = check_new_csv(out)
    table = doubts_table(study, lang=lang, with_text=with_text)
    write_bytes(path, neutral_table(table).to_csv(index=False, lineterminator="\n").encode())
    doubts = int((table["kind"] == "doubt").sum())
    return doubts, len(table) - doubts
