"""Labels by machine for rows that nobody labelled: how often they are wrong, and whether they help."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interpretable.records.beside import Told
from interpretable.records.evaluation import Figure
from interpretable.records.gate import GateFinding

TeacherKind = Literal["model", "file", "rules"]
Place = Literal["person", "calibration"]
Lead = Literal["student_ahead", "teacher_ahead", "open"]


@dataclass(frozen=True, kw_only=True)
class SaidAs:
    """Rows the machine labelled as one class, and what those that were checked really are."""

    label: str
    rows: int  # in the file (person) or among those drawn (calibration)
    checked: int
    truth: dict[str, int] = field(default_factory=dict)  # real class -> rows checked
    right: Figure  # share of the rows with this label that are of this class


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Labels by machine held against labels by people.

    place : "person": rows of the file, drawn by chance and labelled by a person since; "calibration": rows of
        the calibration part, which have a label
    error : share of wrong labels among all rows labelled (person: weighted by label); answers that could not
        be read count as wrong (calibration)
    """

    place: Place
    drawn: int
    checked: int
    silent: int = 0  # no label by machine
    error: Figure
    kappa: float | None = None
    constant: float | None = None  # error of the most frequent real class as the answer to every row
    said: tuple[SaidAs, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WeakStudent:
    """A small model that learned from the machine's labels alone, and the machine, on real labels."""

    student: str
    learned: int  # rows of the file
    n: int  # rows that both answer
    silent: int  # rows on which only the student answers
    teacher_error: Figure
    student_error: Figure
    lead: Figure  # paired: error of the teacher minus that of the student
    p: float  # exact, one-sided, of whoever is ahead
    outcome: Lead


@dataclass(frozen=True, kw_only=True)
class LabelFinding:
    """What came of labels by machine. No row and no text is in it."""

    told: Told
    teacher: TeacherKind
    name: str  # of the model; a file's or the rules' own
    rows: int  # of the file without a label
    asked: int
    labels: dict[str, int] = field(default_factory=dict)  # class -> rows so labelled
    silent: dict[str, int] = field(default_factory=dict)  # code -> rows without a label by machine
    recalibrated_on: int = 0  # training rows
    signal: bool = True  # whether the model's scores went along with the outcome there
    checks: tuple[Checked, ...] = ()
    trial_rows: int = 0  # training rows of the trial below
    train_rows: int = 0
    share: float = 1.0  # of each label's rows that a student learns from, the surest first
    gate: GateFinding | None = None
    soft: GateFinding | None = None
    weak: WeakStudent | None = None
    not_tried: dict[str, str] = field(default_factory=dict)  # gate, soft, weak, ... -> code
    proposed: int = 0  # concepts drafted from reasons a language model quoted
    reasons_asked: int = 0
    reasons_lost: int = 0  # quoted phrases that do not stand in the text
    labels_sha256: str = ""  # of the file of labels that was written
