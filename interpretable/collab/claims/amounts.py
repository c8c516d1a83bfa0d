"""Numbers in a sentence: values, estimates, chances of classes, counts; and what denies or compares them."""

from __future__ import annotations

from interpretable.collab.claims.lexer import Token
from interpretable.collab.claims.naming import Naming
from interpretable.collab.claims.numerals import Numeral
from interpretable.collab.claims.resolve import TO_NUMBER, WAYS, following, preceding
from interpretable.collab.claims.truth import Amount


class Amounts(Naming):
    """Each number must have a part to play; one that has none is a failure."""

    def _number(self, i: int, token: Token) -> None:
        assert token.number is not None  # by its kind
        before = self.tokens[i - 1].kind if i else ""
        bound = before if before in ("more", "less") else ""
        unit = (
            self.tokens[i + 1].meaning
            if i + 1 < len(self.tokens) and self.tokens[i + 1].kind == "unit"
            else ""
        )
        lead = preceding(self.tokens, i, skip=TO_NUMBER)
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
        self.account.claim("count", numeral.value == expected and not extra and not numeral.form)

    def _chance(self, i: int, numeral: Numeral, *, bound: str, unit: str, lead: str) -> None:
        """An estimate: the case's, the one with a typical value, of a class, or of those who would not."""
        said = Amount(numeral.value, bound)
        if not self._is_estimate(i, numeral, unit, lead):
            self.account.fail("unreadable")
            return
        self.chances += 1
        conditional = i >= self.since
        if lead == "contrast":
            self.account.claim(
                "estimate" if conditional else "unreadable", conditional and said == self.truth.estimate
            )
        elif self.name:
            self.account.claim("class", said == self.truth.classes.get(self.name))
            self.name = ""
        elif lead == "from" or conditional:
            self._then(said, lead)
        else:
            denied = self._denied(i)
            expected = self.truth.rest if denied else self.truth.estimate
            self.account.claim("estimate", said == expected, "" if denied else "*")

    def _then(self, said: Amount, lead: str) -> None:
        """The estimate with a typical value."""
        shown = self._spoken_of()
        alone = len(set(self.seen)) <= 1
        if shown is None or not alone or (lead == "from" and not self.groups):
            self.account.fail("unreadable")
            return
        right = said == shown.then and (lead == "from" or self.condition == shown.condition)
        self.account.claim("if_typical", right, shown.feature)

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
            self.account.claim("class", len(ranked) > place and ranked[place] == token.meaning)
        if any(t.kind in WAYS for t in self.tokens) or self.condition:
            self.account.claim("class", token.meaning == self.truth.output)
        elif any(t.kind == "number" for t in self.tokens[i:]):
            self.name = token.meaning
        elif lead not in ("likeliest", "next"):
            self.account.fail("certainty")

    def _estimate(self, i: int, token: Token) -> None:
        self.of_estimate, self.slot = True, None

    def _negation(self, i: int, token: Token) -> None:
        if i not in self.used:
            self.account.fail("negation")

    def _contrast(self, i: int, token: Token) -> None:
        if self.others or following(self.tokens, i, skip=TO_NUMBER) != "number":
            self.account.fail("unreadable")

    def _by(self, i: int, token: Token) -> None:
        if following(self.tokens, i) != "feature":
            self.account.fail("unreadable")

    def _likeliest(self, i: int, token: Token) -> None:
        if following(self.tokens, i) != "class":
            self.account.fail("unreadable")

    _next = _likeliest
