"""Additive text against scikit-learn's plain pipeline: accuracy on the same folds, fit and scoring speed.

Run: python benchmarks/text.py accuracy | speed [--embedding PACKAGE_OR_FOLDER] [--sets NAME ...]

Accuracy: both sample sets of texts, no copies of a text, 2 x 5 folds; all training rows of a fold, or 100
or 500 of them. The rival is TF-IDF of words and pairs of words with logistic regression, once as it comes and
once with C chosen by cross-validation from the same list as ours. Intervals: corrected t over the ten folds
(Nadeau and Bengio, 2003). Speed: one thread, CPU seconds, medians of five, same features on both sides.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import sklearn
from scipy.special import stdtrit
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
from sklearn.metrics import accuracy_score, f1_score, log_loss
from sklearn.model_selection import StratifiedKFold, StratifiedShuffleSplit
from sklearn.pipeline import make_pipeline, make_union

from interpretable import data
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.models.text import STRENGTHS, TOLERANCE
from interpretable.records.dataset import Dataset
from interpretable.score.output import to_prediction
from interpretable.score.scorer import make_scorer
from interpretable.score.texts import token_parts
from interpretable.stats.intervals import corrected_t

SETS = ("sms_spam", "medmcqa_subject")
SIZES = (100, 500, None)
WORDS = {"sublinear_tf": True, "ngram_range": (1, 2), "min_df": 2, "token_pattern": r"\w+"}
CHARACTERS = {"analyzer": "char_wb", "ngram_range": (3, 5), "min_df": 2, "max_features": 50_000}

Predict = Callable[[Dataset, Dataset], np.ndarray]


def read(name: str, embedding: str = "") -> Dataset:
    folder = Path(str(files("interpretable_samples"))) / name
    task = data.read_task(folder / "task.toml")
    if embedding:
        columns = tuple(replace(c, embedding=embedding) if c.kind == "text" else c for c in task.columns)
        task = replace(task, columns=columns)
    rows = data.read(task, folder / "data.csv")
    _, first = np.unique(rows.frame["text"].to_numpy().astype(str), return_index=True)
    return rows.take(np.sort(first))


def ours(**settings: object) -> Predict:
    def run(train: Dataset, test: Dataset) -> np.ndarray:
        fitted = families["text"].fit(train, describe(train, train), Effort(settings=settings))
        scores = make_scorer(fitted.record).link_scores(test.frame, len(test))
        chances = to_prediction(fitted.record.link, scores)
        return np.column_stack([1 - chances, chances]) if chances.ndim == 1 else chances

    return run


def theirs(tuned: bool) -> Predict:
    def run(train: Dataset, test: Dataset) -> np.ndarray:
        if tuned:
            layer = LogisticRegressionCV(
                Cs=list(STRENGTHS), cv=3, scoring="neg_log_loss", max_iter=300, l1_ratios=(0,),
                use_legacy_attributes=False,
            )  # fmt: skip
        else:
            layer = LogisticRegression(max_iter=300)
        pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), layer)
        pipeline.fit(train.frame["text"].tolist(), train.target)
        return pipeline.predict_proba(test.frame["text"].tolist())

    return run


def contenders(embedding: str) -> dict[str, Predict]:
    found = {
        "plain": theirs(False), "plain, C tuned": theirs(True), "ours": ours(),
        "ours, words only": ours(parts=("word",)),
    }  # fmt: skip
    if embedding:
        found |= {
            "ours, words + static": ours(parts=("word", "piece")),
            "ours, words + characters": ours(parts=("word", "characters")),
            "ours, words + characters + static": ours(parts=("word", "characters", "piece")),
        }
    return found


def part_of(rows: Dataset, size: int | None, seed: int) -> Dataset:
    if size is None:
        return rows
    cut = StratifiedShuffleSplit(1, train_size=size, random_state=seed)
    return rows.take(next(iter(cut.split(np.zeros(len(rows)), rows.target)))[0])


def told(differences: np.ndarray) -> str:
    mean, error, _ = corrected_t(differences, test_to_train=0.25)
    half = float(stdtrit(len(differences) - 1, 0.975)) * error
    return f"{mean:+.4f} ({mean - half:+.4f} to {mean + half:+.4f})"


def accuracy(embedding: str, sets: list[str]) -> None:
    for name in sets:
        rows = read(name, embedding)
        cuts = [
            cut
            for repeat in range(2)
            for cut in StratifiedKFold(5, shuffle=True, random_state=repeat).split(
                np.zeros(len(rows)), rows.target
            )
        ]
        for size in SIZES:
            found: dict[str, list[tuple[float, float, float]]] = {}
            for number, (a, b) in enumerate(cuts):
                train, test = part_of(rows.take(a), size, number), rows.take(b)
                for who, run in contenders(embedding).items():
                    chances = run(train, test)
                    guess = chances.argmax(axis=1)
                    found.setdefault(who, []).append(
                        (
                            accuracy_score(test.target, guess),
                            f1_score(test.target, guess, average="macro"),
                            log_loss(test.target, chances),
                        )
                    )
            report(name, size, {who: np.array(v) for who, v in found.items()})


def report(name: str, size: int | None, found: dict[str, np.ndarray]) -> None:
    print(f"\n{name}, {size or 'all'} training texts: accuracy, macro F1, log loss")
    for who, values in found.items():
        print(f"  {who:36s} {values[:, 0].mean():.4f}  {values[:, 1].mean():.4f}  {values[:, 2].mean():.4f}")
    for rival in ("plain", "plain, C tuned"):
        gap = found["ours"] - found[rival]
        print(
            f"  ours minus {rival}: accuracy {told(gap[:, 0])}, macro F1 {told(gap[:, 1])}, "
            f"log loss {told(gap[:, 2])}",
            flush=True,
        )
    for who in found:
        if who.startswith("ours, words +"):
            gap = found[who] - found["ours, words only"]
            print(f"  {who} minus words only: accuracy {told(gap[:, 0])}, log loss {told(gap[:, 2])}")


def seconds(run: Callable[[], object]) -> float:
    found = []
    for _ in range(5):
        start = time.process_time()
        run()
        found.append(time.process_time() - start)
    return float(np.median(found))


def speed() -> None:
    for name in SETS:
        rows = read(name)
        texts, many = rows.frame["text"].tolist(), rows.take(np.resize(np.arange(len(rows)), 20_000))
        column = many.frame["text"].to_numpy()
        for parts in (("word",), ("word", "characters")):
            rules = [TfidfVectorizer(**WORDS)]
            if len(parts) > 1:
                rules.append(TfidfVectorizer(sublinear_tf=True, **CHARACTERS))
            layer = LogisticRegression(C=30.0, max_iter=300)
            pipeline = make_pipeline(make_union(*rules), layer)
            own = Effort(settings={"C": 30.0, "parts": parts})
            features = describe(rows, rows)
            fit_theirs = seconds(lambda p=pipeline, t=texts, y=rows.target: p.fit(t, y))
            fit_own = seconds(lambda r=rows, f=features, e=own: families["text"].fit(r, f, e))
            record = families["text"].fit(rows, features, own).record
            score_theirs = seconds(lambda p=pipeline, c=column: p.predict_proba(c.tolist()))

            def explained(record=record, column=column) -> np.ndarray:
                parts = [token_parts(term, column) for term in record.terms]
                total = np.tile(record.intercept, (len(column), 1))
                for counted, added in parts:
                    for k in range(total.shape[1]):
                        total[:, k] += np.bincount(counted.rows, weights=added[:, k], minlength=len(column))
                return to_prediction(record.link, total)

            score_own = seconds(explained)
            print(
                f"{name}, {' + '.join(parts)}: fit {fit_own:.2f} against {fit_theirs:.2f} CPU s "
                f"({fit_own / fit_theirs:.2f} times); with every token's contribution "
                f"{len(column) / score_own:,.0f} against {len(column) / score_theirs:,.0f} rows/s "
                f"({score_theirs / score_own:.2f} times)",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["accuracy", "speed"])
    parser.add_argument("--embedding", default="")
    parser.add_argument("--sets", nargs="+", default=list(SETS))
    asked = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    print(
        f"{platform.platform(terse=True)}, Python {platform.python_version()}, numpy {np.__version__}, "
        f"scikit-learn {sklearn.__version__}; tolerance {TOLERANCE}"
    )
    if asked.what == "accuracy":
        accuracy(asked.embedding, asked.sets)
    else:
        speed()


if __name__ == "__main__":
    main()
