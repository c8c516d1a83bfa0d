"""The explanation of one case as a short text: from sentences of the house, or put freshly and verified.

A language model may only rephrase the house's own text. Each claim of what it writes is compared with the
exact explanation, and a text that fails is replaced by the house's own: a reader never sees a wrong one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from interpretable import words
from interpretable.collab.claims import FIRST, Checked, check
from interpretable.collab.claims.truth import first_reasons
from interpretable.collab.masking import mask
from interpretable.collab.serialise import without_marks
from interpretable.errors import UserError
from interpretable.llm import Ask, Generated, LLMClient, Prompt
from interpretable.llm.many import write_all
from interpretable.records.explanation import CaseExplanation
from interpretable.records.narrated import Share
from interpretable.records.task import Task

MOST_TOKENS = 400
NOT_ALLOWED = "column_not_allowed"

Tell = Callable[[], None] | None


@dataclass(frozen=True, kw_only=True)
class Narrative:
    """A text on one case.

    origin : "rephrased" where a language model wrote it and every claim was verified, else "template"
    failures : codes of why a rephrasing was refused: of the checker (`claims.CODES`), of the language model
        ("timeout", "cut", ...), or "column_not_allowed"
    checked : what the checker found in the rephrasing; None where there was none
    """

    text: str
    lang: str
    origin: Literal["template", "rephrased"]
    failures: tuple[str, ...] = ()
    checked: Checked | None = None
    answer: Generated | None = None


def template(case: CaseExplanation, task: Task, lang: str = "en", *, most: int = FIRST) -> str:
    """The house's own text: estimate, first reasons in order of effect, the others counted.

    Raises
    ------
    UserError : the case was explained from another point than its typical values
    """
    if case.reference != "typical":
        raise UserError("A narrative tells a case from its typical values; explain it without a reference.")
    return parts(case, task, lang, most=most).text()


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The house's own text in its parts."""

    head: tuple[str, ...]
    reasons: tuple[str, ...]  # one paragraph per reason
    tail: str
    lang: str

    def text(self) -> str:
        return ("" if self.lang == "zh" else " ").join(
            line for line in (*self.head, *self.reasons, self.tail) if line
        )


def parts(case: CaseExplanation, task: Task, lang: str = "en", *, most: int = FIRST) -> Parts:
    """What `template` joins."""
    first = first_reasons(case, most)
    told = {reason.feature for reason in first}
    lead = (words.say("narrative.lead", lang),) if first else ()
    return Parts(
        head=(*words.estimate(case, task, lang), *lead),
        reasons=tuple(words.reason(reason, task, lang) for reason in first),
        tail=words.others(tuple(r for r in case.reasons if r.feature not in told), lang),
        lang=lang,
    )


def make_prompt(case: CaseExplanation, task: Task, lang: str, *, most: int = FIRST, masked: bool) -> Prompt:
    """The question: the house's own text and nothing else. `columns` names every column in it."""
    text, found = without_marks(template(case, task, lang, most=most)), Counter[str]()
    if masked:
        text, found = mask(text)
    return Prompt(
        system=words.say("narrative.prompt", lang),
        question=text,
        columns=tuple(reason.feature for reason in first_reasons(case, most)),
        redactions=found,
    )


def narrate(
    case: CaseExplanation, task: Task, client: LLMClient | None = None, *, lang: str = "en", most: int = FIRST
) -> Narrative:
    """The text on one case: rephrased and verified where a language model is given, else the template."""
    if client is None:
        return Narrative(text=template(case, task, lang, most=most), lang=lang, origin="template")
    prompt = make_prompt(case, task, lang, most=most, masked=client.columns is not None)
    if not _allowed(prompt, client):
        return _not_sent(case, task, lang, most=most)
    return _judged(client.generate(prompt, Ask(most_tokens=MOST_TOKENS)), case, task, lang=lang, most=most)


def narrate_all(
    cases: Sequence[CaseExplanation], task: Task, client: LLMClient, *, lang: str = "en", tell: Tell = None
) -> list[Narrative]:
    """The texts on many cases, in their order, as `narrate` makes each.

    tell : called after each answer

    Raises
    ------
    LLMError : the model is gone, or a cap of the task was reached (llm/many.py)
    """
    masked, ask = client.columns is not None, Ask(most_tokens=MOST_TOKENS)
    prompts = [make_prompt(case, task, lang, masked=masked) for case in cases]
    answers = iter(write_all(client, [(p, ask) for p in prompts if _allowed(p, client)], tell=tell))
    return [
        _judged(next(answers), case, task, lang=lang) if _allowed(p, client) else _not_sent(case, task, lang)
        for case, p in zip(cases, prompts, strict=True)
    ]


def _allowed(prompt: Prompt, client: LLMClient) -> bool:
    return client.columns is None or set(prompt.columns) <= set(client.columns)


def _not_sent(case: CaseExplanation, task: Task, lang: str, *, most: int = FIRST) -> Narrative:
    text = template(case, task, lang, most=most)
    return Narrative(text=text, lang=lang, origin="template", failures=(NOT_ALLOWED,))


def _judged(
    answer: Generated, case: CaseExplanation, task: Task, *, lang: str, most: int = FIRST
) -> Narrative:
    """The rephrasing where every claim is right, else the template."""
    own = template(case, task, lang, most=most)
    if answer.failure:
        return Narrative(text=own, lang=lang, origin="template", failures=(answer.failure,), answer=answer)
    said = "\n".join(words.clean(line) for line in answer.text.splitlines() if line.strip())
    found = check(said, case, task, lang=lang, most=most)
    if not found.passed:
        return Narrative(
            text=own, lang=lang, origin="template", failures=found.failures, checked=found, answer=answer
        )
    return Narrative(text=said, lang=lang, origin="rephrased", checked=found, answer=answer)


def agreement(texts: Iterable[Checked]) -> dict[str, Share]:
    """Of all claims on signs, ranks and values in these texts: how many are right.

    Source: rank, sign and value agreement as in arXiv 2412.10220, over claims instead of features.
    """
    counted = Counter((claim.code, claim.right) for found in texts for claim in found.claims)
    kinds = ("sign", "rank", "value")
    return {
        kind: Share(count=counted[kind, True], of=counted[kind, True] + counted[kind, False])
        for kind in kinds
    }
