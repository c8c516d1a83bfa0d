"""Can a language model rephrase explanations without changing them? Asked case by case, claims checked."""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import nullcontext
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from interpretable.collab.baseline import refuse_double
from interpretable.collab.bill import ledger_of
from interpretable.collab.claims import Checker
from interpretable.collab.narrative import NOT_ALLOWED, Narrative, agreement, narrate_all, template
from interpretable.collab.planted import plant
from interpretable.collab.sample import draw
from interpretable.errors import UserError
from interpretable.llm import LLMClient
from interpretable.records.beside import Told
from interpretable.records.exchange import Egress, LLMInfo
from interpretable.records.explanation import CaseExplanation
from interpretable.records.narrated import Narrated, Share
from interpretable.records.task import Task
from interpretable.study.beside import Asking
from interpretable.study.evidence import now
from interpretable.words import LANGUAGES

if TYPE_CHECKING:
    from interpretable.study.opened import OpenStudy

NAME = "narrate"


def run(
    study: OpenStudy, asking: Asking, *, rows: int = 20, lang: str = "en", rehearsal: bool = False
) -> Narrated:
    """Rephrase the explanations of sampled test cases, and count what the checker makes of the texts.

    The texts themselves are thrown away at the end: they hold values of people. With `llm="off"` only the
    checker is tested, on errors planted in the house's own texts.

    Parameters
    ----------
    rows : test cases, drawn by `asking.seed`, each class by its share
    lang : language of the texts
    rehearsal : must be true for a scripted double

    Raises
    ------
    UserError : the language or the number of rows
    LLMError : the language model cannot be had, is a double, or its line is down
    """
    if lang not in LANGUAGES or rows < 1:
        raise UserError(
            f"--lang can be {' or '.join(LANGUAGES)}, and --rows 1 or more; got {lang!r}, {rows}."
        )
    started = monotonic()
    cases = _cases(study, rows, asking.seed)
    found: list[Narrative] = []
    info: LLMInfo | None = None
    egress: tuple[Egress, ...] = ()
    with asking.client() if asking.mode != "off" else nullcontext() as client:
        if client is not None:
            info = client.info()
            refuse_double(client, rehearsal=rehearsal)
            found = _ask(cases, study.task, client, asking, lang=lang)
            egress = client.egress()
    shutil.rmtree(asking.folder, ignore_errors=True)  # the texts hold values of people
    accepted = sum(one.origin == "rephrased" for one in found)
    told = Told(
        mechanism=NAME, bundle_id=study.bundle_id, created=now(), seed=asking.seed, verdict="told",
        reason=_reason(found, accepted), info=info,
        ledger=ledger_of([one.answer for one in found if one.answer], study.task) if found else None,
        egress=egress, seconds=round(monotonic() - started, 1),
    )  # fmt: skip
    return _record(told, found, cases, study.task, lang=lang)


def _reason(found: list[Narrative], accepted: int) -> str:
    if not any(one.answer is not None for one in found):
        return "not_asked"
    return "some_accepted" if accepted else "none_accepted"


def _cases(study: OpenStudy, rows: int, seed: int) -> list[CaseExplanation]:
    test, random = study.part("test"), np.random.default_rng(seed)
    if study.task.kind == "regression":
        chosen = np.sort(random.permutation(len(test))[:rows])
    else:
        chosen = draw(test.target, rows, random)
    return [study.explain(test.take(np.array([i]))) for i in chosen]


def _ask(
    cases: list[CaseExplanation], task: Task, client: LLMClient, asking: Asking, *, lang: str
) -> list[Narrative]:
    answered = count(1)

    def tell() -> None:
        asking.progress(f"narrate: {next(answered)} of {len(cases)} texts")

    return narrate_all(cases, task, client, lang=lang, tell=tell)


def _record(
    told: Told, found: list[Narrative], cases: list[CaseExplanation], task: Task, *, lang: str
) -> Narrated:
    written = [one for one in found if one.checked is not None]
    silent = [one for one in found if one.checked is None]
    planted, false_alarms = try_checker(cases, task, lang=lang)
    return Narrated(
        told=told,
        lang=lang,
        cases=len(cases),
        asked=sum(one.failures != (NOT_ALLOWED,) for one in found),
        accepted=sum(one.origin == "rephrased" for one in found),
        failures=_count(written),
        unanswered=_count(silent),
        agreement=agreement(one.checked for one in written if one.checked is not None),
        planted=planted,
        false_alarms=false_alarms,
    )


def _count(texts: list[Narrative]) -> dict[str, int]:
    return dict(Counter(code for one in texts for code in one.failures).most_common())


def try_checker(
    cases: list[CaseExplanation], task: Task, *, lang: str, most: int | None = None
) -> tuple[dict[str, Share], int]:
    """Errors of each kind caught in the house's own texts, and how many of those texts were refused.

    most : in how many cases errors are planted; in all where it is left out
    """
    caught: Counter[str] = Counter()
    made: Counter[str] = Counter()
    refused = 0
    for place, case in enumerate(cases):
        checker = Checker(case, task, lang=lang)
        refused += not checker.check(template(case, task, lang)).passed
        for kind, text in plant(case, task, lang) if most is None or place < most else ():
            made[kind] += 1
            caught[kind] += not checker.check(text).passed
    return {kind: Share(count=caught[kind], of=made[kind]) for kind in made}, refused
