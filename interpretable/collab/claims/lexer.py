"""A text cut into tokens, each a known word, name, value or number; what is none of these is a token too."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from interpretable.collab.claims.lexicon import Phrases
from interpretable.collab.claims.numerals import Numeral, numeral_at, of_hundred_at

_ENDS, _PAUSES = ".!;\n", ",:()-/="
_LIST = re.compile(r"(?m)(?<![^\n])(\d{1,2})[.)](?=[ \n])")
_UNKNOWN = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*|.", re.DOTALL)


@dataclass(frozen=True)
class Token:
    """One piece of a text. Several readings are settled by what stands before it."""

    kind: str
    text: str
    meaning: str = ""
    number: Numeral | None = None
    readings: tuple[tuple[str, str], ...] = ()

    def read_as(self, kind: str) -> Token | None:
        """This token in one of its readings."""
        for own, meaning in self.readings:
            if own == kind:
                return Token(own, self.text, meaning)
        return None


@dataclass
class Sentence:
    """The tokens between two ends."""

    tokens: list[Token] = field(default_factory=list)


def cut(text: str, phrases: tuple[Phrases, Phrases]) -> list[Sentence]:
    """The sentences of a normalised text.

    phrases : the case's own names and values, and the lexicon. The longest phrase wins, but no word of the
        lexicon cuts a name in two; a number wins over a phrase of its length.
    """
    sentences, place = [Sentence()], 0
    while place < len(text):
        end, token = _next(text, place, phrases)
        place = end
        if token is not None and token.kind == "end":
            sentences.append(Sentence())
        elif token is not None:
            sentences[-1].tokens.append(token)
    return [sentence for sentence in sentences if sentence.tokens]


def _next(text: str, place: int, phrases: tuple[Phrases, Phrases]) -> tuple[int, Token | None]:
    if text[place] == " ":
        return place + 1, None
    if place == 0 or text[place - 1] == "\n":
        item = _LIST.match(text, place)
        if item:
            return item.end(), Token("ordinal", item.group(), item.group(1))
    found = _phrase(text, place, phrases)
    for end, token in (_number(text, place), _base(text, place)):
        if token is not None and (found is None or end >= found[0]):
            found = end, token
    if found is not None:
        return found
    if text[place] in _ENDS:
        return place + 1, Token("end", text[place])
    if text[place] in _PAUSES:
        return place + 1, Token("pause", text[place])
    unknown = _UNKNOWN.match(text, place)
    assert unknown is not None  # any character matches
    return unknown.end(), Token("unreadable", unknown.group())


def _number(text: str, place: int) -> tuple[int, Token | None]:
    found = numeral_at(text, place)
    if found is None:
        return place, None
    end, numeral = found
    return end, Token("number", text[place:end], number=numeral)


def _base(text: str, place: int) -> tuple[int, Token | None]:
    end = of_hundred_at(text, place)
    return (place, None) if end is None else (end, Token("base", text[place:end]))


def _phrase(text: str, place: int, phrases: tuple[Phrases, Phrases]) -> tuple[int, Token] | None:
    own, general = phrases
    name = own.at(text, place)
    word = general.at(text, place)
    if word is not None and (name is None or len(word[0]) > len(name[0])):
        end = _name_inside(text, place, place + len(word[0]), own)
        word = word if end is None else general.at(text, place, most=end - place)
    if name is not None and word is not None and len(name[0]) == len(word[0]):
        return place + len(name[0]), _token(name[0], (*name[1], *word[1]))
    found = max((one for one in (name, word) if one is not None), key=lambda one: len(one[0]), default=None)
    return None if found is None else (place + len(found[0]), _token(*found))


def _name_inside(text: str, start: int, end: int, own: Phrases) -> int | None:
    """Where a name of the case begins that a word would cut in two: "is unknown" in "is UNKNOWN BIRD"."""
    for place in range(start + 1, end):
        found = own.at(text, place)
        if found is not None and place + len(found[0]) > end:
            return place
    return None


def _token(phrase: str, readings: tuple[tuple[str, str], ...]) -> Token:
    kind, meaning = readings[0]
    return Token(kind, phrase, meaning, readings=readings)
