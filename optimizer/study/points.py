"""Points of the unit cube, spread by a method; the same seed gives the same points."""

import warnings
from typing import cast

import numpy as np
from scipy.stats import qmc

from optimizer.study.definition import Morris

ENGINES = {"latin-hypercube": qmc.LatinHypercube, "sobol": qmc.Sobol, "halton": qmc.Halton}
"""The generator behind each method; Monte Carlo needs none."""


def spread(method: str, size: int, levers: int, seed: int) -> list[list[float]]:
    """So many points, with a coordinate of at least 0 and less than 1 for each lever.

    A Sobol sequence is balanced only where the size is a power of two; others are allowed.
    """
    random = np.random.default_rng(seed)
    if method == "monte-carlo":
        return cast(list[list[float]], random.random((size, levers)).tolist())
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The balance properties of Sobol", append=False)
        points = ENGINES[method](levers, seed=random).random(size)
    return cast(list[list[float]], points.tolist())


def walks(screening: Morris) -> list[list[float]]:
    """Points of a Morris screening, walk after walk: each differs from the next in one lever.

    Coordinates lie between 0 and 1. Raises ImportError if SALib is not installed.
    """
    from SALib.sample import morris

    names = list(screening.levers)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    points = morris.sample(
        problem, screening.trajectories, num_levels=screening.levels, seed=screening.seed
    )
    return cast(list[list[float]], points.tolist())
