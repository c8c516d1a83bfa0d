"""Directions in a sentence, the features they are said of, and words of rank."""

from __future__ import annotations

from interpretable.collab.claims.lexer import Token
from interpretable.collab.claims.resolve import TO_NUMBER, WAYS, following, preceding
from interpretable.collab.claims.sentence import TIE, SentenceState

_BESIDE_BY = frozenset({"filler", "top", "estimate"})


class Directions(SentenceState):
    """A direction belongs to the features named since the last one, to those after "by", or to the topic."""

    def _way(self, i: int, token: Token) -> None:
        self.slot = None
        if self.others:
            if preceding(self.tokens, i, skip=TO_NUMBER | {"estimate"}) != "number":
                only = [way for way, n in self.truth.others.items() if n] == [token.kind]
                self.counted += 1
                self.account.claim("count", only)
            return
        names = self._subjects(i)
        if not names or not self._of_the_estimate(i, token):
            self.account.fail("unreadable")
        for name in names:
            shown = self.truth.of(name)
            self.account.claim("sign", shown is not None and shown.way == token.kind, name)
            if name not in self.account.order:
                self.account.order.append(name)
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
            return self.groups[-1][1] if self.groups else list(dict.fromkeys(self.seen)) or self.account.topic
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
            self.account.fail("unreadable")
        elif place is not None:
            self.account.claim("rank", abs(own[0] - sizes[place]) <= TIE, near[0])
        else:
            self.account.claim("rank", sorted(own) == sorted(sizes[: len(own)]), near[0])
