"""Labels by machine for rows that nobody labelled: how often wrong, and do they help a small model?"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from interpretable.collab.audit import by_known, by_person
from interpretable.collab.sample import draw
from interpretable.collab.teacher import SILENT, Asked, Fixed, Labels, Teacher, labels_of
from interpretable.data.labelrules import apply_label_rules, read_label_rules
from interpretable.errors import UserError
from interpretable.records.beside import Told, Verdict
from interpretable.records.dataset import Dataset
from interpretable.records.labelled import Checked, LabelFinding, TeacherKind
from interpretable.study import layout
from interpretable.study.beside import Asking, read
from interpretable.study.beside.desk import Desk, open_desk
from interpretable.study.beside.label_reasons import Reasons, draft_concepts
from interpretable.study.beside.label_trial import Trial, Tried, hold_trial, weighing_family
from interpretable.study.evidence import now
from interpretable.study.label_files import check_new_csv, find_unlabelled
from interpretable.study.machine_labels import read_audit, read_teacher, write_audit, write_labels

if TYPE_CHECKING:
    from interpretable.study.opened import OpenStudy

NAME = "label"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a person may choose; see `run`."""

    rows: str | Path
    out: str | Path | None = None
    most: int = 0
    teacher: str | Path | None = None
    rules: str | Path | None = None
    pool: int = 40
    check: int = 40
    draw_audit: int = 0
    with_text: bool = False
    audit: str | Path | None = None
    trial: int = 200
    share: float = 0.5
    soft: bool = False
    folds: int = 5
    repeats: int = 2
    family: str = ""
    rationales: int = 0
    concepts_out: str | Path | None = None
    rehearsal: bool = False

    def check_all(self, study: Any) -> None:
        """UserError names every setting that cannot be."""
        wrong = []
        if study.task.kind == "regression":
            wrong.append("Labels are classes; this task estimates an amount.")
        if self.teacher is not None and self.rules is not None:
            wrong.append("A teacher's file and rules were both named; keep one.")
        if self.soft and self.asks_nobody:
            wrong.append("--soft needs a language model's chances; a file or rules have none.")
        if self.soft and not self.trial:
            wrong.append("--soft needs a trial: --trial above 0.")
        if self.rationales and (self.asks_nobody or not study.task.text_columns):
            wrong.append("--rationales needs a language model and a text column.")
        if self.rationales and self.concepts_out is None:
            wrong.append("--rationales needs --concepts FILE, where the draft of concepts goes.")
        if self.audit is not None and self.teacher is None:
            wrong.append("--audit needs the labels it was drawn for: --teacher labels.csv.")
        if self.draw_audit and self.out is None and self.teacher is None:
            wrong.append("--draw-audit needs a file of labels to draw from: -o labels.csv or --teacher.")
        for name, low, high in (
            ("most", 0, np.inf), ("pool", 10, np.inf), ("check", 0, np.inf), ("draw_audit", 0, np.inf),
            ("trial", 0, np.inf), ("folds", 2, 20), ("repeats", 1, 20), ("rationales", 0, 1000),
        ):  # fmt: skip
            if not low <= getattr(self, name) <= high:
                wrong.append(f"{name} is {getattr(self, name)}; it is at least {low}.")
        if not 0.0 < self.share <= 1.0:
            wrong.append(f"share is {self.share}; it is above 0 and at most 1.")
        if wrong:
            raise UserError(wrong)

    @property
    def asks_nobody(self) -> bool:
        return self.teacher is not None or self.rules is not None


@dataclass(frozen=True, eq=False, kw_only=True)
class _Taught:
    """A teacher with what it says of the pool and of rows with real labels."""

    kind: TeacherKind
    teacher: Teacher
    labels: Labels
    gold: Labels
    told: Told
    silent: list[str] = field(default_factory=list)  # code per row of the pool, "" where it has a label
    recalibrated_on: int = 0
    signal: bool = True
    trial_scores: np.ndarray | None = None  # f8[t, K] of the trial's rows
    sha256: str = ""


