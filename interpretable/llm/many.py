"""Many questions to one language model: several at once, in order, counted, given up when it is gone.

An endpoint is asked by threads, as many as the task allows (`[llm] concurrency`); the local engine has one
place and is asked one question after the other. Whatever stops the asking (Ctrl+C, a cancelled job, a refused
key) stops new questions; answers to those under way are waited for and kept, because they are paid for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from functools import partial
from itertools import islice
from typing import TypeVar

from interpretable.errors import LLMError
from interpretable.llm.client import LINE_FAILURES, Ask, Generated, LabelScores, LLMClient, Prompt

GIVE_UP = 5  # failures of the line in a row, as answers arrive
GRACE = 10.0  # seconds that answers under way are waited for after a stop

Tell = Callable[[], None]
Answer = TypeVar("Answer", LabelScores, Generated)


def score_all(
    client: LLMClient, prompts: Sequence[Prompt], labels: tuple[str, ...], *, tell: Tell | None = None
) -> list[LabelScores]:
    """The probability of each label for every prompt, in the order of the prompts.

    tell : called after each answer, as they arrive

    Raises
    ------
    LLMError : `.code` line_down after five failures of the line in a row, budget where a cap of the task was
        reached, or what the client raises
    """
    return _each([partial(client.score_labels, prompt, labels) for prompt in prompts], tell, client.at_once)


def write_all(
    client: LLMClient, asked: Sequence[tuple[Prompt, Ask]], *, tell: Tell | None = None
) -> list[Generated]:
    """The text or record for every prompt, in their order. See `score_all`."""
    return _each([partial(client.generate, prompt, ask) for prompt, ask in asked], tell, client.at_once)


def _each(questions: Sequence[Callable[[], Answer]], tell: Tell | None, at_once: int) -> list[Answer]:
    answers: dict[int, Answer] = {}
    in_a_row = 0
    with closing(_arriving(questions, at_once)) as arriving:
        for place, answer in arriving:
            in_a_row = in_a_row + 1 if answer.failure in LINE_FAILURES else 0
            if in_a_row >= GIVE_UP:
                raise LLMError(
                    f"The language model failed {GIVE_UP} times in a row ({answer.failure}). The answers so "
                    "far are kept; run again to go on.",
                    code="line_down",
                )
            answers[place] = answer
            if tell is not None:
                tell()
    _check_all_asked(list(answers.values()))
    return [answers[place] for place in range(len(questions))]


def _arriving(
    questions: Sequence[Callable[[], Answer]], at_once: int
) -> Iterator[tuple[int, Answer]]:  # a generator: closing it stops the asking
    """Answers with the place of their question, as they arrive."""
    if at_once <= 1:
        for place, question in enumerate(questions):
            yield place, question()
        return
    waiting = iter(enumerate(questions))
    under_way: dict[Future[Answer], int] = {}
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="language-model")
    try:
        while True:
            for place, question in islice(waiting, at_once - len(under_way)):
                under_way[pool.submit(question)] = place
            if not under_way:
                return
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=under_way.__getitem__):
                yield under_way.pop(future), future.result()
    finally:
        wait(under_way, timeout=GRACE)
        pool.shutdown(wait=False, cancel_futures=True)


def _check_all_asked(answers: Sequence[LabelScores | Generated]) -> None:
    missed = sum(answer.failure == "budget" for answer in answers)
    if missed:
        raise LLMError(
            f"A cap was reached: {missed:,} of {len(answers):,} questions were not asked, and nothing was "
            "sent for them. The answers so far are kept. Raise most_calls or budget in [llm] of the task "
            "file (for a finished study: INTERPRETABLE_LLM_MOST_CALLS, INTERPRETABLE_LLM_BUDGET) and run "
            "again to go on.",
            code="budget",
        )
