"""Names and values in a sentence: which feature has which value, and what is typical."""

from __future__ import annotations

from interpretable.collab.claims.lexer import Token
from interpretable.collab.claims.numerals import Numeral, number_in
from interpretable.collab.claims.resolve import following, preceding
from interpretable.collab.claims.sentence import TIE, SentenceState
from interpretable.collab.claims.truth import Shown

_VALUES = frozenset({"number", "level", "not_known"})


class Naming(SentenceState):
    """Handlers of tokens by kind: `_feature` reads a token of the kind feature, and so on."""

    def _feature(self, i: int, token: Token) -> None:
        if self.truth.of(token.meaning) is None:
            self.account.claim("invented", False, token.meaning)
            self.slot = None
            return
        if self.others:
            self.account.fail("unreadable")
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
            self.account.fail("unreadable")
        elif following(self.tokens, i) in _VALUES:
            self.slot = (shown.feature, "typical")
        else:
            self.account.claim(
                "value", shown.value == shown.typical or _bare(shown) == shown.typical, shown.feature
            )

    def _level(self, i: int, token: Token) -> None:
        if self.slot is None:
            self.account.fail("unreadable")
        else:
            self._value(token.text, None, unit="")

    def _not_known(self, i: int, token: Token) -> None:
        if i in self.used:
            return
        if self.slot is None:
            self.account.fail("unreadable")
            return
        shown, role = self._filled()
        right = shown.missing if role == "value" else shown.condition == "unknown"
        self.account.claim("value", right, shown.feature)

    def _not_knowing(self, i: int, token: Token) -> None:
        shown = self._spoken_of()
        self.account.claim("value", shown is not None and shown.missing, shown.feature if shown else "")

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
            self.account.claim("value", text == expected, shown.feature)
            return
        number = number_in(expected, shown.unit)
        right = number is not None and abs(number - numeral.value) <= TIE * abs(number) and not bound
        self.account.claim("value", right and shown.quoted, shown.feature)
        unit = "%" if numeral.form == "percent" else "in 100" if numeral.form else unit
        if unit and unit != shown.unit:
            self.account.claim("unit", False, shown.feature)

    def _above(self, i: int, token: Token) -> None:
        self._compare(i, 1)

    def _below(self, i: int, token: Token) -> None:
        self._compare(i, -1)

    def _compare(self, i: int, sign: int) -> None:
        """'Higher than typical'."""
        shown = self._spoken_of()
        if shown is None or following(self.tokens, i) != "typical":
            self.account.fail("unreadable")
            return
        value, typical = number_in(shown.value, shown.unit), number_in(shown.typical, shown.unit)
        right = value is not None and typical is not None and sign * (value - typical) > 0
        self.account.claim("value", right, shown.feature)
        place = next(j for j in range(i, len(self.tokens)) if self.tokens[j].kind == "typical")
        if following(self.tokens, place) not in _VALUES:
            self.used.add(place)


def _bare(shown: Shown) -> str:
    return shown.value.removesuffix(shown.unit).strip()
