"""Random instances with scenarios: verified, and as cheap as the best of all first decisions."""

from itertools import product
from random import Random
from typing import Any

import pytest

from models.instance import Instance
from models.uncertainty.risk import measured
from optimizer import solve
from optimizer.uncertain.problem import Key, Problem, build_problem
from tests.small import demands, milp_solution, tiny, years

MOST = 3
"""The enumeration orders so many units at most; demand asks for no more."""

CASES = 12


def random_instance(dice: Random) -> Instance:
    """Up to three scenarios of demand, prices and connections, told apart in 2028 or 2029."""

    def asked() -> list[int]:
        return [dice.choice([0, 5, 10, 20, 30]) for _ in range(3)]

    def changes() -> dict[str, Any]:
        path = "demand.norway.chat.public"
        out = {
            f"{path}.{year}.mtok_s": mtok_s
            for year, mtok_s in zip((2028, 2029), asked()[1:], strict=True)
        }
        if dice.random() < 0.4:
            out["unit_types.gen1.capex_musd.scale"] = dice.choice([0.5, 1.5])
        if dice.random() < 0.3:
            out["sites.oslo.grid_mw.2029-01"] = dice.choice([0, 5, 25])
        if dice.random() < 0.2:
            out["unit_types.gen1.available_until"] = "2028-06"
        return out

    shares = dice.choice([(0.5, 0.5), (0.2, 0.8), (0.5, 0.25, 0.25), (0.1, 0.3, 0.6)])
    dates = ["2027-06", "2028-01", "2028-07", "2029-01"]
    futures: dict[str, Any] = {
        w: {"probability": p, "revealed": dice.choice(dates), "changes": changes()}
        for w, p in zip("abc", shares, strict=False)
    }
    if dice.random() < 0.5:
        futures["a"] = {"probability": shares[0]}
    return tiny(
        horizon=years(3),
        finance={"discount_rate_per_year": dice.choice([0, 0.1])},
        unit_types={"gen1": {"lead_months": dice.choice([0, 12]), "life_years": 2}},
        workloads={"chat": {"shortfall_price_usd_per_mtok": dice.choice([0.05, 0.1, 0.2, 0.4])}},
        demand=demands(
            *(
                ("norway", "public", 2027 + year, mtok_s)
                for year, mtok_s in enumerate(max(asked(), [10, 0, 0]))
            )
        ),
        scenarios=futures,
        risk={
            "measure": dice.choice(["expected", "cvar", "regret"]),
            "level": dice.choice([0, 0.5, 0.8]),
            "weight": dice.choice([0.3, 1]),
        },
    )


def least(problem: Problem) -> float:
    """The least measure over all shared orders, each scenario the best for them."""
    orders = [
        (one.name, one.index) for one in problem.shared if one.name == "order" and one.possible
    ]
    # Oslo stands open with halls enough, so that there is nothing else to decide.
    fixed: dict[Key, float] = dict(problem.impossible())
    fixed |= {(one.name, one.index): 0.0 for one in problem.shared if one.name != "order"}
    best = {w: cost(problem, w, {}) for w in problem.alone}
    known: dict[Any, float] = {}
    found = []
    for numbers in product(range(MOST + 1), repeat=len(orders)):
        decided = fixed | dict(zip(orders, map(float, numbers), strict=True))
        costs = {}
        for w in problem.alone:
            own = {
                (one.name, one.index): decided[one.name, one.index]
                for one in problem.shared
                if w in one.scenarios
            }
            key = w, tuple(own.values())
            if key not in known:
                known[key] = cost(problem, w, own)
            costs[w] = known[key]
        found.append(measured(problem.inst, costs, best))
    return min(found)


def cost(problem: Problem, w: str, decided: dict[Key, float]) -> float:
    """What a scenario costs at least with these decisions made; infinite without a plan."""
    matrix = problem.committed(w, decided).matrix
    x = milp_solution(matrix)
    return float("inf") if x is None else matrix.value(x)


@pytest.mark.parametrize("seed", range(CASES))
def test_no_first_decisions_are_better(seed: int) -> None:
    inst = random_instance(Random(seed))

    plan = solve(inst, gap=0, threads=1)

    assert plan.violations == ()
    assert plan.verified
    assert plan.status == "optimal"
    assert plan.objective_musd == pytest.approx(least(build_problem(inst)), abs=1e-4)
    assert plan.kpis["value_of_perfect_information_musd"] >= -1e-6
    value = plan.kpis.get("value_of_stochastic_solution_musd")
    assert plan.reasons if value is None else value >= -1e-6


def test_a_regret_of_nothing_is_nothing() -> None:
    """What rounding leaves of a regret is no cost, and its gap is not that of a cost."""
    plan = solve(random_instance(Random(37)), gap=0, threads=1)

    assert plan.objective_musd == 0
    assert plan.verified
