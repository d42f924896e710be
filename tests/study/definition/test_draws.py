"""Samples and screenings: how draws are spread, what they average, and that they repeat."""

import builtins
import math
from itertools import pairwise
from statistics import NormalDist, fmean, median
from typing import Any

import pytest

from models.problems import InstanceError
from optimizer.study.case import Study
from optimizer.study.distributions import pick, quantile
from tests.study.definition.conftest import Read

METHODS = ["monte-carlo", "latin-hypercube", "sobol", "halton"]

TWO = """
base: false
sample:
  method: {method}
  size: {size}
  seed: {seed}
  levers:
    demand.scale: {{distribution: uniform, min: 1, max: 2}}
    budget.pools.world.scale: {{distribution: uniform, min: 0.5, max: 1.5}}
"""


def levels(study: Study, lever: str) -> list[float]:
    return [float(case.levers[lever]) for case in study.cases]


def test_latin_hypercube_has_one_draw_in_each_slice(read: Read) -> None:
    """With 20 draws each of the 20 slices of a lever's range holds exactly one."""
    study = read(TWO.format(method="latin-hypercube", size=20, seed=3))

    for lever, low in (("demand.scale", 1), ("budget.pools.world.scale", 0.5)):
        slices = sorted(math.floor(20 * (x - low)) for x in levels(study, lever))
        assert slices == list(range(20))


@pytest.mark.parametrize("method", METHODS)
def test_the_seed_decides(read: Read, method: str) -> None:
    first = read(TWO.format(method=method, size=8, seed=3))
    again = read(TWO.format(method=method, size=8, seed=3))
    other = read(TWO.format(method=method, size=8, seed=4))

    assert first.cases == again.cases
    assert first.cases != other.cases
    assert [case.name for case in first.cases] == [f"sample/00{i}" for i in range(1, 9)]
    assert all(dict(case.changes) == dict(case.levers) for case in first.cases)


def test_sobol_takes_sizes_that_are_no_power_of_two(
    read: Read, recwarn: pytest.WarningsRecorder
) -> None:
    assert len(read(TWO.format(method="sobol", size=6, seed=1)).cases) == 6
    assert not recwarn.list


def test_draws_are_the_same_on_every_machine(read: Read) -> None:
    """Written down 2026-11-21 from numpy 2.4 and scipy 1.17, so that a change is noticed."""
    study = read(TWO.format(method="monte-carlo", size=1, seed=7))

    # numpy.random.default_rng(7).random(2)
    assert levels(study, "demand.scale") == [1.62509547]
    assert levels(study, "budget.pools.world.scale") == [pytest.approx(0.5 + 0.8972138)]


@pytest.mark.parametrize(
    ("given", "mean"),
    [
        ({"distribution": "normal", "mean": 3, "sd": 0.5}, 3),
        # Cut on one side at the mean: sd · sqrt(2 / π) above it.
        ({"distribution": "normal", "mean": 0, "sd": 3, "min": 0}, 3 * math.sqrt(2 / math.pi)),
        ({"distribution": "uniform", "min": -1, "max": 4}, 1.5),
        ({"distribution": "triangular", "min": 0.7, "mode": 1, "max": 1.2}, (0.7 + 1 + 1.2) / 3),
        ({"distribution": "triangular", "min": 0, "mode": 0, "max": 3}, 1),
        ({"distribution": "triangular", "min": 0, "mode": 3, "max": 3}, 2),
        # exp(σ² / 2) times the median.
        ({"distribution": "lognormal", "median": 2, "sigma": 0.2}, 2 * math.exp(0.02)),
        ({"distribution": "integers", "min": 1, "max": 5}, 3),
    ],
)  # fmt: skip
def test_distributions_have_their_means(given: dict[str, Any], mean: float) -> None:
    size = 20_000
    drawn = [quantile(given, (i + 0.5) / size) for i in range(size)]

    assert fmean(drawn) == pytest.approx(mean, rel=1e-3)
    assert drawn == sorted(drawn)
    assert given.get("min", -math.inf) <= drawn[0]
    assert drawn[-1] <= given.get("max", math.inf)


