"""What the checker of narratives catches: errors planted in texts on real cases; and its false alarms.

Run: python -m benchmarks.narratives [cases] (default 300). Trains quick studies of the sample sets under a
temporary folder; no language model is asked. Errors are planted in the texts of the first 50 cases.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

import interpretable
from interpretable.collab.planted import KINDS
from interpretable.study.beside.narrate import try_checker

SETS = (
    "heart_disease",
    "german_credit",
    "contraceptive_method",
    "births14_weight",
    "sms_spam",
    "bird_strikes",
)
PLANTED = 50
SAMPLES = Path(__file__).parents[1] / "sample_data"


def main(cases: int) -> None:
    caught: Counter[tuple[str, str]] = Counter()
    made: Counter[tuple[str, str]] = Counter()
    print("| set | language | cases | false alarms | planted | caught |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in SETS:
            out = Path(folder) / name
            study = interpretable.train(SAMPLES / name / "task.toml", out=out, quick=True, llm="off")
            rows = study.part("train")
            chosen = np.random.default_rng(0).permutation(len(rows))[:cases]
            explained = [study.explain(rows.take(np.array([i]))) for i in chosen]
            for lang in ("en", "zh"):
                planted, refused = try_checker(explained, study.task, lang=lang, most=PLANTED)
                for kind, share in planted.items():
                    made[lang, kind] += share.of
                    caught[lang, kind] += share.count
                every = sum(s.of for s in planted.values()), sum(s.count for s in planted.values())
                print(
                    f"| {name} | {lang} | {len(explained)} | {refused} | {every[0]:,} | {every[1]:,} |",
                    flush=True,
                )
    print("\n| kind | en planted | en caught | zh planted | zh caught |\n|---|---|---|---|---|")
    for kind in KINDS:
        cells = [f"{counts[lang, kind]:,}" for lang in ("en", "zh") for counts in (made, caught)]
        print(f"| {kind} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
