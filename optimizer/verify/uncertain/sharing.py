"""Shared decisions: two scenarios decide alike until the first of them is revealed."""

from collections.abc import Mapping
from datetime import date
from itertools import combinations

import pandas as pd

from models.instance import Instance
from optimizer.verify.findings import TOLERANCE, Findings
from optimizer.verify.uncertain.reading import FAMILY, Order, orders_of, standing_of


def reveal_dates(inst: Instance) -> dict[str, date]:
    """When each scenario is revealed; one without a date with the last of the others, or never."""
    told = sorted(one.revealed for one in inst.scenarios.values() if one.revealed)
    return {
        w: one.revealed or (told[-1] if told else date.max) for w, one in inst.scenarios.items()
    }


def check(
    inst: Instance, own: Mapping[str, Mapping[str, pd.DataFrame]], findings: Findings
) -> None:
    """Check the decisions of all pairs of scenarios."""
    revealed = reveal_dates(inst)
    start = {period.name: period.start for period in inst.horizon.periods()}
    decided = {w: orders_of(tables) | standing_of(tables) for w, tables in own.items()}
    for w, v in combinations(inst.scenarios, 2):
        until = min(revealed[w], revealed[v])
        for one in dict.fromkeys((*decided[w], *decided[v])):
            if one[-1] not in start or start[one[-1]] >= until:
                continue
            here, there = decided[w].get(one, 0.0), decided[v].get(one, 0.0)
            if abs(here - there) > TOLERANCE * max(1.0, here, there):
                findings.add(
                    FAMILY,
                    f"{told(one)}: {here:.9g} in scenario {w}, but {there:.9g} in scenario {v}, "
                    f"though nobody can tell them apart before {until}",
                    abs(here - there),
                )


def told(one: Order) -> str:
    """An order in words: 'units, oslo, gen1, 2027'."""
    return ", ".join(part for part in one if part)