def run(study: OpenStudy, asking: Asking, **options: Any) -> LabelFinding:
    """Label the rows of a file that have no label, say how often that is wrong, and try whether it helps.

    Parameters
    ----------
    options : of Settings. rows: the file. out: a new CSV for the labels. most: rows labelled at most, drawn
        by chance (0: all). teacher: a CSV of labels instead of a language model (row_id, label, confidence).
        rules: a TOML file of rules instead. pool: training rows asked about, to recalibrate. check:
        calibration rows asked about, to measure. draw_audit: rows for a person to label. audit: that file,
        filled in. trial: training rows of the trial (0: none). share: of each label's rows that a student
        learns from, the surest first. soft: try the chances of the training rows themselves, too.
        rationales: training texts whose telling phrases are asked for. rehearsal: for a scripted double.

    Raises
    ------
    UserError, DataError : an option or a file that cannot be
    LLMError : the language model cannot be had, or was lost; answers so far are kept
    """
    begin, settings = time.perf_counter(), Settings(**options)
    settings.check_all(study)
    out = check_new_csv(settings.out) if settings.out is not None else None
    audited = _free_audit(settings, out)
    weighing_family(study, settings.family)
    pool, rows = _pool(study, settings, seed=asking.seed)
    bench = _Bench(study, settings, asking, pool)
    taught = bench.teach()
    sha256 = taught.sha256
    if out is not None:
        sha256 = write_labels(
            out, pool, taught.labels, source=taught.teacher.name, silent=taught.silent or None
        )
    if audited is not None:
        write_audit(
            audited, pool, taught.labels, wanted=settings.draw_audit, seed=asking.seed, labels_sha256=sha256,
            with_text=settings.with_text,
        )  # fmt: skip
    if settings.audit is not None and (earlier := _earlier(study, sha256)) is not None:
        return _checked_again(study, asking, earlier, bench.person(taught))
    trial = hold_trial(bench.trial(taught), progress=asking.progress)
    verdict, reason = _verdict(trial)
    told = replace(taught.told, verdict=verdict, reason=reason, seconds=round(time.perf_counter() - begin, 1))
    return LabelFinding(
        told=told, teacher=taught.kind, name=taught.teacher.name, rows=rows, asked=len(pool),
        labels=_counts(taught.labels, pool.classes), silent=dict(Counter(c for c in taught.silent if c)),
        recalibrated_on=taught.recalibrated_on, signal=taught.signal, checks=bench.checks(taught),
        trial_rows=len(bench.rows), train_rows=len(bench.train), gate=trial.gate,
        share=settings.share if taught.labels.graded else 1.0, soft=trial.soft, weak=trial.weak,
        not_tried=trial.not_tried, labels_sha256=sha256,
        proposed=bench.reasons.proposed, reasons_asked=bench.reasons.asked, reasons_lost=bench.reasons.lost,
    )  # fmt: skip


def _verdict(trial: Tried) -> tuple[Verdict, str]:
    """That of the labels beside real rows; where nobody asked for the trial, there is none."""
    if trial.gate is not None:
        return trial.gate.verdict, trial.gate.reason
    if (code := trial.not_tried.get("gate")) is None:
        return "told", ""
    return ("does_not_help" if code == "one_label" else "cannot_tell"), code


def _free_audit(settings: Settings, out: Path | None) -> Path | None:
    """Where the rows to check go: beside the labels."""
    if not settings.draw_audit:
        return None
    beside = out if out is not None else Path(str(settings.teacher))
    return check_new_csv(audit_path(beside))


def audit_path(labels: Path) -> Path:
    """The file of rows to check that belongs to a file of labels."""
    return labels.with_name(f"{labels.stem}_audit.csv")


def _pool(study: OpenStudy, settings: Settings, *, seed: int) -> tuple[Dataset, int]:
    """The rows to label with the classes of the study, and how many have no label."""
    found, _ = find_unlabelled(study, settings.rows)
    if not len(found):
        raise UserError("Every row of the file has a label or is in the study already.")
    known = replace(found, classes=study.model.scorer().classes, target=None)
    return known.sample(settings.most or len(found), seed=seed), len(found)


def _counts(labels: Labels, classes: tuple[str, ...]) -> dict[str, int]:
    return {name: int((labels.said == k).sum()) for k, name in enumerate(classes)}


def _earlier(study: OpenStudy, sha256: str) -> LabelFinding | None:
    """The finding that these labels came from, if it stands beside the study."""
    found = read(study.path, study.bundle_id).get(NAME)
    return found if isinstance(found, LabelFinding) and found.labels_sha256 == sha256 else None


def _checked_again(study: OpenStudy, asking: Asking, earlier: LabelFinding, person: Checked) -> LabelFinding:
    """The finding with a person's check in place of an earlier one; its answers stay as they were kept."""
    kept = study.path / layout.BESIDE / layout.EXCHANGES / NAME
    if kept.is_dir():
        shutil.copytree(kept, asking.folder, dirs_exist_ok=True)
    others = tuple(one for one in earlier.checks if one.place != "person")
    return replace(earlier, checks=(person, *others))


def _trial_rows(train: Dataset, most: int, *, seed: int) -> Dataset:
    """Drawn with the class shares of the training part."""
    assert train.target is not None
    drawn = draw(train.target, most, np.random.default_rng(seed)) if most else np.array([], dtype=np.int64)
    return train.take(drawn)


def _some(rows: Dataset, most: int, *, seed: int) -> Dataset:
    return rows.sample(most, seed=seed) if most else rows.take(np.array([], dtype=np.int64))


