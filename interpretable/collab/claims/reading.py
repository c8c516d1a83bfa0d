"""The claims of a text, each compared with the truth: which feature, which way, which value, which number.

A sentence is read from left to right. A direction belongs to the features named since the last direction, to
those after "by", or, with "this" or "it", to the feature spoken of before. What is not understood is a
failure, never passed over.
"""

from __future__ import annotations

from collections.abc import Sequence

from interpretable.collab.claims.amounts import Amounts
from interpretable.collab.claims.directions import Directions
from interpretable.collab.claims.lexer import Sentence
from interpretable.collab.claims.resolve import WAYS, resolve
from interpretable.collab.claims.sentence import Account
from interpretable.collab.claims.truth import Truth

# Kinds of words that make a text fail by being there, and the code of that failure.
FORBIDDEN = {
    "unreadable": "unreadable", "causal": "causal", "advice": "advice", "certain": "certainty",
    "person": "person",
}  # fmt: skip


def read(sentences: Sequence[Sentence], truth: Truth) -> Account:
    """All claims of a text."""
    account = Account(truth)
    for sentence in sentences:
        SentenceReader(account, resolve(sentence.tokens)).read()
    return account


class SentenceReader(Amounts, Directions):
    """One sentence: each token goes to what reads its kind."""

    def read(self) -> None:
        for i, token in enumerate(self.tokens):
            if token.kind in FORBIDDEN:
                self.account.fail(FORBIDDEN[token.kind])
            elif token.kind in WAYS:
                self._way(i, token)
            else:
                own = getattr(self, f"_{token.kind}", None)
                if own is not None:
                    own(i, token)
        self._ranks()
        self._idle()
        self.account.topic = [] if self.others else list(dict.fromkeys(self.seen)) or self.account.topic

    def _idle(self) -> None:
        """Words that only mean something beside a number, where there is none."""
        if any(t.kind == "outcome" for t in self.tokens) and not self.chances:
            self.account.fail("certainty")  # "would have the disease"
        if (self.condition and not self.chances) or (self.others and not self.counted):
            self.account.fail("unreadable")
