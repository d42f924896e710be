"""Models with mines, shells and offers made from the one before: the same to the last bit."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models import InstanceError
from models.instance import Instance
from optimizer.reuse import ModelKeeper
from tests.properties.brownfield import with_brownfield
from tests.properties.common import examples
from tests.properties.strategies import instances
from tests.solving.test_reuse import assert_same

CHANGES: dict[str, Callable[[Random], Any]] = {
    "mines.*.mining_mw.scale": lambda dice: dice.choice([0.5, 0.9, 0]),
    "mines.*.capex_musd_per_mw.scale": lambda dice: dice.choice([0.5, 2]),
    "mines.*.margin_musd_per_mw_year.scale": lambda dice: dice.choice([0, 2]),
    "mines.s0.months": lambda dice: dice.choice([0, 6]),
    "mines.s0.shell_share": lambda dice: dice.choice([0, 0.5]),
    "mines.s0.shares_connection": lambda dice: dice.random() < 0.5,
    "mines.s0.block_mw": lambda dice: dice.choice([None, 0.4]),
    "shells.*.most_mw.scale": lambda dice: dice.choice([0.5, 2]),
    "shells.*.price_musd_per_mw_year.scale": lambda dice: dice.choice([0, 2]),
    "shells.s0.term_months": lambda dice: dice.choice([1, 40]),
    "shells.s0.remove": lambda dice: True,
    "rentals.*.price_usd_per_mtok.scale": lambda dice: dice.choice([0.5, 2]),
    "rentals.*.most_mtok_s.scale": lambda dice: dice.choice([0, 0.9, 2]),
    "rentals.x0.least_mtok_s": lambda dice: dice.choice([0, 0.3]),
    "rentals.x0.operator": lambda dice: dice.choice(["a", "b"]),
    "sites.*.grid_mw.scale": lambda dice: dice.choice([1.1, 2]),
    "sites.s0.pue.liquid": lambda dice: dice.choice([1.05, 1.3]),
    "demand.*.scale": lambda dice: dice.choice([0.5, 1.5]),
    "workloads.k0.peak_factor": lambda dice: dice.choice([1, 2]),
}


@given(raw=instances().map(partial(with_brownfield, yearly=False)), seed=st.integers(0, 10**6))
@examples(25)
def test_random_changes_of_mines_shells_and_offers(raw: dict[str, Any], seed: int) -> None:
    dice, keeper = Random(seed), ModelKeeper()
    inst = first = Instance.model_validate(raw)
    for _ in range(6):
        assert_same(keeper.compiled(inst), inst)
        path = dice.choice(sorted(CHANGES))
        try:
            inst = inst.with_changes({path: CHANGES[path](dice)})
        except InstanceError:
            inst = first
