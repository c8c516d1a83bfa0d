"""The claims of a text, each compared with the truth: which feature, which way, which value, which number.

A sentence is read from left to right. A direction belongs to the features named since the last direction, to
those after "by", or, with "this" or "it", to the feature spoken of before. What is not understood is a
failure, never passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from interpretable.collab.claims.lexer import Sentence, Token
from interpretable.collab.claims.numerals import Numeral, number_in
from interpretable.collab.claims.resolve import WAYS, following, preceding, resolve
from interpretable.collab.claims.truth import Amount, Shown, Truth

# Kinds of words that make a text fail by being there, and the code of that failure.
FORBIDDEN = {
    "unreadable": "unreadable", "causal": "causal", "advice": "advice", "certain": "certainty",
    "person": "person",
}  # fmt: skip
_VALUES = frozenset({"number", "level", "not_known"})
_TO_NUMBER = frozenset({"filler", "pronoun", "base", "less", "more", "pause"})
_BESIDE_BY = frozenset({"filler", "top", "estimate"})
_TIE = 1e-9


@dataclass(frozen=True)
class Claim:
    """One thing a text says, and whether it is so. `code` is the failure where it is not."""

    code: str  # sign, value, unit, estimate, if_typical, class, count, rank, invented, or one of FORBIDDEN
    right: bool
    feature: str = ""


@dataclass
class Reader:
    """Reads sentence after sentence; what was spoken of is remembered."""

    truth: Truth
    claims: list[Claim] = field(default_factory=list)
    topic: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)  # features in the order of their first direction

    def read(self, sentences: Sequence[Sentence]) -> list[Claim]:
        for sentence in sentences:
            SentenceReader(self, resolve(sentence.tokens)).read()
        return self.claims

    def claim(self, code: str, right: bool, feature: str = "") -> None:
        self.claims.append(Claim(code, right, feature))

    def fail(self, code: str) -> None:
        self.claims.append(Claim(code, False))


class SentenceReader:
    """One sentence."""

    def __init__(self, reader: Reader, tokens: list[Token]):
        self.reader, self.truth, self.tokens = reader, reader.truth, tokens
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

    def read(self) -> None:
        for i, token in enumerate(self.tokens):
            if token.kind in FORBIDDEN:
                self.reader.fail(FORBIDDEN[token.kind])
            elif token.kind in WAYS:
                self._way(i, token)
            else:
                own = getattr(self, f"_{token.kind}", None)
                if own is not None:
                    own(i, token)
        self._ranks()
        self._idle()
        self.reader.topic = [] if self.others else list(dict.fromkeys(self.seen)) or self.reader.topic

    def _idle(self) -> None:
        """Words that only mean something beside a number, where there is none."""
        if any(t.kind == "outcome" for t in self.tokens) and not self.chances:
            self.reader.fail("certainty")  # "would have the disease"
        if (self.condition and not self.chances) or (self.others and not self.counted):
            self.reader.fail("unreadable")

    # Conditions: "if it were typical", "without it".

    def _condition(self) -> tuple[str, int]:
        """Which condition the sentence states, and from which token on it holds."""
        places = [i for i, t in enumerate(self.tokens) if t.kind in ("if", "without")]
        if not places:
            return "", len(self.tokens)
        start = places[0]
        before = any(t.kind in WAYS for t in self.tokens[:start])
        since = start if before else 0
        if len(places) > 1 or any(t.kind in WAYS for t in self.tokens[start:]):
            self.reader.fail("unreadable")
        if self.tokens[start].kind == "without":
            return "without", since
        for i in range(start + 1, len(self.tokens)):
            kind = self.tokens[i].kind
            if kind in ("typical", "not_known"):
                self.used.add(i)
                return {"typical": "typical", "not_known": "unknown"}[kind], since
            if kind not in ("filler", "pronoun", "feature"):
                break
        self.reader.fail("unreadable")
        return "none", since

    def _spoken_of(self) -> Shown | None:
        """The one feature this is about: of this sentence, or of the one before; None where it is not one."""
        names = self.seen[-1:] or (self.reader.topic if len(self.reader.topic) == 1 else [])
        return self.truth.of(names[0]) if names else None

    # Names and values.

    def _feature(self, i: int, token: Token) -> None:
        if self.truth.of(token.meaning) is None:
            self.reader.claim("invented", False, token.meaning)
            self.slot = None
            return
        if self.others:
            self.reader.fail("unreadable")
        self.seen.append(token.meaning)
        self.here.append(token.meaning)
        of_typical = preceding(self.tokens, i) == "typical"
        self.slot = (token.meaning, "typical" if of_typical else "value")
        self.of_estimate = False

    def _typical(self, i: int, token: Token) -> None:
        if i in self.used or following(self.tokens, i) == "feature":
            return
        shown = self._spoken_of()
        if shown is None or self.of_estimate or self.others:
            self.reader.fail("unreadable")
        elif following(self.tokens, i) in _VALUES:
            self.slot = (shown.feature, "typical")
        else:
            self.reader.claim(
                "value", shown.value == shown.typical or _bare(shown) == shown.typical, shown.feature
            )

    def _level(self, i: int, token: Token) -> None:
        if self.slot is None:
            self.reader.fail("unreadable")
        else:
            self._value(token.text, None, unit="")

    def _not_known(self, i: int, token: Token) -> None:
        if i in self.used:
            return
        if self.slot is None:
            self.reader.fail("unreadable")
            return
        shown, role = self._filled()
        right = shown.missing if role == "value" else shown.condition == "unknown"
        self.reader.claim("value", right, shown.feature)

    def _not_knowing(self, i: int, token: Token) -> None:
        shown = self._spoken_of()
        self.reader.claim("value", shown is not None and shown.missing, shown.feature if shown else "")

    def _filled(self) -> tuple[Shown, str]:
        assert self.slot is not None  # asked before
        name, role = self.slot
        self.slot = None
        shown = self.truth.of(name)
        assert shown is not None  # slots are opened for shown features only
        return shown, role

    def _value(self, text: str, numeral: Numeral | None, *, unit: str, bound: str = "") -> None:
        shown, role = self._filled()
        expected = shown.value if role == "value" else shown.typical
        if numeral is None:
            self.reader.claim("value", text == expected, shown.feature)
            return
        number = number_in(expected, shown.unit)
        right = number is not None and abs(number - numeral.value) <= _TIE * abs(number) and not bound
        self.reader.claim("value", right and shown.quoted, shown.feature)
        unit = "%" if numeral.form == "percent" else "in 100" if numeral.form else unit
        if unit and unit != shown.unit:
            self.reader.claim("unit", False, shown.feature)

    def _above(self, i: int, token: Token) -> None:
        self._compare(i, 1)

    def _below(self, i: int, token: Token) -> None:
        self._compare(i, -1)

    def _compare(self, i: int, sign: int) -> None:
        """'Higher than typical'."""
        shown = self._spoken_of()
        if shown is None or following(self.tokens, i) != "typical":
            self.reader.fail("unreadable")
            return
        value, typical = number_in(shown.value, shown.unit), number_in(shown.typical, shown.unit)
        right = value is not None and typical is not None and sign * (value - typical) > 0
        self.reader.claim("value", right, shown.feature)
        place = next(j for j in range(i, len(self.tokens)) if self.tokens[j].kind == "typical")
        if following(self.tokens, place) not in _VALUES:
            self.used.add(place)

    # Numbers.

    def _number(self, i: int, token: Token) -> None:
        assert token.number is not None  # by its kind
        before = self.tokens[i - 1].kind if i else ""
        bound = before if before in ("more", "less") else ""
        unit = (
            self.tokens[i + 1].meaning
            if i + 1 < len(self.tokens) and self.tokens[i + 1].kind == "unit"
            else ""
        )
        lead = preceding(self.tokens, i, skip=_TO_NUMBER)
        if self.others:
            self._count(i, token.number, bound or unit)
        elif self.slot is not None and lead in ("feature", "typical"):
            self._value("", token.number, unit=unit, bound=bound)
        else:
            self.slot = None
            self._chance(i, token.number, bound=bound, unit=unit, lead=lead)

    def _count(self, i: int, numeral: Numeral, extra: str) -> None:
        """'The other 9 together: 4 raise the estimate, ...'"""
        total = sum(self.truth.others.values())
        way = next((t.kind for t in self.tokens[i + 1 :] if t.kind in (*WAYS, "number")), "")
        expected = self.truth.others.get(way, 0) if way in WAYS else total
        self.counted += 1
        self.reader.claim("count", numeral.value == expected and not extra and not numeral.form)

    def _chance(self, i: int, numeral: Numeral, *, bound: str, unit: str, lead: str) -> None:
        """An estimate: the case's, the one with a typical value, of a class, or of those who would not."""
        said = Amount(numeral.value, bound)
        if not self._is_estimate(i, numeral, unit, lead):
            self.reader.fail("unreadable")
            return
        self.chances += 1
        conditional = i >= self.since
        if lead == "contrast":
            self.reader.claim(
                "estimate" if conditional else "unreadable", conditional and said == self.truth.estimate
            )
        elif self.name:
            self.reader.claim("class", said == self.truth.classes.get(self.name))
            self.name = ""
        elif lead == "from" or conditional:
            self._then(said, lead)
        else:
            denied = self._denied(i)
            expected = self.truth.rest if denied else self.truth.estimate
            self.reader.claim("estimate", said == expected, "" if denied else "*")

    def _then(self, said: Amount, lead: str) -> None:
        """The estimate with a typical value."""
        shown = self._spoken_of()
        alone = len(set(self.seen)) <= 1
        if shown is None or not alone or (lead == "from" and not self.groups):
            self.reader.fail("unreadable")
            return
        right = said == shown.then and (lead == "from" or self.condition == shown.condition)
        self.reader.claim("if_typical", right, shown.feature)

    def _is_estimate(self, i: int, numeral: Numeral, unit: str, lead: str) -> bool:
        anchored = self.of_estimate or lead in ("contrast", "from", "to")
        if self.truth.kind == "regression":
            return anchored and not numeral.form and unit in ("", self.truth.unit)
        of_100 = bool(numeral.form) or any(t.kind == "base" for t in self.tokens[:i])
        return not unit and (of_100 or lead in ("contrast", "from"))

    def _denied(self, i: int) -> bool:
        """Whether the number is of those who would not: a negation follows before the next number."""
        for j in range(i + 1, len(self.tokens)):
            if self.tokens[j].kind == "number":
                return False
            if self.tokens[j].kind == "negation":
                self.used.add(j)
                return True
        return False

    def _class(self, i: int, token: Token) -> None:
        ranked = list(self.truth.classes)
        lead = preceding(self.tokens, i)
        self.name, self.slot = "", None
        if lead in ("likeliest", "next"):
            place = 0 if lead == "likeliest" else 1
            self.reader.claim("class", len(ranked) > place and ranked[place] == token.meaning)
        if any(t.kind in WAYS for t in self.tokens) or self.condition:
            self.reader.claim("class", token.meaning == self.truth.output)
        elif any(t.kind == "number" for t in self.tokens[i:]):
            self.name = token.meaning
        elif lead not in ("likeliest", "next"):
            self.reader.fail("certainty")

    def _estimate(self, i: int, token: Token) -> None:
        self.of_estimate, self.slot = True, None

    def _negation(self, i: int, token: Token) -> None:
        if i not in self.used:
            self.reader.fail("negation")

    def _contrast(self, i: int, token: Token) -> None:
        if self.others or following(self.tokens, i, skip=_TO_NUMBER) != "number":
            self.reader.fail("unreadable")

    def _by(self, i: int, token: Token) -> None:
        if following(self.tokens, i) != "feature":
            self.reader.fail("unreadable")

    def _likeliest(self, i: int, token: Token) -> None:
        if following(self.tokens, i) != "class":
            self.reader.fail("unreadable")

    _next = _likeliest

    # Directions and order.

    def _way(self, i: int, token: Token) -> None:
        self.slot = None
        if self.others:
            if preceding(self.tokens, i, skip=_TO_NUMBER | {"estimate"}) != "number":
                only = [way for way, n in self.truth.others.items() if n] == [token.kind]
                self.counted += 1
                self.reader.claim("count", only)
            return
        names = self._subjects(i)
        if not names or not self._of_the_estimate(i, token):
            self.reader.fail("unreadable")
        for name in names:
            shown = self.truth.of(name)
            self.reader.claim("sign", shown is not None and shown.way == token.kind, name)
            if name not in self.reader.order:
                self.reader.order.append(name)
        self.groups.append((i, names))
        self.here = []

    def _subjects(self, i: int) -> list[str]:
        """The features that a direction is said of."""
        stop = next(
            (j for j in range(i + 1, len(self.tokens)) if self.tokens[j].kind in WAYS), len(self.tokens)
        )
        after = [t.meaning for t in self.tokens[i:stop] if t.kind == "feature"]
        if following(self.tokens, i, skip=_BESIDE_BY) == "by":
            return [name for name in after if self.truth.of(name)]
        if self.here:
            return list(dict.fromkeys(self.here))
        if any(t.kind == "pronoun" for t in self.tokens[:i]) or not after:
            return self.groups[-1][1] if self.groups else list(dict.fromkeys(self.seen)) or self.reader.topic
        return [name for name in after if self.truth.of(name)]

    def _of_the_estimate(self, i: int, token: Token) -> bool:
        """Whether what moves is the estimate, and nothing else."""
        if token.kind == "same" or "estimate" in token.text:
            return True
        before = max((j for j in range(i) if self.tokens[j].kind in WAYS), default=-1)
        stop = next(
            (j for j in range(i + 1, len(self.tokens)) if self.tokens[j].kind in WAYS), len(self.tokens)
        )
        near = self.tokens[before + 1 : stop]
        if following(self.tokens, i, skip=_BESIDE_BY) == "by":  # "it is raised by age and lowered by sex"
            near = self.tokens[:i]
            return any(t.kind == "estimate" or t.text == "it" for t in near)
        return any(t.kind == "estimate" for t in near) or self.tokens[i + 1 : i + 2] == [
            Token("pronoun", "it", "it")
        ]

    def _ranks(self) -> None:
        for i, token in enumerate(self.tokens):
            place = {"first": 0, "second": 1, "third": 2, "fourth": 3}.get(token.kind)
            if token.kind == "ordinal":
                place = int(token.meaning) - 1
            if token.kind == "top" or place is not None:
                self._rank(i, place)

    def _rank(self, i: int, place: int | None) -> None:
        near = min(self.groups, key=lambda group: abs(group[0] - i), default=(0, self.seen))[1]
        sizes = [abs(shown.effect) for shown in self.truth.shown]
        own = [abs(shown.effect) for name in set(near) if (shown := self.truth.of(name)) is not None]
        if not own or (place is not None and (len(own) > 1 or place >= len(sizes))):
            self.reader.fail("unreadable")
        elif place is not None:
            self.reader.claim("rank", abs(own[0] - sizes[place]) <= _TIE, near[0])
        else:
            self.reader.claim("rank", sorted(own) == sorted(sizes[: len(own)]), near[0])


def _bare(shown: Shown) -> str:
    return shown.value.removesuffix(shown.unit).strip()
