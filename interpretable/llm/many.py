"""Many questions to one language model: in order, counted, and given up when the model is gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from interpretable.errors import LLMError
from interpretable.llm.client import LINE_FAILURES, Ask, Generated, LabelScores, LLMClient, Prompt

GIVE_UP = 5  # failures of the line in a row

Tell = Callable[[], None]
Answer = TypeVar("Answer", LabelScores, Generated)


def score_all(
    client: LLMClient, prompts: Sequence[Prompt], labels: tuple[str, ...], *, tell: Tell | None = None
) -> list[LabelScores]:
    """The probability of each label for every prompt, in the order of the prompts.

    tell : called after each answer

    Raises
    ------
    LLMError : `.code` line_down after five failures of the line in a row, or what the client raises
    """
    return _each([partial(client.score_labels, prompt, labels) for prompt in prompts], tell)


def write_all(
    client: LLMClient, asked: Sequence[tuple[Prompt, Ask]], *, tell: Tell | None = None
) -> list[Generated]:
    """The text or record for every prompt, in their order. See `score_all`."""
    return _each([partial(client.generate, prompt, ask) for prompt, ask in asked], tell)


def _each(questions: Sequence[Callable[[], Answer]], tell: Tell | None) -> list[Answer]:
    answers: list[Answer] = []
    in_a_row = 0
    for question in questions:
        answer = question()
        in_a_row = in_a_row + 1 if answer.failure in LINE_FAILURES else 0
        if in_a_row >= GIVE_UP:
            raise LLMError(
                f"The language model failed {GIVE_UP} times in a row ({answer.failure}). The answers so far "
                "are kept; run again to go on.",
                code="line_down",
            )
        answers.append(answer)
        if tell is not None:
            tell()
    return answers
