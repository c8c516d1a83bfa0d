"""Keyword in context: where a token stood in past texts, with a few words around it."""

from __future__ import annotations

from typing import Literal

from interpretable.records.additive import TokenTerm
from interpretable.records.dataset import Dataset
from interpretable.records.explanation import Snippet
from interpretable.score.scorer import AdditiveScorer, Scorer
from interpretable.score.texts import Reader
from interpretable.score.tokens import Piece, occurrences, places, stretches

Units = Literal["word", "characters", "piece"]
AROUND = 6  # words on each side
NEAR = 80  # characters on each side at most: a word may be as long as a text
MOST_TEXTS = 20_000  # searched
TRIED = 200  # texts with the token that are opened


def _term_of(scorer: Scorer, feature: str, units: Units) -> TokenTerm | None:
    if not isinstance(scorer, AdditiveScorer):
        return None
    model = scorer.model
    own = (t for t in model.terms if isinstance(t, TokenTerm) and t.rule.units == units)
    return next((term for term in own if model.features[term.feature].name == feature), None)


def find_snippets(
    scorer: Scorer, train: Dataset, feature: str, token: str, *, units: Units = "word", most: int = 3
) -> tuple[Snippet, ...]:
    """At most `most` places of a token, each in another text; none for a token the model does not know."""
    term = _term_of(scorer, feature, units)
    if term is None or token not in term.vocabulary:
        return ()
    texts = train.frame[feature].to_numpy()[:MOST_TEXTS]
    # Pieces are cut by the longest match, so they need the whole list; n-grams are found by themselves.
    entries = term.vocabulary if units == "piece" else (token,)
    counted = Reader(entries, term.rule).count(texts)
    rows = counted.rows[counted.positions == entries.index(token)][:TRIED]
    known = frozenset(entries) if units == "piece" else frozenset()
    found: dict[str, Snippet] = {}
    for row in rows:
        if len(found) == most:
            break
        snippet = _snippet(str(texts[row]), term, token, known)
        if snippet is not None:
            found.setdefault(snippet.before + snippet.token + snippet.after, snippet)
    return tuple(found.values())


def _snippet(text: str, term: TokenTerm, token: str, known: frozenset[str]) -> Snippet | None:
    origin = places(text)
    hit = next((o for o in occurrences(text, term.rule, known) if o.text == token), None)
    if hit is None or origin is None:
        return None
    start, end = origin[hit.start][0], origin[hit.end - 1][1]
    words = stretches(text)
    return Snippet(
        before=_before(text[:start], words, start), token=text[start:end], after=_after(text, words, end)
    )


def _before(head: str, words: list[Piece], start: int) -> str:
    own = [w for w in words if w.start < start][-AROUND:]
    cut = max(own[0].start if own else start, start - NEAR)
    return ("…" if head[:cut].strip() else "") + head[cut:]


def _after(text: str, words: list[Piece], end: int) -> str:
    own = [w for w in words if w.end > end][:AROUND]
    cut = min(own[-1].end if own else end, end + NEAR)
    return text[end:cut] + ("…" if text[cut:].strip() else "")
