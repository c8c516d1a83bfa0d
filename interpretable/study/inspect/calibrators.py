"""Does 30 % mean 30 in 100: curves with bands, output maps, sets with a stated coverage."""

from __future__ import annotations

import numpy as np

from interpretable.evaluate import calibrated, sets
from interpretable.records import codec
from interpretable.records.calibrators import CalibratorsEvidence, MapTrials, SmoothCurve
from interpretable.records.dataset import Dataset
from interpretable.records.lacking import NotComputed
from interpretable.score.output import to_prediction
from interpretable.score.scorer import columns_of, predict
from interpretable.study.material import Material

DRAWS = {"quick": 60, "standard": 200, "audit": 1000}  # simulated samples behind the ICI by chance


def inspect(material: Material) -> CalibratorsEvidence | None:
    """The calibration of the model in use, what was tried after every model's link, and conformal sets."""
    known, test = material.calibration, material.test
    said = predict(material.scorer, columns_of(material.scorer, known), len(known))
    told = material.predictions[material.selected]
    train, honest = _out_of_fold(material)
    amounts = material.task.kind == "regression"
    miss = sets.typical_miss(train.target, honest) if amounts else ()
    curves = _curves(material, train, honest)
    return CalibratorsEvidence(
        model=material.selected,
        curves=curves,
        maps=_maps(material),
        sets=sets.sets_of(known, said, test, told, miss=miss),
        set_method=sets.narrower(train.target, honest, miss) if amounts else "lac",
        spread_at=miss,
        chance_ranges=calibrated.chance_ranges(known.target, said) if material.task.kind == "binary" else (),
        rows={"calibration": len(known), "test": len(test)},
        not_computed=tuple(
            NotComputed(what="smooth_curve", reason=reason)
            for reason in dict.fromkeys(c.reason for c in curves if c.part == "test" and c.reason)
        ),
    )


def _out_of_fold(material: Material) -> tuple[Dataset, np.ndarray]:
    """Training rows with the predictions of models that did not see them, before any output map."""
    trained = material.trained(material.selected)
    asked = np.flatnonzero(material.fits.folds >= 0)
    return material.train.take(asked), to_prediction(trained.record.link, trained.oof[asked])


def _curves(material: Material, train: Dataset, honest: np.ndarray) -> tuple[SmoothCurve, ...]:
    told, how = material.predictions[material.selected], material.options
    own = calibrated.curves_of(
        material.test, told, part="test", seed=how.seed, draws=DRAWS[how.level]
    )  # fmt: skip
    return (*own, *calibrated.curves_of(train, honest, part="out_of_fold", draws=0))


def _maps(material: Material) -> tuple[MapTrials, ...]:
    ordered = sorted(material.fits.trained, key=lambda t: t.name != material.selected)
    noted = [t.notes["output_map"] for t in ordered if "output_map" in t.notes]
    return tuple(codec.from_plain(note, MapTrials) for note in noted)
