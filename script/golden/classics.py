"""Prints the reference numbers that Tests/ClassicsTests/ClassicReferenceTests.swift records.

Run by hand: python3 script/golden/classics.py (needs numpy and scikit-learn).
Rows come from SplitMix64 used as a counter, so that Swift draws the very same numbers.
"""

import numpy as np
import sklearn
from sklearn.mixture import GaussianMixture
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

ROWS, TEST, FEATURES, CLASSES = 90, 12, 6, 4


def uniform(seed, count):
    with np.errstate(over="ignore"):
        index = np.arange(1, count + 1, dtype=np.uint64)
        z = np.uint64(seed) + index * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) * 2.0**-24


def normal(seed, rows):
    u = uniform(seed, 4 * rows * FEATURES).reshape(-1, 4)
    values = ((u.sum(1) - 2) * np.sqrt(3.0)).astype(np.float32)
    return values.reshape(rows, FEATURES)


def show(name, values):
    flat = np.asarray(values, dtype=float).ravel()
    print(name, "[" + ", ".join(f"{v:.7g}" for v in flat) + "]")


def main():
    print("scikit-learn", sklearn.__version__, "numpy", np.__version__)
    centers = normal(31, CLASSES)
    owner = np.arange(ROWS) % CLASSES
    x = np.float32(0.8) * centers[owner] + normal(32, ROWS)
    asked = np.float32(0.8) * centers[np.arange(TEST) % CLASSES] + normal(33, TEST)

    for kernel, cost in [("rbf", 1.0), ("linear", 0.5)]:
        rest = OneVsRestClassifier(SVC(kernel=kernel, C=cost, tol=1e-6)).fit(x, owner)
        show(f"{kernel} one against the rest", rest.decision_function(asked[:3]))
        pairs = SVC(kernel=kernel, C=cost, tol=1e-6, decision_function_shape="ovo").fit(x, owner)
        show(f"{kernel} one against one", pairs.decision_function(asked[:3]))
        votes = SVC(kernel=kernel, C=cost, tol=1e-6).fit(x, owner)
        show(f"{kernel} votes", votes.decision_function(asked[:3]))

    near = KNeighborsClassifier(5, algorithm="brute").fit(x, owner)
    show("5 neighbors", near.predict_proba(asked[:6]))

    # Depth 3, all features at every node: no tie occurs in these rows.
    tree = DecisionTreeClassifier(max_depth=3, random_state=0).fit(x, owner)
    show("tree", tree.predict_proba(asked[:6]))

    start = dict(weights_init=[0.5, 0.3, 0.2], means_init=x[:3].astype(float), tol=1e-3)
    diagonal = GaussianMixture(
        3, covariance_type="diag", reg_covar=0, precisions_init=np.ones((3, FEATURES)), **start
    ).fit(x)
    show("diagonal mixture", diagonal.score_samples(asked[:6]))
    print("rounds", diagonal.n_iter_)
    full = GaussianMixture(
        3, covariance_type="full", reg_covar=0.05,
        precisions_init=np.stack([np.eye(FEATURES)] * 3), **start
    ).fit(x)
    show("full mixture", full.score_samples(asked[:6]))
    print("rounds", full.n_iter_)


main()
