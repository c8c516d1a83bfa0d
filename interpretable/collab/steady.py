"""Does a language model say the same of the same rows when nothing that matters has changed?

Three second askings: the examples in the opposite order, the columns in the opposite order, and the very same
question again, past the memory of answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from interpretable.collab.modes import Part, Prompter
from interpretable.collab.replies import Replies
from interpretable.evaluate.figure import mean
from interpretable.evaluate.selective import exact
from interpretable.llm import Prompt
from interpretable.records.llm_baseline import Steadiness
from interpretable.score.output import softmax

Asking = Callable[[Sequence[Prompt], str], Replies]


def steadiness(
    prompter: Prompter,
    part: Part,
    asking: Asking,
    *,
    again: Asking | None,
    allowed: Sequence[str] | None,
) -> Iterator[Steadiness]:
    """The three second askings about the rows of a part.

    Parameters
    ----------
    asking, again : ask prompts, with a note for progress; `again` bypasses the memory, None: it cannot.
    allowed : the only columns that may leave the machine; None: nothing leaves it.
    """
    numbers = prompter.wording.task.kind == "regression"
    plain = prompter.prompts("zero", part)
    why = prompter.why_not("shots", allowed)
    if why:
        yield Steadiness(change="shots", skipped=why)
    else:
        shown = prompter.prompts("shots", part)
        turned = [replace(p, examples=p.examples[::-1]) for p in shown]
        yield _compare("shots", asking(shown, "examples"), asking(turned, "examples reversed"), numbers)
    if len(prompter.wording.columns) < 2:
        yield Steadiness(change="columns", skipped="one_column")
    else:
        turned_wording = replace(prompter.wording, columns=prompter.wording.columns[::-1])
        turned = replace(prompter, wording=turned_wording).prompts("zero", part)
        yield _compare("columns", asking(plain, "columns"), asking(turned, "columns reversed"), numbers)
    if again is None:
        yield Steadiness(change="again", skipped="replayed")
    else:
        yield _compare("again", asking(plain, "once"), again(plain, "once more"), numbers)


def _compare(change: str, first: Replies, second: Replies, numbers: bool) -> Steadiness:
    read = first.read & second.read
    told = Steadiness(change=change, n=int(read.sum()), unread=int((~read).sum()))  # type: ignore[arg-type]  # our own names
    if not read.any():
        return replace(told, skipped="unread")
    one, two = first.table[read], second.table[read]
    if numbers:
        return replace(told, moved=mean(np.abs(two - one)[:, 0], None))
    changed = int((one.argmax(axis=1) != two.argmax(axis=1)).sum())
    moved = np.abs(softmax(two) - softmax(one)).sum(axis=1) / 2
    return replace(told, changed=exact(changed, len(one)), moved=mean(moved, None))
