"""Which recorded labels deserve a second look: counts and shares from the out-of-fold predictions."""

from __future__ import annotations

import numpy as np

from interpretable.evaluate.label_doubts import summarise_doubts
from interpretable.records.labels import LabelsEvidence
from interpretable.score.output import to_prediction
from interpretable.study.material import Material


def inspect(material: Material) -> LabelsEvidence | None:
    """None where no training row has an out-of-fold prediction."""
    asked = np.flatnonzero(material.fits.folds >= 0)
    if not len(asked):
        return None
    trained = material.trained(material.selected)
    predicted = to_prediction(trained.record.link, trained.oof[asked])
    return summarise_doubts(material.train.take(asked), predicted, model=material.selected)
