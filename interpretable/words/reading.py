"""What carries the score of a text, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interpretable.records.explanation import (
    CaseExplanation,
    Reason,
    Removal,
    TermPart,
    TextReading,
    TokenPart,
)
from interpretable.records.task import Task
from interpretable.words.case import amount, direction
from interpretable.words.catalogs import say
from interpretable.words.marked import token, visible
from interpretable.words.names import label, start

FIRST = 3  # words named in a sentence


def units(kind: str, lang: str = "en") -> str:
    """What tokens are made of: words, spelling, meaning."""
    return say(f"reading.units.{kind}", lang)


def term(part: TermPart, terms: Sequence[TermPart], task: Task, lang: str = "en") -> str:
    """The name of a term; of a text's several terms also what its tokens are made of."""
    name = start(label(part.term, task, lang))
    several = sum(other.term == part.term for other in terms) > 1
    if not part.units or not several:
        return name
    return say("reading.term", lang, name=name, units=units(part.units, lang))


def strongest(found: CaseExplanation, reading: TextReading, way: str, most: int = FIRST) -> tuple[str, ...]:
    """Words whose shares move the estimate this way, the largest share first."""
    own = [(r.word, r.share) for r in reading.removals] or [
        (token(t.token), t.contribution) for t in word_tokens(found, reading.feature)
    ]
    sign = 1.0 if way == "raises" else -1.0
    ranked = sorted((pair for pair in own if pair[1] * sign > 0), key=lambda pair: -abs(pair[1]))
    return tuple(visible(word) for word, _ in ranked[:most])


def word_tokens(found: CaseExplanation, feature: str) -> tuple[TokenPart, ...]:
    """The tokens of a text that are words or pairs of words, the largest first."""
    return tuple(t for t in found.tokens if t.feature == feature and t.units == "word")


def _quoted(names: Sequence[str], lang: str) -> list[str]:
    return [say("reading.quoted", lang, word=name) for name in names]


def carried(reason: Reason, found: CaseExplanation, lang: str = "en") -> str:
    """Which words carry the reason of a text; '' for other columns. It quotes the text: for the app only."""
    reading = next((t for t in found.texts if t.feature == reason.feature), None)
    way = direction(reason)
    if reading is None or way == "same":
        return ""
    names = strongest(found, reading, way)
    return say("reading.carried", lang, names=_quoted(names, lang)) if names else ""


def unknown_words(found: CaseExplanation, task: Task, lang: str = "en") -> tuple[str, ...]:
    """How many words of each text the model never learned, and what it makes of them."""
    lines = []
    for name, unknown, total in found.domain.unknown_words:
        kinds = {part.units for part in found.terms if name in part.features} - {""}
        if not unknown or not kinds:
            continue
        still = "spelling" if "characters" in kinds else "pieces" if "piece" in kinds else "nothing"
        counted = say("reading.unknown", lang, name=start(label(name, task, lang)), unknown=unknown, n=total)
        lines.append(("" if lang == "zh" else " ").join((counted, say(f"reading.unknown_{still}", lang))))
    return tuple(lines)


def kinds(found: CaseExplanation, feature: str, lang: str = "en") -> str:
    """What each kind of token does to the estimate, where a text is read in several ways; else ''."""
    own = [part for part in found.terms if part.units and feature in part.features and part.contribution]
    if len(own) < 2:
        return ""
    said = [
        say(f"reading.kind.{part.units}.{'raises' if part.contribution > 0 else 'lowers'}", lang)
        for part in own
    ]
    return say("reading.kinds", lang, parts=said)


def without(removal: Removal, task: Task, lang: str = "en") -> str:
    """The estimate of the text without a word, beside the estimate as it is."""
    now, then = (amount(x, task, lang) for x in (removal.estimate, removal.if_removed))
    code = "reading.without_same" if now == then else "reading.without"
    return say(code, lang, word=visible(removal.word), now=now, then=then)


def differ(task: Task, lang: str = "en") -> str:
    """Why a share and a removal are not the same; of several classes, what each is about."""
    said = [say("reading.differ", lang)]
    said += [say("reading.differ_classes", lang)] if task.kind == "multiclass" else []
    return ("" if lang == "zh" else " ").join(said)


def opposed(reading: TextReading, lang: str = "en") -> str:
    """Names the words whose share and whose removal point different ways; '' where there are none."""
    names = [r.word for r in reading.removals if r.share * (r.estimate - r.if_removed) < 0]
    return say("reading.opposed", lang, names=_quoted(names, lang)) if names else ""


def lines(found: CaseExplanation, task: Task, lang: str = "en") -> Iterator[str]:
    """What carries the score of each text of a case, in sentences. They quote words of the text."""
    for reading in found.texts:
        name = start(label(reading.feature, task, lang))
        for way in ("raises", "lowers"):
            if names := strongest(found, reading, way):
                yield say(f"reading.words.{way}", lang, name=name, names=_quoted(names, lang))
        for removal in reading.removals[:FIRST]:
            yield without(removal, task, lang)
        if reading.removals:
            yield differ(task, lang)
    yield from unknown_words(found, task, lang)
