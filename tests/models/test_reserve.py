"""Reserve: of n units so many may work as are up together in the part of the time asked for."""

from math import comb
from typing import Any

import numpy as np
import pytest

from models.build import build_model
from models.instance import Instance
from models.reserve import reserve_steps
from optimizer import solve
from optimizer.compiling import compile_model
from optimizer.starts import decisions_of, hint_of
from tests.small import (
    assert_row,
    coefficients,
    cost,
    demands,
    optimum,
    optimum_without,
    plain,
    solved,
    tiny,
    values,
)


def one(target: float | None = 0.99, **changes: Any) -> Instance:
    """Units of 10 Mtok/s, up 90 % of the time; 20 Mtok/s are asked for."""
    base: dict[str, Any] = {
        "unit_types": {"gen1": {"availability": 0.9}},
        "workloads": {"chat": {"availability_target": target} if target else {}},
        "demand": demands(("norway", "public", 2027, 20)),
    }
    return tiny(**base | changes)


def test_the_reserve_grows_by_hand() -> None:
    """Up 90 %, 99 times of 100.

    1: P(1) = 0.9 < 0.99: none may work. 2: P(≥ 1) = 0.99: one. 3: P(≥ 2) = 0.972 < 0.99: one.
    4: P(≥ 3) = 0.9477 < 0.99, P(≥ 2) = 0.9963: two. 5: P(≥ 4) = 0.91854, P(≥ 3) = 0.99144: three.
    So the reserve is 1, 1, 2, 2, 2: it grows with 1 and with 3 units.
    """
    assert reserve_steps(0.9, 0.99, 5) == (1, 3)
    assert reserve_steps(0.9, 0.9, 1) == ()
    assert reserve_steps(1.0, 0.999, 50) == ()


@pytest.mark.parametrize("availability", [0.5, 0.81, 0.9, 0.97, 0.999])
@pytest.mark.parametrize("target", [0.3, 0.81, 0.95, 0.9999])
def test_the_reserve_is_the_tail_of_the_binomial(availability: float, target: float) -> None:
    for n in range(1, 41):
        tails = [
            sum(
                comb(n, i) * availability**i * (1 - availability) ** (n - i)
                for i in range(k, n + 1)
            )
            for k in range(n + 1)
        ]
        most = max(k for k in range(n + 1) if k == 0 or tails[k] >= target - 1e-12)
        assert n - len(reserve_steps(availability, target, n)) == most


def test_two_at_work_need_four() -> None:
    """20 Mtok/s are two units at work: two of four at 0.99, of three (2.7) without a target."""
    assert cost(solved(one(None))) == pytest.approx(3 * 40)
    assert cost(solved(one())) == pytest.approx(4 * 40)
    assert optimum_without(one(), lambda m: m.reserve_limit) == pytest.approx(3 * 40)
    assert optimum_without(one(), lambda m: m.reserve_step_link) == pytest.approx(3 * 40)


def test_rows_are_as_written() -> None:
    m = build_model(one())
    key = ("oslo", "gen1", "chat", "2027")

    link = {"online[oslo,gen1,2027]": 1, "reserve_step[oslo,gen1,chat,2027,3]": -8}
    assert_row(m.reserve_step_link[(*key, 3)], link, "≤", 2)
    # Ten units fit; the reserve is 1 from one unit on, 2 from 3, 3 from 6, 4 from 10.
    assert m.reserve_steps_at[key] == (1, 3, 6, 10)
    steps = {f"reserve_step[oslo,gen1,chat,2027,{n}]": 1 for n in (1, 3, 6, 10)}
    limit = {"run[oslo,gen1,chat,2027]": 1, "online[oslo,gen1,2027]": -1} | steps
    assert_row(m.reserve_limit[key], limit, "≤", 0)


def test_stricter_work_comes_first() -> None:
    """Chat at 0.99 and batch at 0.9 share units: three and two at work need seven.

    Of 6 may work 4 at 0.9, since P(≥ 5) = 0.8857. Of 7 may work 5, since P(≥ 5) = 0.9743, and 4 of
    them at 0.99, since P(≥ 4) = 0.9973.
    """
    inst = one(
        workloads={
            "chat": {"availability_target": 0.99},
            "batch": {"availability_target": 0.9, "shortfall_price_usd_per_mtok": 10},
        },
        throughput=[{"unit_type": "gen1", "workload": k, "mtok_s": 10} for k in ("chat", "batch")],
        demand=[
            *demands(("norway", "public", 2027, 30)),
            *demands(("norway", "public", 2027, 20), workload="batch"),
        ],
    )
    assert optimum(inst) == pytest.approx(7 * 40)
    m = build_model(inst)
    # In the row of batch both count, in that of chat only chat.
    rows = {k: coefficients(m.reserve_limit["oslo", "gen1", k, "2027"].body) for k in m.WORKLOADS}
    both = {"run[oslo,gen1,chat,2027]", "run[oslo,gen1,batch,2027]"}
    assert both <= set(rows["batch"])
    assert both & set(rows["chat"]) == {"run[oslo,gen1,chat,2027]"}


def test_work_without_a_target_uses_the_reserve() -> None:
    """Four units, two at work on chat; 0.9 · 4 − 2 = 1.6 are left for batch in the mean."""
    inst = one(
        workloads={
            "chat": {"availability_target": 0.99},
            "batch": {"shortfall_price_usd_per_mtok": 10},
        },
        throughput=[{"unit_type": "gen1", "workload": k, "mtok_s": 10} for k in ("chat", "batch")],
        demand=[
            *demands(("norway", "public", 2027, 20)),
            *demands(("norway", "public", 2027, 16), workload="batch"),
        ],
    )
    m = solved(inst)
    assert cost(m) == pytest.approx(4 * 40)
    assert values(m.run) == pytest.approx(
        {("oslo", "gen1", "chat", "2027"): 2, ("oslo", "gen1", "batch", "2027"): 1.6}
    )


def test_without_targets_or_failures_nothing_is_added() -> None:
    never_fails: dict[str, Any] = {"unit_types": {"gen1": {"availability": 1}}}
    plain, aimed = one(None, **never_fails), one(**never_fails)
    first, second = (compile_model(build_model(x), x).matrix for x in (plain, aimed))

    assert (first.rows != second.rows).nnz == 0
    assert np.array_equal(first.cost, second.cost)
    assert len(build_model(one(None)).reserve_limit) == 0


def test_a_start_knows_the_reserve_for_work_that_a_unit_cannot_do() -> None:
    """Chat is stricter than batch, which gen1 cannot do: the target of batch still counts chat."""
    inst = one(
        workloads={
            "chat": {"availability_target": 0.99},
            "batch": {"availability_target": 0.95, "shortfall_price_usd_per_mtok": 1},
        }
    )
    compiled = compile_model(build_model(inst), inst)
    hint = hint_of(compiled, decisions_of(solve(inst)))

    assert hint is not None
    told = {plain(compiled.variables[i]) for i in np.flatnonzero(hint)}
    # Four units: 1 and 3 for 99 %, 1 and 4 for 95 %, since P(≥ 3 of 4) = 0.9477.
    grown = [("chat", 1), ("chat", 3), ("batch", 1), ("batch", 4)]
    steps = {f"reserve_step[oslo,gen1,{k},2027,{n}]" for k, n in grown}
    assert told == {"order[oslo,gen1,2027]", *steps}
