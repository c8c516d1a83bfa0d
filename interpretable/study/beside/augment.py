"""Do rows or texts of a language model help the small model? The gate judges, on real training rows."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
import pandas

from interpretable.bundle.seal import write_bytes
from interpretable.collab.bill import ledger_of
from interpretable.collab.curate import curate
from interpretable.collab.gate import INNER, run_gate
from interpretable.collab.rowfold import check_kind, shares
from interpretable.collab.synthesise import MOST_ATTEMPTS, PER_ANSWER, Maker, make_maker
from interpretable.collab.synthetic_measures import FEWEST, quality
from interpretable.collab.verdict import enough_rows
from interpretable.errors import UserError
from interpretable.llm import LOCAL
from interpretable.models.base import families, takes_weights
from interpretable.models.folds import make_folds
from interpretable.records.augmented import Augmented, MakerKind
from interpretable.records.beside import Told
from interpretable.records.dataset import Dataset
from interpretable.records.exchange import LLMMode
from interpretable.records.quality import Quality
from interpretable.records.synthetic import Synthetic
from interpretable.records.task import Task
from interpretable.score.export import neutral_table
from interpretable.study import fitting  # noqa: F401 - importing it registers the families
from interpretable.study.beside import Asking
from interpretable.study.evidence import now
from interpretable.study.label_files import check_new_csv

if TYPE_CHECKING:
    from interpretable.study.opened import OpenStudy

NAME = "augment"
MEASURED = 20  # rows of the set that is measured, at least
ROWS = 200  # per fold, where nobody says otherwise; never more than the fold has
_STUDENTS = {
    "table": "linear",
    "text": "text",
    "mixed": "xgboost",
}  # where the model in use cannot weigh rows


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is asked of the mechanism; see `run`."""

    rows: int | None = None
    repeats: int = 2
    folds: int = 5
    kind: MakerKind | None = None
    family: str = ""
    out: str | Path | None = None
    smoke_test: bool = False
    rehearsal: bool = False

    def __post_init__(self) -> None:
        problems = []
        if self.rows is not None and self.rows < INNER:
            problems.append(f"--rows is {self.rows}; at least {INNER} rows per fold are asked for")
        if self.repeats < 1:
            problems.append(f"--repeats is {self.repeats}; at least 1 is needed")
        if self.folds < 2:
            problems.append(f"--folds is {self.folds}; at least 2 are needed")
        if problems:
            raise UserError("; ".join(problems) + ".")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What would be asked, before anything is.

    rows : generated rows per fold
    sets : sets of rows, each made from other training rows
    least, most : questions: if every answer is of use, and if none is; with the set for a file, even if it
        will not be made
    """

    kind: MakerKind
    family: str
    rows: int
    sets: int
    least: int
    most: int


def plan(study: OpenStudy, *, mode: LLMMode = "local", **options: object) -> Plan:
    """How many questions `run` with these options would ask; nothing is asked, nothing started.

    Raises
    ------
    UserError, LLMError : what does not fit the task
    """
    return _plan(study.part("train"), study, Settings(**options), small=mode == "local")  # type: ignore[arg-type]  # checked there


def _plan(train: Dataset, study: OpenStudy, settings: Settings, *, small: bool) -> Plan:
    kind = check_kind(study.task, settings.kind)
    inside = len(train) * (settings.folds - 1) // settings.folds
    rows = settings.rows or max(INNER, min(ROWS, inside))
    sets = [-(-rows // INNER)] * (settings.folds * settings.repeats * INNER) + [max(rows, MEASURED)]
    sets += [rows] if settings.out is not None else []
    if not enough_rows(train):
        sets = []
    each = 1 if kind == "paraphrase" or (small and LOCAL.smoke_test_only) else PER_ANSWER
    least = most = 0
    for wanted in sets:
        first = int(np.ceil(shares(train.target, wanted, classes=len(train.classes)) / each).sum())
        least += first
        most += first + (MOST_ATTEMPTS - 1) * wanted
    family = _family(study, settings.family)
    return Plan(kind=kind, family=family, rows=rows, sets=len(sets), least=least, most=most)


def _family(study: OpenStudy, wanted: str) -> str:
    """The family that is to learn: the one in use, if it can weigh rows."""
    task = study.task
    if wanted:
        if not takes_weights(wanted) or not families[wanted].can_fit(task):
            able = [key for key in families if takes_weights(key) and families[key].can_fit(task)]
            raise UserError(
                f"The family {wanted!r} cannot learn from weighted rows here. Able to: {', '.join(able)}."
            )
        return wanted
    used = study.model.index.selected
    own = [k for k in families if families[k].name(task) == used and families[k].can_fit(task)]
    texts = len(task.text_columns)
    shape = "table" if not texts else "text" if texts == len(task.features) else "mixed"
    return next((key for key in own if takes_weights(key)), _STUDENTS[shape])


def run(study: OpenStudy, asking: Asking, **options: object) -> Augmented:
    """Have rows made inside each fold of the training part, judge them, measure one set.

    Parameters
    ----------
    options : of Settings. rows: generated rows per fold. repeats, folds: of the gate. kind: "row", "text",
        "paraphrase". family: of the model that learns. out: a new CSV file for accepted rows, made from all
        training rows. smoke_test: go on with a model that only shows the path, and write rows that do not
        help. rehearsal: must be true for a scripted double.

    Raises
    ------
    UserError : an option that cannot be
    LLMError : the language model cannot be had or is no maker, or its line is down; answers are kept
    """
    settings, started = Settings(**options), monotonic()  # type: ignore[arg-type]  # checked there
    path = check_new_csv(settings.out) if settings.out is not None else None
    train = study.grouped(study.part("train"))
    planned = _plan(train, study, settings, small=asking.mode == "local")
    with asking.client() as client:
        desk = _Desk(asking=asking, most=planned.most)
        maker = make_maker(
            client, study.task, kind=planned.kind, tell=desk.tell, smoke_test=settings.smoke_test,
            rehearsal=settings.rehearsal,
        )  # fmt: skip
        inside = len(train) * (settings.folds - 1) / settings.folds
        gate = run_gate(
            train, maker, family=planned.family, size=planned.rows / inside, folds=settings.folds,
            repeats=settings.repeats, seed=asking.seed, progress=desk.note,
        )  # fmt: skip
        desk.note("rows to be measured")
        measured = _measured(train, maker, planned, seed=asking.seed) if enough_rows(train) else None
        written = 0
        if path is not None and (gate.verdict == "helps" or settings.smoke_test):
            desk.note("rows for the file")
            written = _write(path, _accepted(train, maker, planned.rows, seed=asking.seed))
        info, egress = client.info(), client.egress()
    shutil.rmtree(asking.folder, ignore_errors=True)  # generated rows can repeat rows of people
    told = Told(
        mechanism=NAME, bundle_id=study.bundle_id, created=now(), seed=asking.seed, verdict=gate.verdict,
        reason=gate.reason, info=info, ledger=ledger_of(maker.answers, study.task), egress=egress,
        seconds=round(monotonic() - started, 1),
    )  # fmt: skip
    return Augmented(
        told=told,
        kind=planned.kind,
        rows=planned.rows,
        account=maker.account(),
        gate=gate,
        quality=measured,
        written=written,
    )


@dataclass(kw_only=True)
class _Desk:
    """Says how far it has come."""

    asking: Asking
    most: int
    answered: int = 0
    place: str = field(default="")

    def note(self, place: str) -> None:
        self.place = place
        self._say()

    def tell(self) -> None:
        self.answered += 1
        self._say()

    def _say(self) -> None:
        self.asking.progress(f"augment: {self.place}; {self.answered} answers, {self.most} at most")


def _measured(train: Dataset, maker: Maker, planned: Plan, *, seed: int) -> Quality | None:
    """One set as it came, from half of the training rows, against the half that no prompt showed."""
    half = make_folds(train, 2, seed=seed)
    shown, others = (train.take(np.flatnonzero(half == k)) for k in (0, 1))
    made = maker.make(shown, max(planned.rows, MEASURED), seed=seed + 1)
    if min(len(made), len(shown), len(others)) < FEWEST:
        return None
    return quality(made, shown, others, family=planned.family, seed=seed)


def _accepted(train: Dataset, maker: Maker, rows: int, *, seed: int) -> Synthetic:
    """Rows made from all training rows that pass the curation."""
    return curate(maker.make(train, rows, seed=seed), train, seed=seed).rows


def _write(path: Path, rows: Synthetic) -> int:
    table = table_of(rows)
    write_bytes(path, neutral_table(table).to_csv(index=False, lineterminator="\n").encode())
    return len(table)


def table_of(rows: Synthetic) -> pandas.DataFrame:
    """Generated rows as a table: the columns a model reads, the outcome, and where each row comes from."""
    task: Task = rows.task
    table = rows.frame[[column.name for column in task.inputs]].copy()
    table[task.target] = [rows.classes[at] for at in rows.target]
    for name in ("kind", "maker", "request_sha256", "draw"):
        table[f"synthetic_{name}"] = [getattr(one, name) for one in rows.provenance]
    table["synthetic_shown"] = [" ".join(one.shown) for one in rows.provenance]
    return table
