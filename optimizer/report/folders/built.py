"""Where each of several plans builds: IT power at the end, site by site."""

from collections.abc import Mapping

import pandas as pd

from models.instance import Instance
from optimizer.plan.plan import Plan
from optimizer.report.charts.cells import AMOUNT, cells
from optimizer.report.figure import Figure

MOST_SITES = 40


def built(inst: Instance, plans: Mapping[str, Plan], heading: str) -> list[Figure]:
    """A grid of sites and plans; `heading` is what a plan is called. None if nothing is built."""
    last = list(inst.periods)[-1]
    frames = []
    for name, plan in plans.items():
        if plan.objective_musd is not None:
            power = plan.tables["power"]
            frames.append(
                power[power["period"] == last][["site", "it_mw"]].assign(**{heading: name})
            )
    every = pd.concat(frames) if frames else pd.DataFrame()
    if every.empty or every["it_mw"].max() <= 0:
        return []
    wide = every.pivot_table("it_mw", "site", heading, fill_value=0.0)
    spread = wide.max(axis=1) - wide.min(axis=1)
    order = wide.assign(spread=spread, most=wide.max(axis=1))
    order = order.sort_values(["spread", "most"], ascending=False, kind="stable")
    rows = wide.loc[order.index].reset_index().melt("site", value_name="it_mw")
    shown = set(order.index[:MOST_SITES])
    chart = cells(heading, "site", "it_mw", ",.1f", AMOUNT)
    chart["transform"] = [{"filter": {"field": "site", "oneOf": sorted(shown)}}]
    left_out = len(order) - len(shown)
    more = f" {left_out} more are in the table." if left_out > 0 else ""
    note = f"In {last}, the sites that differ most first.{more}"
    return [Figure("built", "Where each plan builds", note, rows[["site", heading, "it_mw"]], chart,
                   unit="IT MW")]  # fmt: skip
