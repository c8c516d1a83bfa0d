"""What the texts add, in sentences and rows."""

from __future__ import annotations

from interpretable.records.notes import NotesCrossing, NotesEvidence, NotesGain
from interpretable.records.task import Task
from interpretable.words.catalogs import has, say
from interpretable.words.doubt import comparison, figure, metric, model
from interpretable.words.names import readable, start
from interpretable.words.numbers import fixed, join
from interpretable.words.tuned import amount, gain

Rows = list[dict[str, str]]


def answer(found: NotesEvidence, task: Task, lang: str = "en") -> list[str]:
    """The plain answers: do texts add, does the table, whom it moves."""
    if found.kind == "text":
        return [kept(found, lang)]
    if not found.readings:
        return [say("notes.not_trained", lang)]
    lines = [say(f"notes.over_{one.over}.{one.verdict}", lang) for one in found.gains]
    if not found.kept:
        lines.insert(1, say("notes.left_out", lang))
    if found.crossing is not None:
        lines.append(crossing(found.crossing, task, lang))
    return lines


def crossing(found: NotesCrossing, task: Task, lang: str = "en") -> str:
    """How many test cases the texts take to another answer, and which way."""
    moved = round((found.moved.value or 0.0) * found.n)
    code = "line" if task.kind == "binary" else "class"
    if not moved:
        return say(f"notes.crossing_{code}_none", lang, rows=found.n)
    return say(
        f"notes.crossing_{code}", lang, n=moved, rows=found.n, right=found.right, wrong=found.wrong
    )  # fmt: skip


def kept(found: NotesEvidence, lang: str = "en") -> str:
    """Which kinds of tokens the model holds."""
    if not found.kept:
        return say("notes.left_out", lang)
    return say("notes.kept", lang, units=join([unit(part, lang) for part in found.kept], lang))


def unit(name: str, lang: str = "en") -> str:
    return say(f"notes.unit.{name}", lang) if has(f"notes.unit.{name}", lang) else readable(name)


def told(one: NotesGain, found: NotesEvidence, lang: str = "en") -> list[str]:
    """The figures behind one verdict: out of fold, then on the test part."""
    return [
        say(f"notes.gain_{one.over}", lang, gain=gain(one.loss, lang, metric=found.metric)),
        *(comparison(c, lang) for c in one.comparisons),
    ]


def reading_rows(found: NotesEvidence, lang: str = "en") -> Rows:
    """Table, texts and both: out of fold and on the test part."""
    names = {
        "headline": metric(found.headline, lang),
        "loss": start(say(f"tuning.metric.{found.metric}", lang)),
    }
    rows = []
    for one in found.readings:
        mean = sum(one.headline) / len(one.headline) if one.headline else None
        rows.append(
            {
                say("notes.head.reading", lang): say(f"notes.reading.{one.name}", lang),
                say("notes.head.model", lang): model(one.model, lang),
                say("notes.head.loss", lang, metric=names["loss"]): amount(
                    sum(one.losses) / len(one.losses) if one.losses else None, found.metric
                ),
                say("notes.head.folds", lang, metric=names["headline"]): fixed(mean),
                say("notes.head.test", lang, metric=names["headline"]): figure(one.test, lang)
                if one.test is not None
                else "–",
            }
        )
    return rows


def step_rows(found: NotesEvidence, lang: str = "en") -> Rows:
    """Kinds of tokens as they were tried."""
    loss = say("notes.head.inner", lang, metric=start(say(f"tuning.metric.{found.metric}", lang)))
    first = say("notes.head.tried", lang)
    plus = "、" if lang == "zh" else ", "
    return [
        {first: plus.join(unit(part, lang) for part in step.split(" + ")), loss: amount(value, found.metric)}
        for step, value in found.steps.items()
    ]
