#!/usr/bin/env python3
"""Writes the parity fixture of Tests/CorpusQualityTests from numpy and scipy.

    python3 scripts/make_quality_fixtures.py [Tests/CorpusQualityTests/Fixtures/quality.json]

Distinct n-grams of random chunks, Vendi scores of random vectors (fewer and more than dimensions), Wilson
intervals, and the agreement of two sets of differences on which a few values are equal.
"""
import json
import os
import sys

import numpy
from scipy import stats


def distinct(chunks, n):
    grams = [tuple(chunk[i:i + n]) for chunk in chunks for i in range(len(chunk) - n + 1)]
    return {"n": n, "distinct": len(set(grams)), "total": len(grams)}


def vendi(vectors):
    rows = vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)
    values = numpy.linalg.eigvalsh(rows @ rows.T / len(rows))
    values = values[values > 0]
    return float(numpy.exp(-(values * numpy.log(values)).sum()))


def wilson(part, count):
    interval = stats.binomtest(part, count).proportion_ci(0.95, method="wilson")
    return {"part": part, "count": count, "low": interval.low, "high": interval.high}


def agreement(first, second, ratio):
    kept = int(ratio * len(first))
    # Descending, equal ones by their number.
    chosen = [set(numpy.argsort(-values, kind="stable")[:kept].tolist()) for values in (first, second)]
    both = len(chosen[0] & chosen[1])
    return {
        "ratio": ratio, "kept": kept, "keptByBoth": both,
        "samplingAccuracy": (both + len(first) - len(chosen[0] | chosen[1])) / len(first)}


def main(path):
    random = numpy.random.default_rng(11)
    chunks = [random.integers(0, 12, size).tolist() for size in (40, 1, 3, 25, 60)]
    sets = []
    for items, dimensions in ((7, 16), (40, 6), (5, 5)):
        vectors = random.normal(size=(items, dimensions)).astype(numpy.float32)
        vectors[:, 0] += 1
        sets.append({
            "dimensions": dimensions, "vectors": vectors.ravel().tolist(),
            "score": vendi(vectors.astype(numpy.float64))})
    # Multiples of 1/64, so that differences of single precision are exact and some are equal.
    first = numpy.round(random.normal(size=200) * 16) / 64
    second = numpy.round((first + random.normal(size=200) * 0.1) * 64) / 64
    fixture = {
        "chunks": chunks, "distinct": [distinct(chunks, n) for n in (1, 2, 3, 4)], "vendi": sets,
        "wilson": [wilson(*pair) for pair in ((0, 10), (5, 10), (10, 10), (37, 1000), (1, 1))],
        "first": first.tolist(), "second": second.tolist(),
        "pearson": stats.pearsonr(first, second)[0], "spearman": stats.spearmanr(first, second)[0],
        "agreement": [agreement(first, second, ratio) for ratio in (0.1, 0.5, 0.75)]}
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        json.dump(fixture, file)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "Tests/CorpusQualityTests/Fixtures/quality.json")
