"""What each token of a sentence is, where it could be several things: settled by what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence

from interpretable.collab.claims.lexer import Token

WAYS = ("raise", "lower", "same")
SKIPPED = frozenset({"filler", "pronoun", "pause", "unit"})
TO_NUMBER = frozenset({"filler", "pronoun", "base", "less", "more", "pause"})  # before a number
_OPENS = frozenset({"feature", "typical"})  # a value may follow
_CLOSES = frozenset({*WAYS, "estimate", "if", "without", "other", "number", "level", "not_known", "base"})
_DENIED = frozenset({"filler", "base", "less", "more", "top"})  # between "not" and the number it denies


def resolve(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of one sentence, each with one kind."""
    found: list[Token] = []
    slot = False
    for i in range(len(tokens)):
        token = _one(tokens, i, found, slot=slot)
        slot = (slot or token.kind in _OPENS) and token.kind not in _CLOSES
        found.append(token)
    return [_beside(found, i) for i in range(len(found))]


def _one(tokens: Sequence[Token], i: int, before: list[Token], *, slot: bool) -> Token:
    """The reading of one token, given those before it; `slot`: a value may stand here."""
    token = tokens[i]
    kinds = [kind for kind, _ in token.readings]
    if "feature" in kinds:
        return token.read_as("feature") or token
    if "level" in kinds:
        free = i + 1 == len(tokens) or tokens[i + 1].kind == "pause"
        if slot and (free or len(kinds) == 1):
            return token.read_as("level") or token
        kinds.remove("level")
    if "unit" in kinds:
        if before and before[-1].kind == "number":
            return token.read_as("unit") or token
        kinds.remove("unit")
    if token.readings and not kinds:
        return Token("unreadable", token.text)
    return next((t for kind in kinds if (t := token.read_as(kind)) is not None), token)


def _beside(tokens: list[Token], i: int) -> Token:
    """Words that are harmless or not by what follows."""
    token = tokens[i]
    if token.kind == "negation" and following(tokens, i, skip=_DENIED) == "number":
        return Token("contrast", token.text)
    if token.kind in ("from", "to"):
        return token if following(tokens, i, skip=_DENIED) == "number" else Token("filler", token.text)
    if token.kind in ("more", "less") and following(tokens, i, skip=frozenset({"base"})) != "number":
        return Token("unreadable", token.text)
    if token.kind == "target":
        near = {preceding(tokens, i), following(tokens, i)}
        return Token("filler" if "estimate" in near else "unreadable", token.text)
    if token.kind == "next" and not any(t.kind == "class" for t in tokens):
        return Token("filler", token.text)
    return token


def following(tokens: Sequence[Token], i: int, *, skip: frozenset[str] = SKIPPED) -> str:
    """The kind of the next token that is not to be skipped; "" where the sentence ends."""
    return next((t.kind for t in tokens[i + 1 :] if t.kind not in skip), "")


def preceding(tokens: Sequence[Token], i: int, *, skip: frozenset[str] = SKIPPED) -> str:
    """The kind of the token before, likewise."""
    return next((t.kind for t in reversed(tokens[:i]) if t.kind not in skip), "")
