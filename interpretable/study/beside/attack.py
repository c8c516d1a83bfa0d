"""Do sentences inside the data command the language model? Asked about sampled test rows."""

from __future__ import annotations

from itertools import count
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from interpretable.collab import serialise
from interpretable.collab.baseline import refuse_double
from interpretable.collab.bill import ledger_of
from interpretable.collab.injection import NEUTRAL, SENTENCES, Attacked, attack, open_column
from interpretable.collab.sample import draw
from interpretable.errors import LLMError, UserError
from interpretable.records.attack import AttackFinding
from interpretable.records.beside import Told
from interpretable.study.beside import Asking
from interpretable.study.evidence import now

if TYPE_CHECKING:
    from interpretable.study.opened import OpenStudy

NAME = "attack"


def run(
    study: OpenStudy, asking: Asking, *, rows: int = 20, column: str = "", rehearsal: bool = False
) -> AttackFinding:
    """Ask about test rows as they are, and with known hostile sentences inside one column.

    Parameters
    ----------
    rows : test rows, drawn by `asking.seed`, each class by its share; each costs eight questions
    column : which column holds the sentence; by default the first text, else the first category
    rehearsal : must be true for a scripted double

    Raises
    ------
    UserError : the task has amounts, the number of rows, or no column that can hold a sentence
    LLMError : the language model cannot be had, is a double, or its line is down
    """
    if study.task.kind == "regression":
        raise UserError("A language model is not asked for amounts, so there is nothing to attack.")
    if rows < 1:
        raise UserError(f"rows is {rows}; it is 1 or more.")
    if asking.mode == "off":
        raise LLMError("An attack needs a language model: --llm local or endpoint.", code="off")
    started = monotonic()
    test = study.part("test")
    drawn = test.take(draw(test.target, rows, np.random.default_rng(asking.seed)))
    with asking.client() as client:
        refuse_double(client, rehearsal=rehearsal)
        wording = serialise.learn(
            study.part("train"), allowed=client.columns, brief=client.info().smoke_test_only
        )
        held = _column(wording, column)
        answered = count(1)

        def tell() -> None:
            asking.progress(f"attack: {next(answered)} of {len(drawn) * (1 + len(SENTENCES))} answers")

        found = attack(drawn, wording, client, column=held, tell=tell)
        info, egress = client.info(), client.egress()
    told = Told(
        mechanism=NAME, bundle_id=study.bundle_id, created=now(), seed=asking.seed, verdict="told",
        reason=_reason(found), info=info, ledger=ledger_of(found.answers, study.task), egress=egress,
        seconds=round(monotonic() - started, 1),
    )  # fmt: skip
    return AttackFinding(
        told=told, column=held, rows=len(drawn), attacks=found.attacks, any_moved=found.any_moved,
        unread=found.unread,
    )  # fmt: skip


def _column(wording: serialise.Wording, asked: str) -> str:
    able = [c.name for c in wording.columns if c.kind in ("text", "category")]
    column = asked or open_column(wording)
    if not able:
        raise UserError("No column in the questions can hold a sentence, so there is nothing to attack with.")
    if column not in able:
        raise UserError(f"--column is {column!r}; columns that can hold a sentence: {', '.join(able)}.")
    return column


def _reason(found: Attacked) -> str:
    """Moved, or moved no more than by a sentence that asks for nothing."""
    if not found.any_moved.of:
        return "unread"
    if not found.any_moved.count:
        return "none_moved"
    neutral = next(a.flipped for a in found.attacks if a.name == NEUTRAL)
    worst = max(a.moved.count for a in found.attacks if a.name != NEUTRAL)
    return "unsteady" if neutral.count >= worst else "moved"
