"""Why this estimate (one case), and how the model decides (all cases)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from interpretable.records.selective import DecidedBy, LeftBecause

Value = float | str | None


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Effect of one feature on one case: the score minus the score with the feature at its typical value.

    All of the feature's terms count together, so re-scoring the changed row reproduces `effect`.
    """

    feature: str
    value: Value  # None: not known
    typical: Value
    effect: float  # link scale, towards the explained output
    estimate: float  # the estimate as it is (probability, or value)
    if_typical: float  # the estimate, re-scored with the typical value
    reference: str = "typical"  # what `typical` is: typical, approved, average or case
    stability: Literal["", "certain", "probable", "unstable"] = ""  # "": the model has no refits
    again: float | None = None  # share of repeated trainings in which it is a first reason, the same way
    same_way: float | None = None  # share of repeated trainings in which it moves the estimate the same way


@dataclass(frozen=True, kw_only=True)
class TermPart:
    """One summand of the exact decomposition."""

    term: str
    features: tuple[str, ...]
    contribution: float  # link scale, towards the explained output
    units: Literal["", "word", "characters", "piece"] = ""  # of a text's term: what its tokens are made of


@dataclass(frozen=True, kw_only=True)
class TokenPart:
    """What one token or n-gram of a text adds to this text's score.

    Of a black box: its SHAP value. There an empty `token` (0 `times`) stands for all n-grams of
    these units that the model knows and the text does not hold.
    """

    feature: str
    token: str
    contribution: float  # link scale, towards the explained output
    units: Literal["word", "characters", "piece"] = "word"  # what the token is made of
    times: int = 1  # how often it stands in the text


@dataclass(frozen=True, kw_only=True)
class TextMark:
    """The share of one word: every token that holds it is divided over the words it covers, by length.

    The shares of a text sum to what its tokens add to the score. The word stands at [start, end) of the text
    as it was given, in characters.
    """

    start: int
    end: int
    contribution: float  # link scale, towards the explained output


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What scoring again without every occurrence of a word gives: not the same as the word's share."""

    word: str  # as the model reads it
    times: int
    share: float  # of the exact sum, all occurrences together
    effect: float  # score minus the score without it, towards the explained output
    estimate: float
    if_removed: float  # the estimate of the text without it


@dataclass(frozen=True, kw_only=True)
class TextReading:
    """How the model reads one text: where its score comes from, word by word."""

    feature: str
    marks: tuple[TextMark, ...]  # in order of place; none where the places cannot be told
    removals: tuple[Removal, ...]  # words with the largest shares, the largest effect first


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How far the estimate moved between refits on resampled training rows. Not a guarantee.

    `kind` "refits_table": the words of texts weighed the same in all refits, so this is the table's part.
    """

    low: float
    high: float
    refits: int
    kind: str = "refits"


@dataclass(frozen=True, kw_only=True)
class Domain:
    """Whether rows like this were seen in training, and what is unusual where not."""

    inside: bool
    outside_range: tuple[str, ...] = ()  # numbers beyond the training range
    unknown_levels: tuple[str, ...] = ()
    rare_pairs: tuple[tuple[str, str], ...] = ()  # combinations hardly seen together
    unfamiliar_texts: tuple[str, ...] = ()  # texts with far more unknown words than training texts have
    unknown_words: tuple[tuple[str, int, int], ...] = ()  # text column, words never learned, words in all
    distance_rank: float = 0.0  # share of training rows that are less unusual than this one, 0..1
    far: bool = False  # further from the middle, all numbers together, than nearly all training rows


@dataclass(frozen=True, kw_only=True)
class CaseExplanation:
    """Everything a reviewer sees about one case, before words."""

    row_id: str
    model: str  # family name of the model explained
    bundle_id: str
    glass_box: bool
    output: str  # class explained; "" for regression
    estimate: float  # probability of `output`, or the predicted value
    probabilities: tuple[float, ...]  # per class; () for regression
    average: float  # the same estimate for the training part on average (outcome rate or mean)
    score: float  # link scale, towards `output`
    constant: float
    reasons: tuple[Reason, ...]  # by size of effect, all features
    terms: tuple[TermPart, ...]  # exact sum: constant + contributions = score
    tokens: tuple[TokenPart, ...] = ()
    texts: tuple[TextReading, ...] = ()
    spread: Spread | None = None
    domain: Domain = Domain(inside=True)
    missing: tuple[str, ...] = ()
    values: dict[str, Value] | None = None  # the row as the model read it
    decision: str = ""  # "above" or "below" the declared line; "" where none is declared
    cut: float | None = None
    classes: tuple[str, ...] = ()  # what `probabilities` belong to, in order; () for regression
    reference: str = "typical"  # what reasons and terms are measured from
    stable: bool | None = None  # whether no first reason is unstable; None where the model has no refits
    basis: Literal["", "seeds", "rows"] = ""  # what a repeated training changes
    background_sha256: str = ""  # of the stored rows that SHAP values are taken against
    decided_by: DecidedBy = ""  # at the task's max_error, by the model in use; "" where none is declared
    left_because: LeftBecause = ""


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What a list of cases shows of each: the part of an explanation that is quick for many rows."""

    estimate: float
    output: str
    bundle_id: str
    spread: Spread | None
    domain: Domain
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SimilarCase:
    """A past case of the training part that the model sees as alike."""

    row_id: str
    distance: float  # in contribution space
    estimate: float
    outcome: str  # what happened: class label or value
    differences: tuple[tuple[str, Value, Value], ...]  # feature, this case, past case: the largest ones


