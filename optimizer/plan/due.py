"""What has to be opened and ordered in a period, with its price."""

from typing import TYPE_CHECKING

from optimizer.figures import amount

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.plan.plan import Plan

Line = tuple[str, str, str, float]
"""Site, what, how many, price [MUSD]."""


def due(inst: "Instance", plan: "Plan", t: str) -> list[Line]:
    """What is opened and ordered in a period, in the order of the sites."""
    openings, halls, orders = (plan.tables[name] for name in ("openings", "halls", "orders"))
    out = [
        (s, "open the site", "", inst.sites[s].open_cost_musd)
        for s in openings.loc[openings["period"] == t, "site"]
    ]
    new = halls[(halls["period"] == t) & (halls["blocks"] > 0)]
    out += [
        (s, "halls", f"{amount(mw)} MW", blocks * inst.hall_block_capex(s))
        for s, mw, blocks in new[["site", "ordered_mw", "blocks"]].itertuples(index=False)
    ]
    turned = plan.tables["conversions"]
    turned = turned[(turned["period"] == t) & (turned["ordered_mw"] > 0)]
    out += [
        (s, "mining converted", f"{amount(mw)} MW", mw * inst.mine_of[s].capex_musd_per_mw)
        for s, mw in turned[["site", "ordered_mw"]].itertuples(index=False)
    ]
    now = orders[orders["period"] == t]
    out += [
        (s, u, f"{units:,}", units * inst.unit_capex(s, u))
        for s, u, units in now[["site", "unit_type", "units"]].itertuples(index=False)
    ]
    upgrades = plan.tables["grid_upgrades"]
    out += [
        (s, f"grid upgrade {g}", f"{amount(mw)} MW", inst.grid_upgrades[g].cost_musd)
        for s, g, mw in upgrades.loc[
            upgrades["period"] == t, ["site", "upgrade", "added_mw"]
        ].itertuples(index=False)
    ]
    networks = plan.tables["network_options"]
    out += [
        (s, f"network {n}", "", inst.network_options[n].cost_musd)
        for s, n in networks.loc[networks["period"] == t, ["site", "option"]].itertuples(
            index=False
        )
    ]
    place = {s: i for i, s in enumerate(inst.sites)}
    return sorted(out, key=lambda line: place[line[0]])
