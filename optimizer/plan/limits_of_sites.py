"""Limits on what stands at sites and is ordered for them: power, halls, supply, blocks."""

from collections.abc import Iterator
from math import inf

from models.fleet import quota_allowance
from models.instance import Instance
from optimizer.plan.brownfield import standing_mw
from optimizer.plan.decisions import Tables
from optimizer.plan.limit_rows import TOLERANCE, Row, Steps, limit_row, over_time
from optimizer.plan.networks import power_drawn
from optimizer.plan.physical import grid_mw, open_periods, region_mw


def smallest_steps(inst: Instance, tables: Tables) -> tuple[Steps, Steps]:
    """IT and meter power of the smallest unit that could serve at a site in a period [MW]."""
    it_mw: Steps = {}
    meter_mw: Steps = {}
    drawn = power_drawn(inst, tables)
    for (s, u, _), serves in inst.services.items():
        for t in serves:
            it_mw[s, t] = min(inst.unit_types[u].it_mw, it_mw.get((s, t), inf))
            draws = drawn.get((s, t), 1.0) * inst.meter_mw(s, u)
            meter_mw[s, t] = min(draws, meter_mw.get((s, t), inf))
    return it_mw, meter_mw


def site_limits(inst: Instance, tables: Tables, it_step: Steps, meter_step: Steps) -> Iterator[Row]:
    """Connection, halls and install rate of each site."""
    power = tables["power"].set_index(["site", "period"])[["it_mw", "meter_mw"]].to_dict("index")
    hall_mw = tables["halls"].set_index(["site", "period"])["hall_mw"].to_dict()
    entering: dict[tuple[str, str], float] = {}
    for s, u, t, units in tables["orders"].itertuples(index=False):
        first = s, inst.services[s, u, t][0]
        entering[first] = entering.get(first, 0.0) + units * inst.unit_types[u].it_mw
    nothing = {"it_mw": 0.0, "meter_mw": 0.0}
    connected, mining = grid_mw(inst, tables), standing_mw(inst, tables)
    for s in inst.sites:
        for t in inst.periods:
            used = power.get((s, t), nothing)["meter_mw"]
            most = connected[s, t] - mining.get((s, t), 0.0)
            step = meter_step.get((s, t), 0)
            yield limit_row("site_power", s, t, used, most, "MW", step)
    for s in inst.sites:
        for t in inst.periods:
            used = power.get((s, t), nothing)["it_mw"]
            step = it_step.get((s, t), 0.0)
            yield limit_row("halls", s, t, used, hall_mw.get((s, t), 0.0), "MW", step)
    for s, site in inst.sites.items():
        if site.install_rate_mw_per_month is not None:
            for t, period in inst.periods.items():
                most = site.install_rate_mw_per_month * period.months
                used = entering.get((s, t), 0.0)
                yield limit_row("install_rate", s, t, used, most, "MW", it_step.get((s, t), 0.0))


def grid_region_limits(inst: Instance, tables: Tables, meter_step: Steps) -> Iterator[Row]:
    """What stands in each grid region, against its cap."""
    region = {s: site.grid_region for s, site in inst.sites.items()}
    power = tables["power"]
    used = power.groupby([power["site"].map(region), "period"])["meter_mw"].sum().to_dict()
    for (s, t), mw in standing_mw(inst, tables).items():
        used[region[s], t] = used.get((region[s], t), 0.0) + mw
    caps_mw = region_mw(inst, tables)
    for g in inst.grid_regions:
        for t in inst.periods:
            use = used.get((g, t), 0.0)
            steps = (meter_step.get((s, t), inf) for s in region if region[s] == g)
            least = min(steps, default=inf)
            step = least if least < inf else 0.0
            yield limit_row("grid_region_power", g, t, use, caps_mw[g, t], "MW", step)


def quota_limits(inst: Instance, tables: Tables) -> Iterator[Row]:
    """Orders under each quota."""
    for q, quota in inst.quotas.items():
        counts = {
            u: inst.unit_types[u].accelerators if quota.counts == "accelerators" else 1
            for u in quota.unit_types
        }
        use = dict.fromkeys(inst.periods, 0.0)
        for s, u, t, units in tables["orders"].itertuples(index=False):
            operators = quota.operators or (inst.sites[s].operator,)
            if u in counts and inst.sites[s].operator in operators:
                use[t] += units * counts[u]
        allowed = {t: quota_allowance(inst, q, t) for t in inst.periods}
        yield from over_time(
            "quota",
            q,
            use,
            allowed,
            quota.counts,
            quota.carry_over,
            dict.fromkeys(inst.periods, min(counts.values(), default=1)),
        )


def build_minimums(inst: Instance, tables: Tables) -> Iterator[Row]:
    """The least build of the sites that are opened."""
    built = tables["halls"].groupby("site")["ordered_mw"].sum().to_dict()
    for s in open_periods(inst, tables):
        site = inst.sites[s]
        if site.min_build_mw and not site.opened:
            use, least = built.get(s, 0.0), site.min_build_mw
            tight = use - least < TOLERANCE * max(1.0, least)
            yield "min_build", s, "", use, least, use - least, "MW", tight


def cluster_limits(inst: Instance, tables: Tables) -> Iterator[Row]:
    """The least block of each cluster that stands."""
    online = tables["online"].set_index(["site", "unit_type", "period"])["units"].to_dict()
    index = ["site", "unit_type", "workload", "period"]
    for s, u, k, t in tables["clusters"][index].itertuples(index=False):
        if least := inst.workloads[k].cluster.min_units:
            use = float(online.get((s, u, t), 0))
            at = f"{s}/{u}/{k}"
            yield "cluster", at, t, use, float(least), use - least, "units", use <= least


def frozen_limits(inst: Instance, tables: Tables) -> Iterator[Row]:
    """What is opened and ordered in frozen periods, against what is committed."""
    used: dict[tuple[str, str], float] = {}
    for name in ("openings", "blocks", "orders", "grid_upgrades"):
        frame = tables[name]
        amount = "ordered" if name == "grid_upgrades" else frame.columns[-1]
        for s, t, n in frame[["site", "period", amount]].itertuples(index=False):
            used[s, t] = used.get((s, t), 0.0) + n
    agreed: dict[tuple[str, str], float] = {}
    for (s, _, _, t), n in inst.committed.items():
        agreed[s, t] = agreed.get((s, t), 0.0) + n
    for s in inst.sites:
        for t in inst.frozen_periods:
            yield limit_row(
                "frozen", s, t, used.get((s, t), 0.0), agreed.get((s, t), 0.0), "orders"
            )
