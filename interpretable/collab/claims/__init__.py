"""A deterministic checker of narratives: every claim of a text against the exact explanation of the case.

No language model is asked. The words a text may be made of are a closed list, beside the names and values of
the case; a text that holds another word, or a number or direction that belongs to nothing, fails as
unreadable. So what the checker does not understand never passes.
"""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.collab.claims.lexer import cut
from interpretable.collab.claims.lexicon import normalised
from interpretable.collab.claims.reading import read
from interpretable.collab.claims.sentence import Claim
from interpretable.collab.claims.truth import Truth, truth_of
from interpretable.collab.claims.vocabulary import vocabulary
from interpretable.records.explanation import CaseExplanation
from interpretable.records.task import Task

__all__ = ["CODES", "FIRST", "Checked", "Checker", "Claim", "check"]

FIRST = 4  # reasons a narrative tells, as the case page does
LONGEST = 10_000  # characters of a text; no explanation of one case is this long
CODES = (
    "sign", "rank", "value", "unit", "estimate", "if_typical", "class", "count", "invented", "omitted",
    "negation", "causal", "advice", "certainty", "person", "unreadable", "ambiguous_names", "empty",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What came of a text: the codes of its failures (none: every claim is right), and its claims."""

    failures: tuple[str, ...]
    claims: tuple[Claim, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.failures


class Checker:
    """Compares texts on one case with its exact explanation; see `check`."""

    def __init__(self, case: CaseExplanation, task: Task, *, lang: str = "en", most: int = FIRST):
        self._truth = truth_of(case, task, lang, most=most)
        self._known = vocabulary(self._truth, task, lang)

    def check(self, text: str) -> Checked:
        plain = normalised(text)
        if self._known.ambiguous:
            return Checked(failures=("ambiguous_names",))
        if not plain:
            return Checked(failures=("empty",))
        if len(text) > LONGEST:
            return Checked(failures=("unreadable",))
        account = read(cut(plain, (self._known.own, self._known.general)), self._truth)
        claims = account.claims
        claims += _ranks(self._truth, account.order) + _omitted(self._truth, claims)
        failed = {claim.code for claim in claims if not claim.right}
        return Checked(failures=tuple(code for code in CODES if code in failed), claims=tuple(claims))


def check(text: str, case: CaseExplanation, task: Task, *, lang: str = "en", most: int = FIRST) -> Checked:
    """Compare every claim of a text on one case with the exact explanation.

    Parameters
    ----------
    text : in the language `lang`
    case : explained from its typical values
    most : how many reasons the text is to tell; any other feature in it is taken as invented

    Notes
    -----
    Claims are compared as they are shown: a value or an estimate must be the number that the case page shows,
    not one that rounds to it. Failures are codes of `CODES`, each once, in that order.
    """
    return Checker(case, task, lang=lang, most=most).check(text)


def _ranks(truth: Truth, order: list[str]) -> list[Claim]:
    """The order in which reasons are told is their order of effect; equal effects may change places."""
    sizes = [abs(shown.effect) for shown in truth.shown]
    found = []
    for place, name in enumerate(order):
        shown = truth.of(name)
        assert shown is not None  # the reader orders shown features only
        found.append(Claim("rank", abs(abs(shown.effect) - sizes[place]) <= 1e-9, name))
    return found


def _omitted(truth: Truth, claims: list[Claim]) -> list[Claim]:
    """Reasons without a direction, and a text without the estimate."""
    signed = {claim.feature for claim in claims if claim.code == "sign"}
    missing = [Claim("omitted", False, shown.feature) for shown in truth.shown if shown.feature not in signed]
    stated = any(c.code == "class" or (c.code == "estimate" and c.feature == "*") for c in claims)
    return missing if stated else [*missing, Claim("omitted", False)]
