"""The credit experiment of Perdomo et al. (2020) in NumPy: the arithmetic that its authors publish, to be timed.

Gradient descent from zero at step 1 / (s + l2), stopped when the loss falls by less than the tolerance; a step that
raises the loss is retried at a tenth of its size. Usage: credit.py FILE ROUNDS TOLERANCE EPSILON...; prints JSON.
"""
import csv
import gzip
import json
import sys
import time

import numpy as np

MOVED = [0, 5, 7]


def read(path):
    opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
    with opened as file:
        rows = list(csv.reader(file))
    head = rows[0]
    label = head.index("SeriousDlqin2yrs")
    rows = [r for r in rows[1:] if "NA" not in r and "" not in r[1:]]
    table = np.array([r[label:] for r in rows], dtype=float)
    y, x = table[:, 0], table[:, 1:]
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    keep = np.concatenate([np.where(y == 1)[0], np.where(y == 0)[0][:10000]])
    return np.column_stack([x[keep], np.ones(len(keep))]), y[keep]


def loss_of(x, y, theta, l2):
    t = x @ theta
    return np.mean(np.log(1 + np.exp(t)) - y * t) + l2 / 2 * np.sum(theta[:-1] ** 2)


def fit(x, y, l2, tolerance):
    n = len(y)
    full = 1 / (np.sum(x**2) / (4 * n) + l2)
    theta = np.zeros(x.shape[1])
    loss, size, gap, steps = loss_of(x, y, theta, l2), full, np.inf, 0
    while gap > tolerance:
        e = np.exp(x @ theta)
        gradient = x.T @ (e / (1 + e) - y) / n + l2 * np.append(theta[:-1], 0)
        candidate = theta - size * gradient
        after = loss_of(x, y, candidate, l2)
        if after > loss:
            size /= 10
            continue
        gap, loss, theta, size, steps = loss - after, after, candidate, full, steps + 1
    return theta, steps


def main():
    path, rounds, tolerance = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    np.seterr(over="ignore")
    x, y = read(path)
    l2 = 1 / len(y)
    out = []
    for epsilon in map(float, sys.argv[4:]):
        start = time.perf_counter()
        theta, steps = fit(x, y, l2, tolerance)
        gaps = []
        for _ in range(rounds):
            moved = x.copy()
            moved[:, MOVED] -= epsilon * theta[MOVED]
            after, more = fit(moved, y, l2, tolerance)
            gaps.append(float(np.linalg.norm(after - theta)))
            theta, steps = after, steps + more
        out.append({"epsilon": epsilon, "seconds": time.perf_counter() - start, "steps": steps, "gaps": gaps, "theta": theta.tolist()})
    print(json.dumps(out))


main()
