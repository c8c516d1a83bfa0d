"""What the texts add: the same rows read as a table, as texts, and as both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interpretable.records.evaluation import Comparison, Figure
from interpretable.records.lacking import NotComputed

NotesVerdict = Literal["adds", "does_not_add", "cannot_tell"]


@dataclass(frozen=True, kw_only=True)
class NotesReading:
    """One way to read the rows, with its figures on rows it was not fitted on, fold by fold."""

    name: Literal["table", "text", "both"]
    model: str
    losses: tuple[float, ...]  # log loss or squared error
    headline: tuple[float, ...]  # AUROC or RMSE; () where a fold has none
    test: Figure | None = None  # the headline metric on the test part


@dataclass(frozen=True, kw_only=True)
class NotesGain:
    """What both together save over one of them alone."""

    over: Literal["table", "text"]
    verdict: NotesVerdict
    margin: float  # a smaller saving of loss does not matter
    loss: Figure  # saved, mean over the folds with the corrected t interval
    headline: Figure | None = None  # gained likewise, positive is better
    comparisons: tuple[Comparison, ...] = ()  # on the test part: the one alone minus both


@dataclass(frozen=True, kw_only=True)
class NotesCrossing:
    """Test cases that the texts take to another answer than the table's, and which way."""

    n: int
    moved: Figure  # share of the n, with Wilson's interval
    right: int  # the table's answer was wrong, the new one is what happened
    wrong: int  # the table's answer was what happened, the new one is not


@dataclass(frozen=True, kw_only=True)
class NotesEvidence:
    """What the texts add to the table; for a task of text alone, which kinds of tokens were worth it."""

    kind: Literal["mixed", "text"] = "mixed"
    share: float = 0.02  # of a loss, below which a saving does not matter
    metric: str = "log_loss"  # of the losses
    headline: str = "auroc"
    readings: tuple[NotesReading, ...] = ()
    gains: tuple[NotesGain, ...] = ()
    crossing: NotesCrossing | None = None
    kept: tuple[str, ...] = ()  # kinds of tokens that stayed in the model that reads the texts
    steps: dict[str, float] = field(
        default_factory=dict
    )  # inner losses as kinds of tokens were tried, in order
    not_computed: tuple[NotComputed, ...] = ()
