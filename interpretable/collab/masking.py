"""What is taken out of a row's words before they leave the machine.

Two things are masked: what has the form of an identifier (data/identifiers.py, the wide forms too), and what
the row's own columns say of who it is: its id, its group, its name, wherever these words stand in a text. A
name that no column holds, a place, a nickname, a rare job or story is not found: a masked text is not an
anonymous text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from interpretable.data.identifiers import find_identifiers
from interpretable.data.names import names_a_person
from interpretable.records.dataset import Dataset

SHORTEST = 3  # letters of a word to be masked: "de", "of" and initials stand in too many other words
DIFFERENT = 0.2  # a column of names has this many values per row at least; "e-mail consent: yes" has fewer
LONGEST = 8  # words of a name or an address; a column "email" that holds whole letters has more
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff]{2,}")


def mask(text: str, *, own: Iterable[str] = ()) -> tuple[str, Counter[str]]:
    """The text with identifiers replaced by their kind in brackets, and how many of each kind.

    own : words of the row's own id and names (`own_words`); they count as "own_name"

    Examples
    --------
    >>> text, counts = mask("Lee wrote to jo@example.org", own=["lee"])
    >>> text, dict(counts)
    ('[own_name] wrote to [email]', {'email': 1, 'own_name': 1})
    """
    counts: Counter[str] = Counter()
    done, at = [], 0
    for span in find_identifiers(text, wide=True):
        done += [_without(text[at : span.start], own, counts), f"[{span.kind}]"]
        counts[span.kind] += 1
        at = span.end
    return "".join([*done, _without(text[at:], own, counts)]), counts


def _without(text: str, own: Iterable[str], counts: Counter[str]) -> str:
    for word in own:
        bounded = (
            re.escape(word) if _IDEOGRAPHS.fullmatch(word) else rf"(?<![^\W_]){re.escape(word)}(?![^\W_])"
        )
        text, found = re.subn(bounded, "[own_name]", text, flags=re.IGNORECASE)
        counts["own_name"] += found
    return text


def own_words(values: Iterable[object]) -> tuple[str, ...]:
    """Words of a row's id, group and names, the longest first: three letters or two ideographs at least."""
    found: dict[str, None] = {}
    for value in values:
        if value is None or value != value:
            continue
        words = _WORD.findall(str(value))
        found.update((word.casefold(), None) for word in words if len(word) >= SHORTEST)
        found.update(dict.fromkeys(_IDEOGRAPHS.findall(str(value))))
    return tuple(sorted(found, key=len, reverse=True))


def name_columns(train: Dataset) -> tuple[str, ...]:
    """Columns, used or not, whose name says that they hold who somebody is, and that differ as names do."""
    found = []
    for column in train.task.columns:
        named = any(names_a_person(name) for name in (column.name, column.label, column.label_zh))
        if named and column.kind in ("text", "category") and not column.concept:
            known = train.frame[column.name].dropna().astype(str)
            if known.nunique() > DIFFERENT * len(known) and known.str.split().str.len().median() <= LONGEST:
                found.append(column.name)
    return tuple(found)
