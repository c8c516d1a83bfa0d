"""Which words of a text are denied: "no chest pain", "denies fever or cough", "否认胸痛、发热".

A rule in the manner of NegEx (Chapman et al., 2001) and ConText (Harkema et al., 2009): a cue opens a scope,
which ends at a sign, a stop word or after so many words. It reads words, not meaning. It is data, versioned:
the rule of a version never changes, since models name the one they were made with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from interpretable.data.wordrule import is_ideograph, words_of
from interpretable.records.negation import NegationRule

NEGATION_1 = NegationRule(
    version="negation-1",
    before=(
        *(
            "no",
            "not",
            "without",
            "never",
            "neither",
            "nor",
            "none of",
            "denies",
            "deny",
            "denied",
            "denying",
        ),
        *("negative for", "free of", "absence of", "absent", "lack of", "lacks", "lacking", "cannot"),
        *("can't", "don't", "doesn't", "didn't", "isn't", "aren't", "wasn't", "weren't", "won't", "wouldn't"),
        *("hasn't", "haven't", "hadn't", "couldn't", "shouldn't", "dont", "doesnt", "didnt", "isnt", "wont"),
        *(
            "否认",
            "否认有",
            "无",
            "未",
            "未见",
            "未见有",
            "未有",
            "没",
            "没有",
            "并没有",
            "不",
            "不伴",
            "不伴有",
        ),
        *("无伴", "未伴", "未伴有", "排除", "已排除", "非"),
    ),
    after=(
        *("is ruled out", "was ruled out", "were ruled out", "been ruled out", "is negative", "was negative"),
        *(
            "are negative",
            "were negative",
            "is absent",
            "was absent",
            "is denied",
            "was denied",
            "not present",
        ),
        *("not seen", "not found", "阴性", "已排除", "被排除"),
    ),
    neither=(
        *("not only", "not just", "not necessarily", "not certain", "not sure", "no doubt", "no increase"),
        *("no change", "no matter", "no wonder", "no sooner", "cannot be excluded", "can't be excluded"),
        *("cannot exclude", "cannot rule out", "not ruled out", "not excluded", "gram negative"),
        *(
            "无明显诱因",
            "无诱因",
            "无明显原因",
            "无论",
            "无法",
            "无力",
            "无奈",
            "无疑",
            "无数",
            "无比",
            "毫无疑问",
        ),
        *(
            "未来",
            "未婚",
            "未成年",
            "未必",
            "不适",
            "不舒",
            "不稳",
            "不良",
            "不规",
            "不足",
            "不全",
            "不同",
            "不过",
        ),
        *(
            "不明",
            "不断",
            "不仅",
            "不但",
            "不只",
            "不安",
            "不畅",
            "不等",
            "不久",
            "不得不",
            "不一",
            "不清",
            "不齐",
        ),
        *(
            "不能排除",
            "不排除",
            "不除外",
            "未排除",
            "未能排除",
            "尚不能排除",
            "没关系",
            "非常",
            "非典型",
            "除非",
        ),
        *("是非", "并非不", "非法", "不准", "不少", "不可避免"),
    ),
    stops=(
        *(
            "but",
            "however",
            "although",
            "though",
            "except",
            "apart from",
            "aside from",
            "yet",
            "nevertheless",
        ),
        *(
            "because",
            "since",
            "但",
            "但是",
            "然而",
            "不过",
            "却",
            "仅",
            "只",
            "有",
            "伴",
            "伴有",
            "可见",
            "而",
        ),
    ),
    marks=".,;:!?。;:!?\n",
    list_marks="、/",
    list_words=("or", "nor", "或", "或者"),
)
RULES = {rule.version: rule for rule in (NEGATION_1,)}


@dataclass(frozen=True)
class _Phrases:
    """The phrases of a rule by their first word, longest first: (words, role)."""

    by_first: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    cues: frozenset[str]  # first words of those that can open a scope
    lists: frozenset[str]  # first words of the list words
    stops: frozenset[str]
    hard_marks: frozenset[str]  # signs that end a scope even inside a list

    def at(self, words: Sequence[str], start: int) -> tuple[int, str]:
        """Length and role of the longest phrase that begins here; (0, "") where none does."""
        for phrase, role in self.by_first.get(words[start], ()):
            if tuple(words[start : start + len(phrase)]) == phrase:
                return len(phrase), role
        return 0, ""


@lru_cache(maxsize=16)
def _compiled(rule: NegationRule) -> _Phrases:
    # Of two roles with the same words the first listed wins: what is no cue must never open a scope.
    found: dict[tuple[str, ...], str] = {}
    for role in ("neither", "before", "after", "stops"):
        for phrase in getattr(rule, role):
            found.setdefault(tuple(words_of(phrase)), role)
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, role in found.items():
        by_first.setdefault(phrase[0], []).append((phrase, role))
    return _Phrases(
        by_first={
            first: tuple(sorted(listed, key=lambda item: -len(item[0]))) for first, listed in by_first.items()
        },
        cues=frozenset(phrase[0] for phrase, role in found.items() if role in ("before", "after")),
        lists=frozenset(words_of(word)[0] for word in rule.list_words),
        stops=frozenset(phrase[0] for phrase, role in found.items() if role == "stops"),
        hard_marks=frozenset(rule.marks) - {","},
    )


def negated(
    words: Sequence[str], separators: Sequence[str] | None = None, rule: NegationRule = NEGATION_1
) -> list[bool]:
    """For each word, whether it is denied.

    Parameters
    ----------
    words : n words after NFKC, in lower case, as `words_between` gives them: ideographs one by one
    separators : n texts, the signs before each word; None where only words are known
    rule : cues, stops and reach

    Returns
    -------
    list of n booleans; the words of the cue itself are not denied

    Examples
    --------
    >>> from interpretable.data.wordrule import words_between
    >>> words, separators = words_between("No chest pain, but cough")
    >>> [word for word, hit in zip(words, negated(words, separators)) if hit]
    ['chest', 'pain']
    """
    denied = [False] * len(words)
    phrases = _compiled(rule)
    if phrases.cues.isdisjoint(words):
        return denied
    text = _Text(words, separators, rule, phrases)
    for start, (length, role) in text.roles.items():
        if role == "before":
            scope = text.forward(start + length)
        elif role == "after":
            scope = text.backward(start - 1)
        else:
            continue
        for at in scope:
            denied[at] = True
    for at in text.inside:
        denied[at] = False
    return denied


def has_cue(words: Sequence[str], rule: NegationRule = NEGATION_1) -> bool:
    """Whether a cue stands in these words, so that it is worth asking which are denied."""
    return not _compiled(rule).cues.isdisjoint(words)


class _Text:
    """One text with its phrases found, and the walks away from a cue."""

    def __init__(
        self, words: Sequence[str], separators: Sequence[str] | None, rule: NegationRule, phrases: _Phrases
    ) -> None:
        self.words, self.separators, self.rule, self.phrases = words, separators, rule, phrases
        self.roles: dict[int, tuple[int, str]] = {}  # by the first word of each phrase found: length, role
        self.inside: dict[int, str] = {}  # role by every word of such a phrase
        at = 0
        while at < len(words):
            length, role = phrases.at(words, at)
            if length:
                self.roles[at] = (length, role)
                self.inside |= dict.fromkeys(range(at, at + length), role)
            at += length or 1

    def forward(self, start: int) -> Iterator[int]:
        """The words after a cue, to the end of its scope; the next cue opens a scope of its own."""
        left = 1.0
        for at in range(start, len(self.words)):
            crossed = self._crossing(at)
            left = 1.0 if crossed == "list" else left - self._step(at - 1) * (at > start)
            if crossed == "end" or left < 1e-9 or self.inside.get(at) in ("stops", "before"):
                return
            yield at

    def backward(self, start: int) -> Iterator[int]:
        """The words before a cue that stands after what it denies."""
        left = 1.0
        for at in range(start, -1, -1):
            crossed = self._crossing(at + 1)
            left = 1.0 if crossed == "list" else left - self._step(at + 1) * (at < start)
            if crossed == "end" or left < 1e-9 or at in self.inside:
                return
            yield at

    def _step(self, at: int) -> float:
        """The share of the reach that one word uses up."""
        return 1 / (self.rule.reach_characters if is_ideograph(self.words[at]) else self.rule.reach)

    def _crossing(self, at: int) -> str:
        """What the signs before a word do to a scope: "end", "list" (the reach begins again) or nothing."""
        gap = "" if self.separators is None else self.separators[at]
        if not gap or gap == " ":
            return ""
        if len(gap) == 1 and gap in ".,:" and self.words[at - 1][-1:].isdigit() and self.words[at].isdigit():
            return ""  # 3.5, 1,200, 10:30
        signs = set(gap) & set(self.rule.marks)
        if signs:
            return "list" if signs == {","} and self._lists_on(at) else "end"
        return "list" if set(gap) & set(self.rule.list_marks) else ""

    def _lists_on(self, start: int) -> bool:
        """Whether a list word follows soon, before the clause ends: "no fever, cough or pain"."""
        separators = self.separators or ()
        for at in range(start, min(start + 2 * self.rule.reach_characters, len(self.words))):
            word = self.words[at]
            if (at > start and not self.phrases.hard_marks.isdisjoint(separators[at])) or (
                word in self.phrases.stops
            ):
                return False
            if word in self.phrases.lists:
                return True
        return False
