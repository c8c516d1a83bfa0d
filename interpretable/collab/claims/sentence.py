"""What is known while a sentence is read: the claims so far, and what the sentence speaks of."""

from __future__ import annotations

from dataclasses import dataclass, field

from interpretable.collab.claims.lexer import Token
from interpretable.collab.claims.resolve import WAYS
from interpretable.collab.claims.truth import Shown, Truth

TIE = 1e-9  # two numbers, or two effects, that are the same


@dataclass(frozen=True)
class Claim:
    """One thing a text says, and whether it is so. `code` is the failure where it is not."""

    code: str  # sign, value, unit, estimate, if_typical, class, count, rank, invented, or one of FORBIDDEN
    right: bool
    feature: str = ""


@dataclass
class Account:
    """The claims of a text so far, and what it spoke of last."""

    truth: Truth
    claims: list[Claim] = field(default_factory=list)
    topic: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)  # features in the order of their first direction

    def claim(self, code: str, right: bool, feature: str = "") -> None:
        self.claims.append(Claim(code, right, feature))

    def fail(self, code: str) -> None:
        self.claims.append(Claim(code, False))


class SentenceState:
    """One sentence, its tokens settled."""

    def __init__(self, account: Account, tokens: list[Token]):
        self.account, self.truth, self.tokens = account, account.truth, tokens
        self.seen: list[str] = []  # features of this sentence
        self.here: list[str] = []  # since the last direction
        self.groups: list[tuple[int, list[str]]] = []  # place of a direction, and its features
        self.slot: tuple[str, str] | None = None  # (feature, "value" or "typical") that a value may fill
        self.used: set[int] = set()  # tokens that belong to a claim made elsewhere
        self.name = ""  # class spoken of
        self.of_estimate = False
        self.chances = self.counted = 0  # numbers that were estimates, or counts of the other features
        self.others = any(t.kind == "other" for t in tokens)
        self.condition, self.since = self._condition()

    def _condition(self) -> tuple[str, int]:
        """Which condition the sentence states, and from which token on it holds."""
        places = [i for i, t in enumerate(self.tokens) if t.kind in ("if", "without")]
        if not places:
            return "", len(self.tokens)
        start = places[0]
        before = any(t.kind in WAYS for t in self.tokens[:start])
        since = start if before else 0
        if len(places) > 1 or any(t.kind in WAYS for t in self.tokens[start:]):
            self.account.fail("unreadable")
        if self.tokens[start].kind == "without":
            return "without", since
        for i in range(start + 1, len(self.tokens)):
            kind = self.tokens[i].kind
            if kind in ("typical", "not_known"):
                self.used.add(i)
                return {"typical": "typical", "not_known": "unknown"}[kind], since
            if kind not in ("filler", "pronoun", "feature"):
                break
        self.account.fail("unreadable")
        return "none", since

    def _spoken_of(self) -> Shown | None:
        """The one feature this is about: of this sentence, or of the one before; None where it is not one."""
        names = self.seen[-1:] or (self.account.topic if len(self.account.topic) == 1 else [])
        return self.truth.of(names[0]) if names else None
