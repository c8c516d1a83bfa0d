"""Language models as makers of rows and texts, for one fold of training rows at a time.

The class of a row is asked for, never chosen by the model. Only rows of the fold that is given enter a
prompt. What comes is read by `rowform`; what cannot be used is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from interpretable.collab.baseline import refuse_double
from interpretable.collab.rowfold import Fold, Request, check_kind
from interpretable.collab.rowform import rows_in
from interpretable.data.concepts import derive
from interpretable.errors import LLMError
from interpretable.llm import Generated, LLMClient
from interpretable.llm.cache import text_key
from interpretable.llm.many import write_all
from interpretable.records.augmented import Account, MakerKind
from interpretable.records.dataset import Dataset
from interpretable.records.synthetic import Provenance, Synthetic
from interpretable.records.task import Task

SHOTS = 6
PER_ANSWER = 4
MOST_ATTEMPTS = 3  # rows asked for, per row that is wanted
_DRAWS = 100_003  # numbers of draws of one seed, so that those of two seeds do not meet
_LARGEST = 2**31 - 1  # servers take no larger seed


@dataclass(kw_only=True)
class Maker:
    """A language model as a `records.synthetic.Generator`; `make_maker` makes one.

    It adds up, over all folds, what it asked and what came: `account`, `answers`.
    """

    name: str
    client: LLMClient
    kind: MakerKind
    shots: int = SHOTS
    per_answer: int = PER_ANSWER
    tell: Callable[[], None] | None = None  # called after each answer
    answers: list[Generated] = field(default_factory=list)
    _asked: int = 0
    _usable: int = 0
    _refused: Counter[str] = field(default_factory=Counter)
    _left_out: dict[str, None] = field(default_factory=dict)
    _examples: bool = True

    def account(self) -> Account:
        """What was asked for so far, and what came."""
        return Account(
            asked=self._asked,
            usable=self._usable,
            refused=dict(self._refused.most_common()),
            left_out=tuple(self._left_out),
            examples=self._examples,
        )

    def make(self, train: Dataset, rows: int, *, seed: int) -> Synthetic:
        """About `rows` rows, each class by its share in the fold; fewer where answers were of no use.

        No more than three times the rows that are wanted are asked for.

        Raises
        ------
        BrokenPromise : the rows are not of the training part, or are themselves generated
        LLMError : line_down, no_columns, or what the client raises
        """
        fold = Fold.of(
            train, self.kind, allowed=self.client.columns, shots=self.shots, per_answer=self.per_answer
        )
        self._left_out.update(dict.fromkeys(fold.prompter.form.left_out))
        self._examples = self._examples and fold.examples
        made: list[tuple[dict[str, Any], int, Provenance]] = []
        wanted = fold.wanted(rows)
        asked, got, number = np.zeros_like(wanted), np.zeros_like(wanted), 0
        random = np.random.default_rng(seed)
        while True:
            ask = np.minimum(wanted - got, MOST_ATTEMPTS * wanted - asked)
            if not ask.any():
                return _synthetic(train, made)
            requests = list(fold.requests(ask, random, draw=(seed * _DRAWS + number) % _LARGEST))
            answers = write_all(self.client, [(r.prompt, r.ask) for r in requests], tell=self.tell)
            for request, answer in zip(requests, answers, strict=True):
                found = self._read(request, answer, fold)
                got[request.wanted] += len(found)
                made += found
            self.answers += answers
            asked, number = asked + ask, number + len(requests)

    def _read(
        self, request: Request, answer: Generated, fold: Fold
    ) -> list[tuple[dict[str, Any], int, Provenance]]:
        """The usable rows of one answer; the others are counted."""
        self._asked += request.count
        # An answer that missed the schema in one row is read all the same: row by row, by our own rules.
        readable = not answer.failure or (answer.failure == "unreadable" and answer.data is not None)
        raw, problem = rows_in(answer.data, request.count) if readable else ([], answer.failure)
        if problem:
            self._refused[problem] += request.count
            return []
        if len(raw) < request.count:
            self._refused["undelivered"] += request.count - len(raw)
        origin = Provenance(
            kind=self.kind,
            maker=self.name,
            shown=tuple(str(fold.train.row_ids[i]) for i in request.shown),
            request_sha256=text_key(self.client.info(), request.prompt, request.ask),
            draw=request.ask.draw,
        )
        found = []
        for one in raw:
            values, code = fold.read(one, request)
            if code:
                self._refused[code] += 1
            else:
                found.append((values, request.wanted, origin))
        self._usable += len(found)
        return found


def make_maker(
    client: LLMClient,
    task: Task,
    *,
    kind: MakerKind | None = None,
    shots: int | None = None,
    per_answer: int | None = None,
    tell: Callable[[], None] | None = None,
    smoke_test: bool = False,
    rehearsal: bool = False,
) -> Maker:
    """A maker of rows for a task, or the error that says why there is none.

    Parameters
    ----------
    client : connected; wrap it in `Cached` so that a stopped run goes on
    kind : "row": whole rows, texts included; "text": new texts of a class, for a task of one text and nothing
        else; "paraphrase": the text of a training row in other words, the rest of the row as it is. Left
        out: "text" where a task has one text and nothing else, else "row"
    shots : training rows shown per request
    per_answer : rows asked for at a time (a paraphrase is asked for by itself)
    smoke_test : must be true for a model that is too small to be a maker

    Raises
    ------
    LLMError : `.code` not_defined, scripted, smoke_test_only
    UserError : the kind does not fit the task
    """
    refuse_double(client, rehearsal=rehearsal)
    info = client.info()
    if info.smoke_test_only and not smoke_test:
        raise LLMError(
            f"{info.name} only shows that the path works: rows that it makes are of no use, and some "
            "repeat rows of your data. Name a larger model ([llm] in the task file and --llm endpoint), or "
            "try the path all the same with --i-know (in Python: smoke_test=True).",
            code="smoke_test_only",
        )
    chosen = check_kind(task, kind)
    small = info.smoke_test_only
    return Maker(
        name=info.name,
        client=client,
        kind=chosen,
        shots=shots if shots is not None else SHOTS if not small else SHOTS // 2,
        per_answer=per_answer or (PER_ANSWER if not small else 1),
        tell=tell,
    )


def _synthetic(train: Dataset, made: list[tuple[dict[str, Any], int, Provenance]]) -> Synthetic:
    import pandas

    task = train.task
    held: dict[str, np.ndarray] = {}
    for column in task.columns:
        values = [row.get(column.name) for row, _, _ in made]
        if column.kind == "number":
            held[column.name] = np.array([np.nan if v is None else v for v in values], dtype=float)
        else:
            cells = [None if v is None or v != v else v for v in values]
            held[column.name] = np.array(cells, dtype=object)
    held |= derive(task, held.__getitem__, [c.name for c in task.columns if c.concept])
    frame = {name: pandas.Series(cells, dtype=cells.dtype) for name, cells in held.items()}
    return Synthetic(
        task=task,
        classes=train.classes,
        frame=pandas.DataFrame(frame),
        target=np.array([at for _, at, _ in made], dtype=np.int64),
        provenance=tuple(origin for _, _, origin in made),
    )
