"""evidence.json: the one source of every figure in the report and the app."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from interpretable.records.calibrators import CalibratorsEvidence
from interpretable.records.concept import ConceptsEvidence
from interpretable.records.diagnostics import DiagnosticsEvidence
from interpretable.records.disparity import DisparityEvidence
from interpretable.records.evaluation import Comparison, GroupMeasures, Measures
from interpretable.records.exchange import Ledger, LLMEvidence
from interpretable.records.explanation import CaseExplanation, WholeExplanation
from interpretable.records.finding import Finding
from interpretable.records.labels import LabelsEvidence
from interpretable.records.lacking import NotComputed as NotComputed
from interpretable.records.notes import NotesEvidence
from interpretable.records.prior import PriorUse
from interpretable.records.provenance import Provenance
from interpretable.records.recourse import RecourseEvidence
from interpretable.records.resampling import ResamplingEvidence
from interpretable.records.selective import SelectiveEvidence
from interpretable.records.shape import ShapeEvidence
from interpretable.records.simple import SimpleEvidence
from interpretable.records.stability import StabilityEvidence
from interpretable.records.task import Task
from interpretable.records.tuning import TuningEvidence

SCHEMA_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class ColumnSummary:
    name: str
    kind: str
    used: bool
    missing: int
    distinct: int
    low: float | None = None
    median: float | None = None
    high: float | None = None
    top: tuple[tuple[str, int], ...] = ()  # most frequent levels with at least 5 rows; none for text
    exclude_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DataEvidence:
    name: str
    sha256: str
    rows_read: int
    rows_dropped: int
    rows_used: int
    columns: tuple[ColumnSummary, ...]
    classes: tuple[str, ...] = ()
    class_counts: tuple[int, ...] = ()
    target_mean: float | None = None
    target_sd: float | None = None


@dataclass(frozen=True, kw_only=True)
class PartEvidence:
    part: str
    n: int
    events: int | None = None
    outcome: float | None = None  # event rate, or mean of the target


@dataclass(frozen=True, kw_only=True)
class SplitEvidence:
    method: str
    seed: int
    fingerprint: str
    parts: tuple[PartEvidence, ...]


@dataclass(frozen=True, kw_only=True)
class ModelEvidence(Measures):
    """One row of the table of models: its measures on the test part, and how it came about.

    A language model is measured on `subsample` rows only; every other model is measured there too.
    """

    name: str
    family: str
    glass_box: bool
    oof: dict[str, float] = field(
        default_factory=dict
    )  # out-of-fold on the training part: what chose the model
    oof_folds: tuple[dict[str, float], ...] = ()
    subsample: Measures | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    recalibration: dict[str, float] = field(default_factory=dict)  # Platt: slope, intercept; or temperature
    terms: int | None = None
    seconds_fit: float = 0.0
    seconds_per_1000: float = 0.0
    size_bytes: int = 0
    compile_gap: float | None = None  # largest |library - record| over all rows of the study
    ledger: Ledger | None = None  # language models only


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which model goes into use and why: `reason` is a code worded in words/."""

    selected: str
    reason: str
    metric: str
    margin: float
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    schema_version: int
    task: Task
    data: DataEvidence
    findings: tuple[Finding, ...]
    split: SplitEvidence
    models: tuple[ModelEvidence, ...]  # the selected one first, language models last
    selected: str
    selection: Selection
    comparisons: tuple[Comparison, ...]
    comparisons_subsample: tuple[Comparison, ...]
    groups: tuple[GroupMeasures, ...]
    explanation: WholeExplanation  # of the selected model
    examples: tuple[CaseExplanation, ...]  # constructed rows, not persons
    checks: dict[str, Any]  # proofs: additivity gap, reason gap, false alarms of the domain check, ...
    llm: LLMEvidence
    not_computed: tuple[NotComputed, ...]
    events: tuple[dict[str, Any], ...]  # test part opened, ...
    provenance: Provenance
    shape: ShapeEvidence | None = None
    simple: SimpleEvidence | None = None
    tuning: TuningEvidence | None = None
    resampling: ResamplingEvidence | None = None
    calibrators: CalibratorsEvidence | None = None
    diagnostics: DiagnosticsEvidence | None = None
    disparity: DisparityEvidence | None = None
    stability: StabilityEvidence | None = None
    recourse: RecourseEvidence | None = None
    selective: SelectiveEvidence | None = None
    labels: LabelsEvidence | None = None
    concepts: ConceptsEvidence | None = None
    notes: NotesEvidence | None = None
    prior: PriorUse | None = None

    def model(self, name: str) -> ModelEvidence:
        return next(m for m in self.models if m.name == name)
