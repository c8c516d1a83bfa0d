"""A bundle, opened for scoring: what `interpretable.load` returns."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from interpretable import words
from interpretable.bundle import plain, seal
from interpretable.errors import BundleError, DataError
from interpretable.records import codec
from interpretable.records.bundle import BundleIndex, GoldenRows
from interpretable.records.domain import DomainModel
from interpretable.records.explanation import Reason
from interpretable.records.selective import SelectiveRule, SelectiveRules
from interpretable.records.task import Task
from interpretable.score.decided import answers_of, decided_by, rule_of
from interpretable.score.domain import DomainCheck
from interpretable.score.golden import check_golden
from interpretable.score.guard import Guarded, guard
from interpretable.score.reasons import explained_outputs, top_reasons
from interpretable.score.repeats import repeat
from interpretable.score.scorer import Scorer, make_scorer, predicted
from interpretable.words.catalogs import catalog

if TYPE_CHECKING:
    import pandas

BUNDLE = "bundle"


def _bundle_folder(path: str | Path) -> Path:
    folder = Path(path)
    inner = folder / BUNDLE
    folder = inner if inner.is_dir() else folder
    if not (folder / seal.SEAL).is_file():
        raise BundleError(f"{str(path)!r} holds no study: {BUNDLE}/{seal.SEAL} is missing. Train one first.")
    return folder


class LoadedModel:
    """The models of a sealed bundle; scores rows with the selected one.

    Every member's hash is checked before it is parsed; the selected model's golden rows are scored again.
    """

    def __init__(self, path: str | Path):
        self._members, self.bundle_id = seal.read_sealed(_bundle_folder(path))
        self.index = codec.from_json(self._members["index.json"], BundleIndex)
        self.task = codec.from_json(self._members["task.json"], Task)
        self._scorers: dict[str, Scorer] = {}
        check_golden(self.golden, self.index.selected, self.scorer())

    @property
    def version(self) -> str:
        """The first 12 characters of the bundle's id: what a score is labelled with."""
        return self.bundle_id[:12]

    @cached_property
    def golden(self) -> GoldenRows:
        return codec.from_json(self._members["golden.json"], GoldenRows)

    @cached_property
    def domain_model(self) -> DomainModel:
        return codec.from_json(self._members["domain.json"], DomainModel)

    @cached_property
    def domain(self) -> DomainCheck:
        return DomainCheck(self.domain_model)

    @cached_property
    def selective(self) -> SelectiveRules | None:
        """Which rows the selected model may decide alone; None where the study has no such rules."""
        member = self._members.get("selective.json")
        return None if member is None else codec.from_json(member, SelectiveRules)

    def scorer(self, name: str | None = None) -> Scorer:
        """The scorer of one model of the study; the selected one by default."""
        name = name or self.index.selected
        if name not in self.index.models:
            raise BundleError(f"There is no model {name!r} here. Known: {', '.join(self.index.models)}.")
        if name not in self._scorers:
            native = self._members.get(f"models/{name}.ubj", b"")
            self._scorers[name] = make_scorer(
                plain.model_from_json(self._members[f"models/{name}.json"], native)
            )
        return self._scorers[name]

    def size(self, name: str) -> int:
        """Bytes of one model's files."""
        return sum(len(self._members.get(f"models/{name}.{kind}", b"")) for kind in ("json", "ubj"))

    def score(
        self, frame: pandas.DataFrame, *, reasons: int = 0, keep_going: bool = False, lang: str = "en",
        first: int = 1, stability: bool = False, max_error: float | None = None,
    ) -> pandas.DataFrame:  # fmt: skip
        """Score every row of a table.

        Parameters
        ----------
        frame : a table with the task's columns, in any order; others are ignored
        reasons : how many reasons per row (reason_1 is the strongest)
        keep_going : mark rows that cannot be read instead of refusing the table
        lang : language of the reasons, "en" or "zh"
        first : number of the first row, where the task has no id column
        stability : add reasons_stable: whether the first four reasons would come out again ("yes", "no", or
            "" for a model without refits); about 0.2 s per 1,000 rows
        max_error : say who decides: the model, with at most this share wrong, or a person. Adds decided_by
            ("model", "person"), left_because ("unsure", "outside", "unreadable", or empty) and, for binary
            tasks, answer. Only levels that the study has shown (`selective`)

        Returns
        -------
        one row per input row: row_id; probability and decision (binary), predicted and probability_<class>
        (multiclass) or value (regression); reason_1..; in_domain; status; model_version

        Raises
        ------
        UserError : a max_error that the study has not shown
        DataError : not a table; a negative number of reasons;
            columns missing; or, without `keep_going`, cells that cannot be read or unknown levels
        """
        import pandas

        _check_wishes(frame, reasons, lang)
        rule = None if max_error is None else rule_of(self.selective, max_error)
        rows = guard(frame, self.task, self.scorer().features, keep_going=keep_going, first=first)
        n = len(rows.row_ids)
        link = self.scorer().link_scores(rows.columns, n)
        table: dict[str, Any] = {"row_id": rows.row_ids, **self._estimates(link)}
        table |= self._reason_columns(rows, link, reasons, lang)
        if stability:
            table["reasons_stable"] = self._stable(rows, link)
        table["in_domain"] = self.domain.inside(rows.columns, n)
        if rule is not None:
            table |= self._decided(rule, link, table["in_domain"], rows.unreadable != "")
        table["status"] = [_status(*notes) for notes in zip(rows.unreadable, rows.unknown, strict=True)]
        table["model_version"] = np.full(n, self.version, dtype=object)
        return _blank_unreadable(pandas.DataFrame(table), rows.unreadable != "")

    def _estimates(self, link: np.ndarray) -> dict[str, np.ndarray]:
        prediction = predicted(self.scorer(), link)
        if self.task.kind == "regression":
            return {"value": prediction}
        if self.task.kind == "multiclass":
            classes = np.array(self.scorer().classes, dtype=object)
            chances = {f"probability_{name}": prediction[:, k] for k, name in enumerate(classes)}
            return {"predicted": classes[prediction.argmax(axis=1)], **chances}
        cut = self.task.cut
        decision = "" if cut is None else np.where(prediction >= cut, "above", "below")
        return {"probability": prediction, "decision": np.full(len(prediction), decision, dtype=object)}

    def _decided(
        self, rule: SelectiveRule, link: np.ndarray, inside: np.ndarray, unreadable: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Who decides each row, and why a row is left to a person."""
        answer, confidence = answers_of(self.task, predicted(self.scorer(), link))
        who, left = decided_by(rule, answer, confidence, inside)
        who[unreadable], left[unreadable] = "person", "unreadable"
        found = {"decided_by": who, "left_because": left}
        if self.task.kind == "binary":  # several classes have the column "predicted"
            found["answer"] = np.array(self.scorer().classes, dtype=object)[answer]
        return found

    def _stable(self, rows: Guarded, link: np.ndarray) -> np.ndarray:
        """Per row "yes" or "no"; "" where the model has no refits."""
        outputs = explained_outputs(self.scorer(), predicted(self.scorer(), link))
        found = repeat(self.scorer(), rows.columns, outputs)
        known = "" if found is None else np.where(found.stable, "yes", "no")
        return np.full(len(link), known, dtype=object)

    def _reason_columns(self, rows: Guarded, link: np.ndarray, count: int, lang: str) -> dict[str, list[str]]:
        if not count:
            return {}
        said: dict[tuple[str, object, str], str] = {}

        def sentence(reason: Reason) -> str:
            # The short sentence depends on nothing else; most cells of a table repeat.
            key = (reason.feature, reason.value, words.direction(reason))
            if key not in said:
                said[key] = words.reason(reason, self.task, lang, short=True)
            return said[key]

        per_row = top_reasons(self.scorer(), rows.columns, link, count)
        sentences = [[sentence(reason) for reason in found] for found in per_row]
        padded = [[*found, *[""] * (count - len(found))] for found in sentences]
        return {f"reason_{k + 1}": [found[k] for found in padded] for k in range(count)}


def _check_wishes(frame: Any, reasons: int, lang: str) -> None:
    import pandas

    if not isinstance(frame, pandas.DataFrame):
        kind = type(frame).__name__
        raise DataError(f"score takes a table (pandas.DataFrame), not a {kind}; one row: frame.iloc[[0]].")
    if reasons < 0:
        raise DataError(f"reasons is {reasons}; it can be 0 or more.")
    catalog(lang)  # refuses a language that is not there


def _status(unreadable: str, unknown: str) -> str:
    if unreadable:
        return f"not scored: cannot read {unreadable}"
    return f"scored, level not known: {unknown}" if unknown else "ok"


def _blank_unreadable(table: pandas.DataFrame, bad: np.ndarray) -> pandas.DataFrame:
    """Rows that could not be read keep their id and status, and no estimate."""
    if bad.any():
        kept = {"row_id", "status", "model_version", "decided_by", "left_because"}
        for name in table.columns.difference(list(kept)):
            table[name] = table[name].astype(object).where(~bad, None)
    return table


def load(path: str | Path) -> LoadedModel:
    """Open a study or a bundle for scoring.

    Raises BundleError where any byte was changed, a member is missing or a model no longer scores as it did.
    Nothing in a bundle is code, and a glass box needs neither interpret, shap, streamlit nor xgboost.
    """
    return LoadedModel(path)
