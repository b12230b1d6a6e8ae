#!/usr/bin/env python3
"""Makes Tests/ScalingLawsTests/Fixtures/fits.json: scaling laws as scipy fits them.

The objective is that of Hoffmann et al. 2022 (appendix D.3): the sum of Huber losses of
logsumexp(a - alpha log C, e) - log L with delta = 1e-3, minimised by L-BFGS-B from a grid of starts,
then polished by Nelder-Mead. `squares` are scipy.optimize.least_squares' with loss="huber" and
f_scale=delta, which minimises the same sum by another way. Needs numpy and scipy.
"""
import itertools
import json
import pathlib

import numpy as np
from scipy.optimize import least_squares, minimize

DELTA = 1e-3


def huber(residuals):
    size = np.abs(residuals)
    return np.sum(np.where(size <= DELTA, size**2 / 2, DELTA * (size - DELTA / 2)))


def slope(residuals):
    return np.clip(residuals, -DELTA, DELTA)


def best(terms, starts, target):
    """The least objective over the starts. `terms` is [term, point, parameter]."""

    def value(parameters):
        logs = terms @ parameters
        total = np.logaddexp.reduce(logs, axis=0)
        shares = np.exp(logs - total)
        residuals = total - target
        gradient = np.tensordot(shares * slope(residuals), terms, axes=2)
        return huber(residuals) / DELTA**2, gradient / DELTA**2

    found = None
    for start in starts:
        result = minimize(
            value, start, jac=True, method="L-BFGS-B",
            options={"maxiter": 400, "maxfun": 1000, "ftol": 1e-14, "gtol": 1e-10, "maxcor": 20})
        if found is None or result.fun < found.fun:
            found = result
    for _ in range(4):
        result = minimize(
            lambda p: value(p)[0], found.x, method="Nelder-Mead",
            options={"maxiter": 2000, "maxfev": 4000, "xatol": 1e-13, "fatol": 1e-16})
        if result.fun < found.fun:
            found = result
    residuals = lambda p: np.logaddexp.reduce(terms @ p, axis=0) - target
    squares = least_squares(
        residuals, found.x, loss="huber", f_scale=DELTA, xtol=1e-15, ftol=1e-15, gtol=1e-15)
    return found.x, found.fun * DELTA**2, squares.cost


def compute_fit(points):
    compute, loss = np.array([p[0] for p in points]), np.array([p[1] for p in points])
    x = np.log(compute)
    centre, spread = x.mean(), x.std()
    u = (x - centre) / spread
    one, zero = np.ones_like(u), np.zeros_like(u)
    terms = np.stack([np.stack([one, -u, zero], 1), np.stack([zero, zero, one], 1)])
    level = np.log(loss.min())
    starts = itertools.product(
        level + np.array([-4, -2, -0.7]), [0.1, 0.3, 0.8, 2],
        level + np.array([-2, -0.5, -0.1, -0.02]))
    parameters, objective, squares = best(terms, [np.array(s) for s in starts], np.log(loss))
    alpha = parameters[1] / spread
    return {
        "logA": parameters[0] + alpha * centre, "alpha": alpha, "L_inf": float(np.exp(parameters[2])),
        "objective": objective, "leastSquares": squares,
    }


def size_fit(points):
    size, tokens, loss = (np.array([p[i] for p in points]) for i in range(3))
    x, y = np.log(size), np.log(tokens)
    u, v = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()
    one, zero = np.ones_like(u), np.zeros_like(u)
    terms = np.stack([
        np.stack([one, -u, zero, zero, zero], 1), np.stack([zero, zero, one, -v, zero], 1),
        np.stack([zero, zero, zero, zero, one], 1)])
    level = np.log(loss.min())
    starts = itertools.product(
        level + np.array([-3, -1]), [0.2, 0.8], level + np.array([-3, -1]),
        [0.2, 0.8], level + np.array([-1.5, -0.5, -0.1]))
    parameters, objective, squares = best(terms, [np.array(s) for s in starts], np.log(loss))
    alpha, beta = parameters[1] / x.std(), parameters[3] / y.std()
    return {
        "logA": parameters[0] + alpha * x.mean(), "alpha": alpha,
        "logB": parameters[2] + beta * y.mean(), "beta": beta, "E": float(np.exp(parameters[4])),
        "objective": objective, "leastSquares": squares,
    }


