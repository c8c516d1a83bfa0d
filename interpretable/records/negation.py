"""A rule that says which words of a text are denied: plain data, so that a model can carry it."""

from __future__ import annotations

from dataclasses import dataclass

DENIED = "¬"  # before a word that its text denies; no word holds this sign


@dataclass(frozen=True, kw_only=True)
class NegationRule:
    """Cues, stops and reach of negation. Every phrase is written as in a text, in lower case."""

    version: str
    before: tuple[str, ...]  # deny what follows: "no", "denies"
    after: tuple[str, ...] = ()  # deny what stands before them: "was ruled out"
    neither: tuple[str, ...] = ()  # look like a cue and are none: "not only"
    stops: tuple[str, ...] = ()  # words that end a scope: "but"
    marks: str = ""  # signs that end a scope
    list_marks: str = ""  # signs between the items of a list: the reach begins again
    list_words: tuple[str, ...] = ()  # a "," is a list mark too where one of these follows in the clause
    reach: int = 6  # words denied at most, from the cue or the last list mark
    reach_characters: int = 10  # the same for scripts without blanks, counted in characters
