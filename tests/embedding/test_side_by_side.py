"""Solving in threads and in process pools: each caller gets the answer to its own question."""

import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from models.instance import Instance
from optimizer import Plan, read_instance, read_plan, solve
from tests.small import twins

TINY = Path(__file__).parents[2] / "instances" / "tiny"
TINY_COST = 138.04082725
"""Worked out by hand in instances/tiny/instance.yaml [MUSD]."""

SPAWN = multiprocessing.get_context("spawn")


def priced(capex_musd: float) -> Instance:
    """Five units are needed (50 / 10 Mtok/s) and nothing else costs: 5 · capex_musd."""
    return twins(unit_types={"gen1": {"capex_musd": capex_musd}})


def plan_at(capex_musd: float) -> Plan:
    """What a worker of a pool does: functions of a module can be sent to it."""
    return solve(priced(capex_musd))


def plan_of(inst: Instance) -> Plan:
    """The same for an instance that is sent to it."""
    return solve(inst, threads=1)


def test_threads_solve_different_instances_at_once() -> None:
    instances = [read_instance(TINY), priced(30), priced(40), priced(50)]
    with ThreadPoolExecutor(2) as pool:
        plans = list(pool.map(plan_of, instances))

    costs = [plan.objective_musd for plan in plans]
    assert costs == pytest.approx([TINY_COST, 150, 200, 250])
    assert all(plan.verified for plan in plans)
    assert [plan.instance for plan in plans] == instances


def test_threads_solve_one_instance_at_once() -> None:
    """What an instance derives is derived when it is first needed, here by two at once."""
    inst = read_instance(TINY)
    with ThreadPoolExecutor(2) as pool:
        plans = list(pool.map(plan_of, [inst, inst]))

    assert [plan.objective_musd for plan in plans] == pytest.approx([TINY_COST, TINY_COST])


def test_workers_of_a_spawned_pool_solve() -> None:
    """They are daemons, which may have no children of multiprocessing; the solver's is none."""
    with SPAWN.Pool(2) as pool:
        plans = pool.map(plan_at, [30, 40])

    assert [plan.objective_musd for plan in plans] == pytest.approx([150, 200])
    assert [plan.units_ordered("oslo", "gen1", 2027) for plan in plans] == [5, 5]
    assert all(plan.verified for plan in plans)


def test_a_process_pool_executor_takes_instances_and_gives_plans() -> None:
    instances = [read_instance(TINY), priced(30)]
    with ProcessPoolExecutor(2, mp_context=SPAWN) as pool:
        plans = list(pool.map(plan_of, instances))

    assert [plan.objective_musd for plan in plans] == pytest.approx([TINY_COST, 150])
    assert [plan.instance for plan in plans] == instances


def test_pickles_are_whole(tmp_path: Path) -> None:
    inst = read_instance(TINY)
    plan = solve(inst)
    read = read_plan(plan.save(tmp_path / "plan"))

    assert pickle.loads(pickle.dumps(inst)) == inst
    for one in (plan, read):
        copy = pickle.loads(pickle.dumps(one))
        assert copy.summary() == plan.summary()
        assert all(copy.tables[name].equals(frame) for name, frame in plan.tables.items())
        assert copy.instance == inst


def test_a_pickled_instance_still_cannot_be_edited() -> None:
    copy = pickle.loads(pickle.dumps(priced(30)))
    with pytest.raises(TypeError, match="never edited in place"):
        copy.sites["oslo"] = copy.sites["nairobi"]
