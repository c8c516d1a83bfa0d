"""From what a language model says to probabilities: fitted on calibration rows of the training part."""

from __future__ import annotations

import numpy as np

from interpretable.score.output import softmax


def recalibrate(
    held: np.ndarray, target: np.ndarray, asked: np.ndarray, shares: np.ndarray
) -> tuple[np.ndarray, np.ndarray, dict[str, float]]:
    """Links and predictions of the asked rows, and how they were recalibrated.

    Parameters
    ----------
    held, asked : f8[n, K] log probabilities of calibration and asked rows, nan where the answer failed.
    target : class index of the calibration rows.
    shares : f8[K], what is predicted where nothing is known of a row.
    """
    read, answered = ~np.isnan(held[:, 0]), ~np.isnan(asked[:, 0])
    if len(shares) == 2:
        links = asked[:, 1] - asked[:, 0]
        predicted = np.full(len(asked), shares[1])
        fit = _platt((held[:, 1] - held[:, 0])[read], target[read])
        with np.errstate(over="ignore"):
            predicted[answered] = 1 / (1 + np.exp(-(fit["slope"] * links[answered] + fit["intercept"])))
        return links, predicted, fit
    predicted = np.tile(shares, (len(asked), 1))
    centre = held[read].mean(axis=0) if read.any() else np.zeros(len(shares))
    fit = _temperature(held[read] - centre, target[read])
    scores = fit["slope"] * (asked[answered] - centre) + np.log(shares)
    predicted[answered] = softmax(scores)
    return asked, predicted, fit


def chances(scores: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Probabilities f8[n, K] of scores f8[n, K] as they came; `shares` f8[K] where an answer failed."""
    found, read = np.tile(shares, (len(scores), 1)), ~np.isnan(scores[:, 0])
    found[read] = softmax(scores[read])
    return found


def _platt(link: np.ndarray, target: np.ndarray) -> dict[str, float]:
    from interpretable.stats.platt import MIN_SLOPE, fit_platt

    if not len(link):
        return {"slope": MIN_SLOPE, "intercept": 0.0, "rows": 0.0, "signal": 0.0}
    slope, intercept = fit_platt(link, target)
    return {"slope": slope, "intercept": intercept, "rows": len(link), "signal": float(slope > MIN_SLOPE)}


def _temperature(links: np.ndarray, target: np.ndarray) -> dict[str, float]:
    from interpretable.stats.platt import MIN_SLOPE, fit_temperature

    slope = fit_temperature(links, target) if len(links) else MIN_SLOPE
    return {"slope": slope, "rows": len(links), "signal": float(slope > MIN_SLOPE)}
