"""What is expected before any row is seen: said by a language model or a person, of names and words only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interpretable.records.beside import Told, Verdict
from interpretable.records.evaluation import Figure
from interpretable.records.lacking import NotComputed

Way = Literal["up", "down", "none", "turns"]  # "turns": it rises and falls


@dataclass(frozen=True, kw_only=True)
class SaidWay:
    """Which way a higher value of a column should move the estimate; `sure` is 0 to 1."""

    column: str
    way: Way
    sure: float = 1.0


@dataclass(frozen=True, kw_only=True)
class SaidScore:
    """How a level or a word leans, -2 to 2: one score, or one per class."""

    column: str
    name: str
    scores: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Prior:
    """Directions, levels and words, and who said them. Scores lean to the positive class, or to high values.

    classes : what several scores are for; empty where there is one score
    """

    said_by: str
    where: str  # "person", "local" or an endpoint's host
    date: str
    task: str = ""
    classes: tuple[str, ...] = ()
    ways: tuple[SaidWay, ...] = ()
    levels: tuple[SaidScore, ...] = ()
    words: tuple[SaidScore, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing in it leans anywhere."""
        leaning = any(w.way in ("up", "down") and w.sure > 0 for w in self.ways)
        return not leaning and not any(any(s.scores) for s in (*self.levels, *self.words))


@dataclass(frozen=True, kw_only=True)
class PriorWeight:
    """How much of a prior one model took: the worth of one standard deviation of its score on the link scale.

    gain : fall of the loss on inner folds against weight 0, per row; 0 where the weight is 0
    error : standard error of the rows' differences
    """

    model: str = ""
    weight: float
    gain: float = 0.0
    error: float = 0.0
    reason: str = ""  # code, where the weight is 0: nothing_said, too_few, not_shown


@dataclass(frozen=True, kw_only=True)
class PriorUse:
    """A prior that models of a study were fitted with."""

    said_by: str
    where: str
    date: str
    digest: str
    ways: int
    levels: int
    words: int
    weights: tuple[PriorWeight, ...]
    not_computed: tuple[NotComputed, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PriorGain:
    """With the prior against without, on held-out training rows, learned from `n` rows.

    Each interval is two-sided 90 %, so that each bound is one-sided 95 %.
    """

    family: str
    n: int
    full: bool  # all rows of the folds; else a subsample
    folds: int
    plain_loss: float
    gain: Figure  # fall of the log loss or squared error
    control: Figure  # the same with signs and scores shuffled
    over_control: Figure
    weight: Figure  # mean over folds; low and high are the least and the largest
    used: int  # folds whose weight was above 0
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class WayFit:
    """A direction that was said beside the one that the model in use has learned."""

    column: str
    said: Way
    sure: float
    fitted: Way
    agrees: bool


@dataclass(frozen=True, kw_only=True)
class ScoreFit:
    """Leanings that were said beside those that the model in use has learned, by sign."""

    kind: Literal["levels", "words"]
    column: str
    compared: int
    agree: int
    against: tuple[str, ...] = ()  # the strongest of those that disagree


@dataclass(frozen=True, kw_only=True)
class PriorFinding:
    """What was said, how much of it the models take, and whether that helps."""

    told: Told
    prior: Prior
    digest: str
    model: str  # of the study, whose curves are compared
    rows: int  # training rows
    gains: tuple[PriorGain, ...] = ()
    weights: tuple[PriorWeight, ...] = ()  # fitted on all training rows, by family
    ways: tuple[WayFit, ...] = ()
    scores: tuple[ScoreFit, ...] = ()
    draws: int = 0
    not_asked: dict[str, tuple[str, ...]] = field(default_factory=dict)  # code: columns
    words_shown: int = 0
    words_withheld: dict[str, int] = field(default_factory=dict)  # code: words
    unread: dict[str, int] = field(default_factory=dict)  # kind of question: answers that could not be read
    rows_shown: int = 0  # rows and outcomes in any question: none, by construction
    prompt_example: str = ""
