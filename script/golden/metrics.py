"""Prints the reference numbers that Tests/MetricsTests/ReferenceTests.swift records.

Run by hand: python3 script/golden/metrics.py (needs numpy and scikit-learn).
Scores are multiples of 1/16 from a linear congruential generator, so that Swift draws the very
same numbers and many of them tie.
"""

import numpy as np
import sklearn
from sklearn.metrics import (
    auc,
    average_precision_score,
    f1_score,
    precision_recall_curve,
    precision_score,
    recall_score,
    roc_auc_score,
)

CLIPS, CLASSES = 40, 5


class Stream:
    def __init__(self, state=20240607):
        self.state = state

    def below(self, n):
        self.state = (self.state * 1103515245 + 12345) % 2**31
        return (self.state >> 16) % n


def auprc(t, s):
    """Trapezoids over scikit-learn's curve, padded as in the scorers of attention nets."""
    p, r, _ = precision_recall_curve(t, s)
    return auc([1, *r, 0], [0, *p, 1])


def main():
    stream = Stream()
    scores = np.zeros((CLIPS, CLASSES))
    targets = np.zeros((CLIPS, CLASSES), dtype=int)
    observed = np.zeros((CLIPS, CLASSES), dtype=bool)
    for i in range(CLIPS):
        for c in range(CLASSES):
            scores[i, c] = stream.below(17) / 16
            targets[i, c] = int(stream.below(16) + 8 * scores[i, c] >= 12)
            observed[i, c] = stream.below(4) > 0
    targets[:, 3] = 1  # no negative
    targets[:, 4] = 0  # no positive

    print("scikit-learn", sklearn.__version__, "numpy", np.__version__)
    ap, auc, f1, f1_negative = [], [], [], []
    for c in range(CLASSES):
        seen = observed[:, c]
        t, s = targets[seen, c], scores[seen, c]
        decided = (s >= 0.5).astype(int)
        ap.append(average_precision_score(t, s) if t.any() else np.nan)
        auc.append(roc_auc_score(t, s) if t.any() and not t.all() else np.nan)
        f1.append(f1_score(t, decided) if t.any() else np.nan)
        f1_negative.append(f1_score(1 - t, 1 - decided) if not t.all() else np.nan)
    for name, values in [("ap", ap), ("auc", auc), ("f1", f1), ("f1Negative", f1_negative)]:
        print(name, [repr(float(v)) for v in values])
    both = (np.array(f1) + np.array(f1_negative)) / 2
    t, s = targets[observed], scores[observed]
    print("ap-macro", repr(float(np.nanmean(ap))))
    print("ap-micro", repr(float(average_precision_score(t, s))))
    print("roc-auc-macro", repr(float(np.nanmean(auc))))
    print("f1-macro", repr(float(np.nanmean(f1))))
    print("f1-macro-both", repr(float(np.nanmean(both))))
    print("f1-micro", repr(float(f1_score(t, (s >= 0.5).astype(int)))))
    instance = [
        f1_score(targets[i, observed[i]], scores[i, observed[i]] >= 0.5, zero_division=np.nan)
        for i in range(CLIPS)
        if observed[i].any()
    ]
    areas = [
        auprc(targets[observed[:, c], c], scores[observed[:, c], c])
        for c in range(CLASSES)
        if targets[observed[:, c], c].any()
    ]
    print("auprc", [repr(float(v)) for v in areas])
    print("auprc-macro", repr(float(np.mean(areas))))
    print("auprc-micro", repr(float(auprc(t, s))))
    print("precision", repr(float(precision_score(t, s >= 0.5))))
    print("recall", repr(float(recall_score(t, s >= 0.5))))
    low = [
        f1_score(targets[i, observed[i]], scores[i, observed[i]] >= 0.1, zero_division=np.nan)
        for i in range(CLIPS)
        if observed[i].any()
    ]
    print("f1-instance at 0.1", repr(float(np.nanmean(low))), int(np.isfinite(low).sum()))
    full = (scores >= 0.1).astype(int)
    print("f1-samples at 0.1, all observed", repr(float(
        f1_score(targets, full, average="samples", zero_division=np.nan))))
    print("f1-instance", repr(float(np.nanmean(instance))), int(np.isfinite(instance).sum()))
    print("scored", int(observed.sum()))


main()
