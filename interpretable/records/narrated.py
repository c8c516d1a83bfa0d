"""What came of asking a language model to rephrase explanations: counts and codes, never a text."""

from __future__ import annotations

from dataclasses import dataclass, field

from interpretable.records.beside import Told


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many."""

    count: int
    of: int


@dataclass(frozen=True, kw_only=True)
class Narrated:
    """Rephrasings of the explanations of sampled test cases, each checked claim by claim.

    asked : cases that were put to the language model; fewer than `cases` where a column may not be sent, and
        0 where none was asked
    accepted : texts in which every claim was right
    failures : code -> texts that have it (one text may have several); codes of the checker
    unanswered : code -> cases without a text: of the language model, or "column_not_allowed"
    agreement : "sign", "rank", "value" -> claims that are right, of all the texts made (arXiv 2412.10220)
    planted : kind of error -> how many the checker caught, of those planted in the house's own texts
    false_alarms : of the house's own texts, how many the checker refused
    """

    told: Told
    lang: str
    cases: int
    asked: int
    accepted: int
    failures: dict[str, int] = field(default_factory=dict)
    unanswered: dict[str, int] = field(default_factory=dict)
    agreement: dict[str, Share] = field(default_factory=dict)
    planted: dict[str, Share] = field(default_factory=dict)
    false_alarms: int = 0
