"""Would the same reasons come out again: over refits, seeds and reference points."""

from __future__ import annotations

import numpy as np

from interpretable.explain.stable import Shown, changes, enough_features, show
from interpretable.explain.treeshap import background_digest
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.records.lacking import NotComputed
from interpretable.records.stability import ModelStability, Repeats, StabilityEvidence
from interpretable.score.repeats import CERTAIN, FIRST, PROBABLE
from interpretable.score.scorer import BoostedScorer, Scorer, columns_of
from interpretable.stats.intervals import wilson
from interpretable.study.material import Material
from interpretable.study.private import background_rows

CASES = 1_000  # test cases looked at
QUICK_CASES = 200
CELLS = 60_000  # training rows times columns: beyond, a standard run trains nothing again
TEXTS = 2_000  # training rows of a text model
TRAININGS = {"quick": 0, "standard": 1, "audit": 4}  # of each kind: another seed, other rows


def inspect(material: Material) -> StabilityEvidence | None:
    """None where no model has more columns than first reasons."""
    names = [n for n in _ordered(material) if enough_features(material.scorers[n])]
    if not names:
        return None
    cases = _cases(material)
    lacking = _reason_against_repeats(material)
    trainings = 0 if lacking else TRAININGS[material.options.level]
    models = tuple(_model(material, name, cases, trainings) for name in names)
    digest, rows = _background(material)
    return StabilityEvidence(
        models=models,
        certain_from=CERTAIN,
        probable_from=tuple(PROBABLE.items()),
        background_sha256=digest,
        background_rows=rows,
        not_computed=(NotComputed(what="stability_repeats", reason=lacking),) if lacking else (),
    )


def _ordered(material: Material) -> list[str]:
    return [material.selected, *(n for n in material.scorers if n != material.selected)]


def _cases(material: Material) -> Dataset:
    most = QUICK_CASES if material.options.quick else CASES
    return material.test.sample(most, seed=material.options.seed)


def _reason_against_repeats(material: Material) -> str:
    """Why no model is trained again; "" where they are."""
    if material.options.level == "audit":
        return ""
    if material.options.quick:
        return "stability_quick"
    rows, task = len(material.train), material.task
    if task.text_columns and rows > TEXTS:
        return "stability_text"
    return "stability_large" if rows * len(task.features) > CELLS else ""


def _model(material: Material, name: str, cases: Dataset, trainings: int) -> ModelStability:
    scorer = material.scorers[name]
    columns = columns_of(scorer, cases)
    shown = show(scorer, columns, len(cases))
    repeats = []
    for how in ("seeds", "rows") if trainings else ():
        material.progress(f"looking deeper: stability, {name} trained again ({how})")
        others = [_again(material, name, how, place) for place in range(1, trainings + 1)]
        repeats.append(_repeats(how, shown, others, columns))
    return ModelStability(
        model=name,
        glass_box=scorer.glass_box,
        cases=len(cases),
        first=FIRST,
        repeats=tuple(repeats),
        **_marks(shown),
    )


def _again(material: Material, name: str, how: str, place: int) -> Scorer:
    """The recipe again: with another seed on the same rows, or with the same seed on rows drawn anew."""
    if how == "seeds":
        return material.refit(name, material.train, seed=place)
    return material.refit(name, _drawn(material.train, material.options.seed + place))


def _drawn(train: Dataset, seed: int) -> Dataset:
    """Rows drawn with replacement, whole groups together; drawn again where a class was lost."""
    random = np.random.default_rng(seed)
    units = np.arange(len(train)) if train.groups is None else _codes(train.groups)
    members = _members(units)
    classes = 0 if train.task.kind == "regression" else len(np.unique(train.target))
    while True:
        picked = random.integers(0, len(members), len(members))
        rows = np.sort(np.concatenate([members[i] for i in picked]))
        if not classes or len(np.unique(train.target[rows])) == classes:
            return train.take(rows)


def _codes(groups: np.ndarray) -> np.ndarray:
    return np.unique([str(g) for g in groups], return_inverse=True)[1]


def _members(units: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(units, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(units[order])) + 1)


def _share(hit: np.ndarray) -> Figure:
    """A share of cases with Wilson's interval; hits may be shares of several trainings."""
    if not len(hit):
        return Figure(value=None, reason="stability_none_marked")
    share = float(hit.mean())
    low, high = wilson(round(share * len(hit)), len(hit))
    return Figure(value=share, low=min(low, share), high=max(high, share), method="wilson")


def _repeats(how: str, shown: Shown, others: list[Scorer], columns: dict[str, np.ndarray]) -> Repeats:
    found = changes(shown, others, columns)
    marked = np.zeros(len(found.changed), dtype=bool) if shown.repeated is None else shown.repeated.stable
    return Repeats(
        how=how,  # type: ignore[arg-type]  # one of two words
        trainings=len(others),
        changed=_share(found.changed),
        changed_stable=_share(found.changed[marked]),
        changed_beyond_ties=_share(found.beyond_ties),
        kept=float(found.kept.mean()),
    )


def _marks(shown: Shown) -> dict:
    """What the model's own refits say of its first reasons."""
    found = shown.repeated
    if found is None:
        return {}
    named = found.again[found.first]
    certain = float((named >= CERTAIN - 1e-12).mean()) if len(named) else None
    unstable = float((named < found.probable_from - 1e-12).mean()) if len(named) else None
    return {
        "basis": found.basis,
        "refits": found.refits,
        "stable": _share(found.stable.astype(float)),
        "certain": certain,
        "probable": None if certain is None or unstable is None else 1.0 - certain - unstable,
        "unstable": unstable,
        "ties": float(found.ties.sum(axis=1).mean()),
    }


def _background(material: Material) -> tuple[str, int]:
    """Fingerprint and size of the rows that SHAP values are taken against; "" without a black box."""
    black = next((s for s in material.scorers.values() if isinstance(s, BoostedScorer)), None)
    if black is None:
        return "", 0
    rows = material.train.take(background_rows(len(material.train), material.options.seed))
    return background_digest(black.features, columns_of(black, rows)), len(rows)