def test_quantiles_by_hand() -> None:
    lognormal = {"distribution": "lognormal", "median": 2, "sigma": 0.5}
    normal = {"distribution": "normal", "mean": 10, "sd": 2}
    cut = {**normal, "min": 8, "max": 12}

    assert quantile(lognormal, 0.5) == 2
    assert quantile(normal, NormalDist().cdf(1)) == pytest.approx(12)
    assert [quantile(cut, part) for part in (0, 0.5, 1)] == [8, 10, 12]
    assert math.isfinite(quantile(normal, 0.0))
    whole = {"distribution": "integers", "min": 2, "max": 3}
    assert [quantile(whole, part) for part in (0, 0.49, 0.5, 0.999, 1)] == [2, 2, 3, 3, 3]


def test_a_choice_goes_by_its_weights() -> None:
    # 3 : 0 : 1 makes shares of 0.75, 0 and 0.25.
    assert [pick([3, 0, 1], part) for part in (0, 0.74, 0.75, 0.99, 1)] == [0, 0, 2, 2, 2]


def test_choices_take_values_and_options(read: Read) -> None:
    study = read("""
base: false
sample:
  size: 8
  levers:
    solve.gap: {distribution: choice, values: [0.1, 0.2]}
    gen2:
      distribution: choice
      options: {on-time: {}, late: {unit_types.gen2.available_from: 2027Q3}}
      weights: {on-time: 3, late: 1}
    demand.scale: {distribution: normal, mean: 1, sd: 0.1}
    quotas.supply.per_year: {distribution: integers, min: 20, max: 40}
""")

    # A Latin hypercube of eight: four draws in each half, two in the last quarter.
    assert sorted(levels(study, "solve.gap")) == [0.1] * 4 + [0.2] * 4
    late = [case for case in study.cases if case.levers["gen2"] == "late"]
    assert len(late) == 2
    assert all(case.changes["unit_types.gen2.available_from"] == "2027Q3" for case in late)
    assert median(levels(study, "demand.scale")) == pytest.approx(1, abs=0.05)
    low_high = {one.name: (one.low, one.high) for one in study.levers["sample"]}
    assert low_high == {
        "solve.gap": (0.1, 0.2),
        "gen2": ("on-time", "late"),
        # 1 ± 1.6449 · 0.1
        "demand.scale": (pytest.approx(0.83551, abs=1e-5), pytest.approx(1.16449, abs=1e-5)),
        # 5 % of 21 whole numbers is 1.05, 95 % is 19.95.
        "quotas.supply.per_year": (21, 39),
    }


MORRIS = """
base: false
morris:
  trajectories: 5
  levels: 4
  seed: 1
  levers:
    demand.scale: {min: 0.8, max: 1.1}
    budget.pools.world.scale: {min: 1, max: 4}
    sites.*.energy_price_usd_per_mwh.scale: {min: 0.5, max: 2}
"""


def test_morris_changes_one_lever_at_a_time(read: Read) -> None:
    pytest.importorskip("SALib")
    study = read(MORRIS)

    assert len(study.cases) == 5 * (3 + 1)
    assert study.cases[0].name == "morris/001"
    assert study.levels == 4
    for walk in range(5):
        points = [case.levers for case in study.cases[4 * walk : 4 * walk + 4]]
        moved = [
            [name for name in before if before[name] != after[name]]
            for before, after in pairwise(points)
        ]
        assert sorted(moved) == sorted([name] for name in points[0])
    # Four levels from 1 to 4.
    assert set(levels(study, "budget.pools.world.scale")) <= {1, 2, 3, 4}
    assert read(MORRIS).cases == study.cases


def test_morris_with_one_lever(read: Read) -> None:
    pytest.importorskip("SALib")
    text = "morris: {trajectories: 2, levers: {demand.scale: {min: 1, max: 2}}}\n"

    assert len(read(text).cases) == 1 + 2 * 2


def test_morris_without_salib_says_how_to_get_it(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def refuse(name: str, *others: Any, **more: Any) -> Any:
        if name.startswith("SALib"):
            raise ModuleNotFoundError(name)
        return real(name, *others, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(InstanceError) as caught:
        read(MORRIS)

    assert "pip install 'buildplan[screening]'" in str(caught.value)
    assert caught.value.problems[0].line == 5