class _Bench:
    """The rows of the study that the mechanism works with, drawn once."""

    def __init__(self, study: OpenStudy, settings: Settings, asking: Asking, pool: Dataset):
        self.study, self.settings, self.asking, self.pool = study, settings, asking, pool
        self.train = study.grouped(study.part("train"))
        self.rows = _trial_rows(self.train, settings.trial, seed=asking.seed)
        everyone = study.grouped(study.part("calibration"))
        # Rules and files answer at no cost.
        most = len(everyone) if settings.asks_nobody else settings.check
        self.gold = _some(everyone, most, seed=asking.seed)
        self.reasons = Reasons()

    def teach(self) -> _Taught:
        if self.settings.rules is not None:
            return self._by_rules(Path(self.settings.rules))
        if self.settings.teacher is not None:
            return self._by_file(self.settings.teacher)
        with open_desk(self.asking, self.train, rehearsal=self.settings.rehearsal) as desk:
            return self._by_model(desk)

    def _told(self) -> Told:
        return Told(
            mechanism=NAME, bundle_id=self.study.bundle_id, created=now(), seed=self.asking.seed,
            verdict="told",
        )  # fmt: skip

    def _by_rules(self, path: Path) -> _Taught:
        rules = read_label_rules(path, self.study.task, self.pool.classes)

        def say(rows: Dataset) -> Labels:
            said = apply_label_rules(rules, rows)
            return Labels(said=said, sure=np.full(len(said), np.nan))

        labels = say(self.pool)
        silent = ["no_rule" if one == SILENT else "" for one in labels.said]
        return _Taught(
            kind="rules", teacher=Fixed(name=path.name, labels=labels), labels=labels, gold=say(self.gold),
            told=self._told(), silent=silent,
        )  # fmt: skip

    def _by_file(self, path: str | Path) -> _Taught:
        read = read_teacher(path, self.pool, self.gold)
        silent = ["no_label" if one == SILENT else "" for one in read.labels.said]
        return _Taught(
            kind="file", teacher=Fixed(name=read.source, labels=read.labels), labels=read.labels,
            gold=read.gold, told=self._told(), silent=silent, sha256=read.sha256,
        )  # fmt: skip

    def _by_model(self, desk: Desk) -> _Taught:
        """Training rows first, then calibration rows, then the file."""
        asked = self._asked_rows()
        known = self.train.take(asked)
        scores = desk.ask(known, "training rows")
        gold = desk.ask(self.gold, "calibration rows")
        before = len(desk.answers)
        pool = desk.ask(self.pool, "rows of the file")
        silent = [answer.failure for answer in desk.answers[before:]]
        teacher = Asked(name=desk.client.info().name, pool=pool, rows=known, scores=scores)
        said, fit = teacher.chances(pool, self.train)
        self._reasons(desk)
        return _Taught(
            kind="model", teacher=teacher, labels=labels_of(said),
            gold=labels_of(teacher.chances(gold, self.train)[0]), told=self._with_reasons(desk),
            silent=silent, recalibrated_on=int(fit["rows"]), signal=bool(fit["signal"]),
            trial_scores=scores[: len(self.rows)] if self.settings.soft else None,
        )  # fmt: skip

    def _asked_rows(self) -> np.ndarray:
        """Training rows to ask about: those of the trial first, all of them where their chances are tried."""
        place = {name: at for at, name in enumerate(self.train.row_ids.tolist())}
        own = np.array([place[name] for name in self.rows.row_ids.tolist()], dtype=np.int64)
        random, more = np.random.default_rng(self.asking.seed), self.settings.pool - len(own)
        if more > 0:
            others = random.permutation(np.setdiff1d(np.arange(len(self.train)), own))[:more]
            return np.concatenate([own, np.sort(others)])
        return own if self.settings.soft else own[np.sort(random.permutation(len(own))[: self.settings.pool])]

    def person(self, taught: _Taught) -> Checked:
        assert self.settings.audit is not None
        found = read_audit(self.settings.audit, self.pool, taught.labels, labels_sha256=taught.sha256)
        return by_person(
            taught.labels.said, found.checked, found.truth, classes=self.pool.classes, drawn=found.drawn
        )

    def checks(self, taught: _Taught) -> tuple[Checked, ...]:
        """A person's where there is one, then that on calibration rows."""
        found = [self.person(taught)] if self.settings.audit is not None else []
        told = taught.kind != "file" or (taught.gold.said != SILENT).any()
        if len(self.gold) and told:
            assert self.gold.target is not None
            found.append(
                by_known(
                    taught.gold.said, self.gold.target, classes=self.pool.classes, groups=self.gold.groups
                )
            )
        return tuple(found)

    def trial(self, taught: _Taught) -> Trial:
        return Trial(
            study=self.study, pool=self.pool, rows=self.rows, train=self.train, gold=self.gold,
            teacher=taught.teacher, labels=taught.labels, said=taught.gold, scores=taught.trial_scores,
            share=self.settings.share, family=self.settings.family, folds=self.settings.folds,
            repeats=self.settings.repeats, seed=self.asking.seed,
        )  # fmt: skip

    def _with_reasons(self, desk: Desk) -> Told:
        """The model and the bill of labels and reasons together."""
        told = desk.told(self.study, NAME)
        return replace(told, egress=(*told.egress, *self.reasons.egress))

    def _reasons(self, desk: Desk) -> None:
        if not self.settings.rationales:
            return
        self.reasons = draft_concepts(
            desk, self.train, wanted=self.settings.rationales, out=Path(str(self.settings.concepts_out)),
            seed=self.asking.seed,
        )  # fmt: skip