@dataclass(frozen=True, kw_only=True)
class OutcomeMix:
    """What happened in the k most similar past cases."""

    n: int
    outcome: str  # the class counted; "" for values
    hits: int = 0
    low: float | None = None  # Wilson's 95 % interval of hits / n; of values the middle half
    high: float | None = None
    middle: float | None = None  # values: their median


@dataclass(frozen=True, kw_only=True)
class AdverseReason:
    """A principal reason for an adverse decision, in the institution's own words."""

    rank: int
    feature: str
    value: Value
    reference: Value
    effect: float  # link scale, towards the adverse side
    if_reference: float  # the estimate, scored again with the reference value: better than the estimate
    text: str


@dataclass(frozen=True, kw_only=True)
class AdverseNotice:
    """The reasons of one adverse decision; none where the estimate is not on the adverse side of the line."""

    row_id: str
    bundle_id: str
    model: str
    estimate: float
    cut: float
    side: Literal["above", "below"]  # which side of the line is adverse
    adverse: bool
    reference: str  # what the reasons are measured from
    reasons: tuple[AdverseReason, ...] = ()
    refused: tuple[str, ...] = ()  # sensitive columns that would have been among the reasons


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """One step of a curve: a bin [low, high) of a number, a level, or the missing cell."""

    kind: Literal["bin", "level", "missing", "unknown"]
    label: str
    low: float | None
    high: float | None
    effect: float  # link scale, centred so that the training mean is 0
    effect_low: float | None  # spread between refits
    effect_high: float | None
    estimate: float | None  # estimate of a typical case with this value (probability or value)
    count: float | None  # training rows here


@dataclass(frozen=True, kw_only=True)
class Curve:
    """How one feature moves the score, alone."""

    feature: str
    output: str  # class for multiclass, else ""
    points: tuple[CurvePoint, ...]
    kinks: int  # changes of direction, a measure of reading effort


@dataclass(frozen=True, kw_only=True)
class PairSurface:
    """A two-feature term: a grid of effects."""

    features: tuple[str, str]
    output: str
    x: tuple[str, ...]
    y: tuple[str, ...]
    effects: tuple[tuple[float, ...], ...]  # [x][y], link scale
    counts: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, kw_only=True)
class TokenWeight:
    """The weight of one token; for classes, minus its mean over classes (same probabilities).

    How much it adds to a text also depends on how rare it is and on the text's length, so weights of frequent
    and of rare tokens do not compare: `mean` does.
    """

    feature: str
    output: str
    token: str
    weight: float
    rows: int  # training texts that contain it
    units: Literal["word", "characters", "piece"] = "word"  # what the token is made of
    mean: float | None = None  # what it adds on average to training texts that hold it, link scale


@dataclass(frozen=True, kw_only=True)
class Snippet:
    """A token where it stands in a past text, with a few words around it. Never leaves the app."""

    before: str
    token: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Importance:
    feature: str
    value: float  # mean absolute effect over the training part, link scale


@dataclass(frozen=True, kw_only=True)
class TreeNode:
    """One node of a tree: how a case gets here from the node above, and what is estimated here.

    A number gets here where low <= x < high. A level gets here where it is one of `levels`, or, with
    `others`, where it is none of them; with `rare`, `levels` also stands for all levels of too few training
    rows. With no level and neither `others` nor `rare`, only a missing value gets here.
    """

    id: int
    parent: int  # -1 for the root
    leaf: bool
    rows: float  # training rows here
    estimates: tuple[float, ...]  # of the positive class, of each class, or the value
    feature: str = ""  # of the condition; "" for the root
    low: float | None = None
    high: float | None = None
    levels: tuple[str, ...] = ()
    others: bool = False
    rare: bool = False
    missing: bool = False  # whether a value that is not known gets here
    likely: str = ""  # several classes: the one with the largest estimate


@dataclass(frozen=True, kw_only=True)
class WholeExplanation:
    """How a model decides in general."""

    model: str
    glass_box: bool
    importances: tuple[Importance, ...]
    curves: tuple[Curve, ...] = ()
    pairs: tuple[PairSurface, ...] = ()
    tokens: tuple[TokenWeight, ...] = ()
    tree: tuple[TreeNode, ...] = ()