def rounded(value):
    return float(f"{value:.6g}")


def compute_cases():
    rng = np.random.default_rng(11)

    def law(compute, a, alpha, floor):
        return a / compute**alpha + floor

    def case(name, compute, a, alpha, floor, noise=0.0, change=None):
        loss = law(compute, a, alpha, floor) * np.exp(noise * rng.standard_normal(len(compute)))
        if change is not None:
            change(loss)
        points = [[rounded(c), rounded(l)] for c, l in zip(compute, loss)]
        return {"name": name, "points": points, **compute_fit(points)}

    def outliers(loss):
        loss[3] *= 1.2
        loss[9] *= 0.93

    def bump(loss):
        loss[5:8] *= 1.04

    wide = np.logspace(18, 21, 12)
    yield case("published 200M, exact", wide, 2.19e7, 0.41, 3.30)
    yield case("noise of 0.1 %", wide, 2.19e7, 0.41, 3.30, 1e-3)
    yield case("noise of 1 %", np.logspace(17, 20, 20), 6e3, 0.2, 2.5, 1e-2)
    yield case("two outliers", np.logspace(17, 20, 15), 1.5e6, 0.34, 2.2, 1e-3, outliers)
    yield case("a bump", np.logspace(17, 20, 15), 1.5e6, 0.34, 2.2, 1e-3, bump)
    yield case("four points", np.logspace(18, 19.5, 4), 2.19e7, 0.41, 3.30, 2e-3)
    yield case("six points of 0.3 %", np.logspace(13, 15, 6), 300, 0.19, 2.9, 3e-3)
    yield case("no floor", np.logspace(15, 18, 14), 80, 0.08, 0.0, 2e-3)
    yield case("huge computations", np.logspace(21, 25, 16), 7e7, 0.4, 1.8, 1e-3)
    yield case("tiny computations", np.logspace(8, 12, 16), 60, 0.15, 2.1, 3e-3)
    yield case("narrow range", np.logspace(18, 18.3, 12), 2.19e7, 0.41, 3.30, 5e-4)
    repeated = np.repeat(np.logspace(16, 18, 5), 3)
    yield case("three runs at equal computations", repeated, 3e4, 0.25, 2.6, 3e-3)


def size_cases():
    rng = np.random.default_rng(12)
    grid = [(n, d) for n in (4e6, 1.2e7, 4e7, 1.2e8) for d in (2e8, 6e8, 2e9, 6e9, 2e10)]
    for name, noise in (("chinchilla, noise of 0.1 %", 1e-3), ("chinchilla, noise of 1 %", 1e-2)):
        points = []
        for n, d in grid:
            loss = 1.69 + 406.4 / n**0.34 + 410.7 / d**0.28
            points.append([n, d, rounded(loss * np.exp(noise * rng.standard_normal()))])
        yield {"name": name, "points": points, **size_fit(points)}


def main():
    fixtures = pathlib.Path(__file__).parent.parent / "Tests/ScalingLawsTests/Fixtures"
    fixtures.mkdir(parents=True, exist_ok=True)
    value = {"delta": DELTA, "compute": list(compute_cases()), "sizes": list(size_cases())}
    lines = [
        f' "{kind}": [\n  ' + ",\n  ".join(json.dumps(case) for case in value[kind]) + "\n ]"
        for kind in ("compute", "sizes")]
    text = "{\n" + f' "delta": {DELTA},\n' + ",\n".join(lines) + "\n}"
    (fixtures / "fits.json").write_text(text + "\n")
    for kind in ("compute", "sizes"):
        for case in value[kind]:
            print(case["name"], {k: v for k, v in case.items() if k not in ("name", "points")})


if __name__ == "__main__":
    main()
