"""Sentences on a prior: who said it, what was shown, how much of it models take, where they disagree."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.prior import Prior, PriorFinding, PriorGain, PriorUse, PriorWeight
from interpretable.records.task import Task
from interpretable.words.catalogs import has, say
from interpretable.words.doubt import model as model_name
from interpretable.words.names import label
from interpretable.words.numbers import clean, fixed, join, number


def _said_by(prior: Prior, lang: str) -> str:
    code = "person" if prior.where == "person" else "model"
    return say(f"prior.said_by_{code}", lang, name=clean(prior.said_by), date=clean(prior.date))


def prior_said(found: PriorFinding, lang: str = "en") -> tuple[str, ...]:
    """Who said it, how much, and what was shown for it."""
    prior = found.prior
    lines = [_said_by(prior, lang)]
    lines.append(
        say("prior.counts", lang, ways=len(prior.ways), levels=len(prior.levels), words=len(prior.words))
    )
    if found.told.info is not None:
        lines.append(say("prior.no_rows", lang))
        if found.words_shown:
            kept = {k: found.words_withheld.get(k, 0) for k in ("rare", "name", "identifier")}
            lines.append(
                say(
                    "prior.words_shown", lang, shown=found.words_shown, rare=kept["rare"],
                    names=kept["name"], identifiers=kept["identifier"],
                )
            )  # fmt: skip
        if prior.ways:
            lines.append(say("prior.agreement", lang, draws=found.draws))
        if found.unread:
            lines.append(say("prior.unread", lang, n=sum(found.unread.values())))
    return (*lines, say("prior.editable", lang))


def prior_found(found: PriorFinding, task: Task, lang: str = "en") -> tuple[str, ...]:
    """The weight and its range over folds, and where the model in use disagrees."""
    lines = list(_weights(found, lang))
    against = [label(w.column, task, lang) for w in found.ways if not w.agrees]
    if against:
        lines.append(say("prior.disagree", lang, columns=join(against, lang)))
    elif found.ways:
        lines.append(say("prior.all_agree", lang))
    return tuple(lines)


def _weights(found: PriorFinding, lang: str) -> Iterator[str]:
    if not found.gains:
        yield say("prior.none_yet", lang)
        return
    full = found.gains[-1]
    yield say(
        "prior.fitted", lang, family=say(f"prior.family.{full.family}", lang),
        weight=join([fixed(w.weight, 2) for w in found.weights], lang), low=fixed(full.weight.low, 2),
        high=fixed(full.weight.high, 2),
    )  # fmt: skip
    yield say("prior.weight", lang)


def prior_rows(gain: PriorGain, lang: str = "en") -> str:
    """The number of rows learned from, and whether that is all of them."""
    return say("prior.all_rows", lang, n=gain.n) if gain.full else number(gain.n)


def prior_not_asked(code: str, lang: str = "en") -> str:
    """Why a column was not asked about; a code without words is shown as it is."""
    return say(f"prior.not_asked.{code}", lang) if has(f"prior.not_asked.{code}", lang) else code


def _part(taken: PriorWeight, lang: str) -> str:
    """One model's weight, and why it is 0."""
    name = model_name(taken.model, lang)
    if taken.reason:
        return say("prior.use_part_none", lang, model=name, why=say(f"prior.reason.{taken.reason}", lang))
    return say("prior.use_part", lang, model=name, weight=fixed(taken.weight, 2))


def prior_use(used: PriorUse, lang: str = "en") -> tuple[str, ...]:
    """That models of a study were given a prior, whose, and what they took of it."""
    lines = [
        say("prior.use_said", lang, name=clean(used.said_by), date=clean(used.date)),
        say("prior.counts", lang, ways=used.ways, levels=used.levels, words=used.words),
    ]
    if not any(w.weight for w in used.weights):
        lines.append(say("prior.use_none", lang))
    if used.weights:
        parts = join([_part(w, lang) for w in used.weights], lang)
        lines += [say("prior.use_weights", lang, parts=parts), say("prior.weight", lang)]
    return (*lines, say("prior.use_digest", lang, digest=used.digest[:16]))
