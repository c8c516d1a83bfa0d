"""What is decided, about whom, from which columns: written by a person, readable by an auditor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from interpretable.records.concept import Concept

TaskKind = Literal["binary", "multiclass", "regression"]
Level = Literal["quick", "standard", "audit"]
ColumnKind = Literal["number", "category", "ordinal", "boolean", "text"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the table that describes a case (never the target, id, group or time column)."""

    name: str
    kind: ColumnKind
    label: str = ""  # plain name in English; empty means: the column's name
    label_zh: str = ""
    unit: str = ""
    missing_codes: tuple[str, ...] = ()  # values that mean "not known", besides empty
    levels: tuple[str, ...] = ()  # the order of an ordinal column; empty means: learned from the data
    level_labels: tuple[tuple[str, str], ...] = ()  # plain name of a level: ("1", "low")
    level_labels_zh: tuple[tuple[str, str], ...] = ()
    expected: Literal["", "up", "down"] = ""  # direction in which a higher value should move the estimate
    changeable: bool = False
    sensitive: bool = False  # reported by group, also when excluded from the model
    exclude: bool = False
    exclude_reason: str = ""
    enforce: bool = False  # the model must keep to `expected`, at a price that the evidence states
    change_direction: Literal["", "up", "down"] = ""  # the only way a changeable value can move
    change_low: float | None = None  # limits of a plan of change; empty means: the training range
    change_high: float | None = None
    change_step: float | None = None  # a number changes by multiples of this
    change_cost: float = 1.0  # effort of one standard step, compared with the other columns
    adverse: str = ""  # the institution's wording of this column as a reason for refusal
    adverse_zh: str = ""
    negation: bool = False  # text: words inside "no ...", "denies ..." are tokens of their own
    segmenter: Literal["", "rjieba"] = ""  # text: what cuts Chinese into words; empty: single characters
    embedding: str = ""  # text: static word vectors, as an installed package or a folder
    concept: str = ""  # a derived column: the concept whose answers it holds; never read from a table


@dataclass(frozen=True, kw_only=True)
class LLMConsent:
    """What may be sent to which language model, and why. Without it nothing leaves the machine."""

    endpoint: str
    model: str
    purpose: str
    columns: tuple[str, ...]
    price_in: float = 0.0  # money per million prompt tokens
    price_out: float = 0.0  # money per million answer tokens
    currency: str = "USD"
    guidelines: bool = False  # whether passages of the guidelines may be sent too
    budget: float | None = None  # money that one run may spend at most; None: no cap
    most_calls: int = 5000  # questions of one run at most
    concurrency: int = 4  # questions under way at once


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How the models of a task are made, where nobody says otherwise at the call."""

    level: Level = "standard"
    models: tuple[str, ...] = ()  # family or model names; empty means: all that fit the task
    tune: int = 0  # settings tried per family; 0 takes the default settings
    average: bool = False  # average the best settings of the search into one model
    distil: str = ""  # the stronger model whose predictions a glass box may learn from
    scorecard_terms: int = 8  # columns on the points card, at most
    margin: float = 0.01  # a difference in AUROC (or a share of the loss) that does not matter
    max_error: float | None = None  # of the cases the model may decide alone, at most this share wrong
    error_delta: float = 0.1  # the chance that a promise of this kind does not hold
    max_false_omission: float | None = (
        None  # binary: of those decided as negative, at most this share positive
    )
    error_by_answer: bool = False  # a promise and a threshold for each answer, instead of one for all
    out_of_scope_data: str = ""  # file of rows that do not belong, relative to the task file


@dataclass(frozen=True, kw_only=True)
class Task:
    """One prediction task. `columns` holds every describing column, excluded ones too."""

    name: str
    kind: TaskKind
    target: str
    columns: tuple[Column, ...]
    data: str = ""  # path, relative to the task file
    positive: str = ""  # binary only: the label that is predicted
    missing_target: Literal["refuse", "drop"] = "refuse"
    id: str = ""
    group: str = ""
    time: str = ""
    title: str = ""
    title_zh: str = ""
    intended_use: str = ""
    decision: str = ""
    horizon: str = ""
    horizon_zh: str = ""
    users: str = ""
    out_of_scope: str = ""
    out_of_scope_zh: str = ""
    subject: str = "case"  # "patient", "applicant": used in sentences
    subject_plural: str = "cases"
    subject_zh: str = "个案"
    outcome: str = ""  # verb phrase after "would": "have heart disease"; empty means: "be <positive>"
    outcome_zh: str = ""
    target_label: str = ""  # plain name of what is estimated: "birth weight"; empty means: the target's name
    target_label_zh: str = ""
    target_unit: str = ""  # regression: "lb"
    class_labels: tuple[
        tuple[str, str], ...
    ] = ()  # plain name of a class: ("short_term", "short-term method")
    class_labels_zh: tuple[tuple[str, str], ...] = ()
    guidelines: str = ""  # folder of the institution's own guidelines, shown beside cases
    threshold: float | None = None
    harm_ratio: float | None = None  # a missed positive is this many times as bad as a false alarm
    llm: LLMConsent | None = None
    plan: Plan = Plan()
    concepts: tuple[Concept, ...] = ()  # each has a derived column among `columns`
    concept_labels: str = ""  # path of their hand labels, relative to the task file

    @property
    def features(self) -> tuple[Column, ...]:
        """The columns a model may use."""
        return tuple(c for c in self.columns if not c.exclude)

    @property
    def inputs(self) -> tuple[Column, ...]:
        """What a table to be scored must have: features that are not derived, and texts behind concepts."""
        asked = {c.column for c in self.concepts if c.approved}
        return tuple(c for c in self.columns if not c.concept and (not c.exclude or c.name in asked))

    @property
    def text_columns(self) -> tuple[Column, ...]:
        return tuple(c for c in self.features if c.kind == "text")

    @property
    def sensitive_columns(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.sensitive)

    @property
    def grouping_columns(self) -> tuple[Column, ...]:
        """The sensitive columns that make groups: free text does not."""
        return tuple(c for c in self.sensitive_columns if c.kind != "text")

    @property
    def cut(self) -> float | None:
        """The declared decision line on the probability scale.

        With a harm ratio r, expected harm is least at p = 1 / (1 + r) (Pauker and Kassirer, 1975).
        """
        if self.threshold is not None or self.harm_ratio is None:
            return self.threshold
        return 1.0 / (1.0 + self.harm_ratio)

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)
