"""What a language model makes of the same test rows as the small models, asked in several ways."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interpretable.records.beside import Told
from interpretable.records.evaluation import Comparison, Figure
from interpretable.records.exchange import DecisionCost, Ledger

ModeName = Literal["zero", "shots", "hint", "card", "guide"]
ReadingName = Literal["raw", "contextual", "batch", "fitted"]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The same answers read in one way, against the small model in use on the same rows."""

    name: ReadingName
    metrics: dict[str, Figure]
    comparisons: tuple[Comparison, ...] = ()  # this reading minus the small model


@dataclass(frozen=True, kw_only=True)
class Gain:
    """How much better than the small model by the first metric of the task; the ends the verdict uses."""

    metric: str
    figure: Figure  # positive: the language model is better; two-sided 95 %
    lower: float | None  # one-sided 95 %, shared by all modes that ran
    upper: float | None  # one-sided 95 %, for this mode alone


@dataclass(frozen=True, kw_only=True)
class Overrides:
    """Test rows whose likeliest answer was not the one that the small model had told the language model."""

    n: int  # answered rows
    changed: Figure  # share
    changes: int
    right: int  # of these, the language model's answer was right
    small_right: int  # of these, the small model's answer was right
    p_value: float  # one-sided exact: the changes are not right more often


@dataclass(frozen=True, kw_only=True)
class MoreCorrect:
    """What one more right decision costs: per 1,000 decisions, the fitted reading against the small model."""

    more: Figure  # right decisions beyond the small model's
    seconds: float | None = None  # for each; None where there are no more
    tokens: float | None = None
    money: float | None = None
    seconds_most: float | None = None  # at the lower end of `more`; None where there may be no gain
    seconds_least: float | None = None  # at the upper end of `more`: it costs at least this
    tokens_least: float | None = None
    money_least: float | None = None


@dataclass(frozen=True, kw_only=True)
class ModeResult:
    """One way of asking. Rows whose answer could not be read count as errors: they hold the class shares."""

    mode: ModeName
    skipped: str = ""  # code; then the rest is empty
    way: str = ""  # "logprobs", "json", "votes", "verbal" or "numbers": how an answer was got
    unread: int = 0  # test rows without a readable answer
    failures: dict[str, int] = field(default_factory=dict)  # of single answers, by code
    label_mass: float | None = None  # share of the model's probability that fell on the labels
    fit: dict[str, float] = field(default_factory=dict)  # of the fitted reading: slope, intercept, rows
    readings: tuple[Reading, ...] = ()
    gain: Gain | None = None
    ledger: Ledger | None = None
    cost: DecisionCost | None = None  # per 1,000 decisions
    overrides: Overrides | None = None  # mode "hint" with classes
    more: MoreCorrect | None = None


@dataclass(frozen=True, kw_only=True)
class SmallResult:
    """A model of the study on the same rows."""

    model: str
    used: bool  # the model in use
    metrics: dict[str, Figure]
    cost: DecisionCost  # per 1,000 decisions


@dataclass(frozen=True, kw_only=True)
class Steadiness:
    """The same rows asked a second time: examples reversed, columns reversed, or nothing changed."""

    change: Literal["shots", "columns", "again"]
    skipped: str = ""
    n: int = 0  # rows answered both times
    unread: int = 0
    changed: Figure | None = None  # share of rows whose likeliest answer changed
    moved: Figure | None = None  # mean absolute change of the probability, or of the value


@dataclass(frozen=True, kw_only=True)
class Completion:
    """Training rows of which the first half was told, to be continued. Recall of rows is a sign of memory."""

    skipped: str = ""
    rows: int = 0
    cells: int = 0
    unread: int = 0  # cells for which no value came
    exact: Figure | None = None  # share of cells completed exactly
    guess: Figure | None = None  # the same, by always saying the column's most frequent value
    gain: Figure | None = None  # exact minus guess, by row
    rare_cells: int = 0  # cells whose value at most one training row in ten has
    rare_exact: Figure | None = None
    whole_rows: Figure | None = None  # share of rows completed without a mistake


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """The same rows without examples, columns called "column 1", ...: levels and the question stay."""

    skipped: str = ""
    n: int = 0
    metric: str = ""
    named: Figure | None = None
    bare: Figure | None = None
    difference: Figure | None = None  # positive: better with the true names


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A number is at least `low`, or a value is `level`; `negated`: the opposite, or not known."""

    column: str
    low: float | None = None
    level: str = ""
    negated: bool = False


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of rows on which the language model's sureness was looked at (test rows)."""

    path: tuple[Condition, ...]  # all hold
    n: int
    says: float  # its mean recalibrated sureness
    right: Figure


@dataclass(frozen=True, kw_only=True)
class Kinds:
    """A small tree over kinds of rows, grown on the calibration answers, shown on the test answers."""

    skipped: str = ""  # code
    mode: str = ""
    fitted: int = 0  # calibration answers
    needed: int = 0
    kinds: tuple[Kind, ...] = ()
    loss: float | None = None  # grouping loss explained by the kinds, Brier scale
    loss_low: float | None = None  # its one-sided 95 % lower end


@dataclass(frozen=True, kw_only=True)
class BaselineFinding:
    """What came of it. Figures of all modes are of the same test rows."""

    told: Told
    rows: int  # test rows asked about
    rows_test: int
    calibration_rows: int  # of the training part, the same for every mode
    shots: int
    draws: int  # answers per question, where they are drawn; else 1
    columns: tuple[str, ...]  # shown to the language model
    small: tuple[SmallResult, ...]
    modes: tuple[ModeResult, ...]
    steadiness: tuple[Steadiness, ...] = ()
    completion: Completion | None = None
    renamed: Renamed | None = None
    kinds: Kinds | None = None
    card: str = ""  # what the language model was told of the small model, if it was
    prompt_example: str = ""  # with an invented row
