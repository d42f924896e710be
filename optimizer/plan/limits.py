"""Every declared limit with its use, what it allows, what is left, and whether it binds."""

from collections.abc import Iterator, Mapping
from math import inf

import pandas as pd

from models.borrowing import borrowers, most_debt
from models.environment import carbon_allowance, efficiency_floor, water_allowance
from models.finance import granted
from models.fleet import quota_allowance
from models.instance import Instance
from models.objectives import may_fall_short
from models.payments import due_in
from models.pools import covered, covered_by_cap
from models.prices import POOLED, opex_allowance, tokens
from optimizer.plan.brownfield import brownfield_limits, standing_mw
from optimizer.plan.decisions import Tables
from optimizer.plan.dependence import caps, floors
from optimizer.plan.frame import look_up_states, make_frame, period_means
from optimizer.plan.model_families import training_limits
from optimizer.plan.networks import power_drawn
from optimizer.plan.physical import grid_mw, open_periods, region_mw
from optimizer.plan.rentals import rental_limits
from optimizer.plan.reserve import work_under_targets
from optimizer.plan.resilience import work_in_contingencies

TOLERANCE = 1e-6

Row = tuple[str, str, str, float, float, float, str, bool]


def limits(inst: Instance, tables: Tables, paid: pd.DataFrame) -> pd.DataFrame:
    """The limits of the instance, in the order of docs/plan-format.md."""
    it_step, meter_step = _smallest(inst, tables)
    rows = [
        *_sites(inst, tables, it_step, meter_step),
        *_grid_regions(inst, tables, meter_step),
        *_quotas(inst, tables),
        *_pools(inst, tables, paid),
        *_debts(inst, tables),
        *_opex_caps(inst, paid),
        *_carbon_caps(inst, tables),
        *_efficiency_floors(inst, tables),
        *_water(inst, tables),
        *_minimum_builds(inst, tables),
        *_clusters(inst, tables),
        *training_limits(inst, tables),
        *_frozen(inst, tables),
        *_demands(inst, tables),
        *(limit_row(*limit) for limit in brownfield_limits(inst, tables)),
        *(limit_row(*limit) for limit in rental_limits(inst, tables)),
        *floors(inst, tables),
        *caps(inst, tables),
        *_contingencies(inst, tables),
        *_reserves(inst, tables),
    ]
    return limits_frame(rows)


def limits_frame(rows: list[Row]) -> pd.DataFrame:
    """Limits as a table."""
    index = ["limit", "at", "period"]
    frame = make_frame((row[:6] for row in rows), index, ["use", "allowed", "slack"])
    return frame.assign(
        unit=pd.Series([row[6] for row in rows], dtype="str"),
        binds=pd.Series([row[7] for row in rows], dtype="bool"),
    )


def limit_row(
    limit: str, at: str, t: str, use: float, allowed: float, unit: str, step: float = 0.0
) -> Row:
    """One limit; it binds if nothing is left, or less than the smallest step that could use it."""
    slack = allowed - use
    tight = slack < TOLERANCE * max(1.0, allowed)
    binds = tight or (use > TOLERANCE and slack < step - TOLERANCE * max(1.0, allowed))
    return limit, at, t, use, allowed, slack, unit, binds and use > TOLERANCE


Steps = dict[tuple[str, str], float]
"""The smallest step that could use more of a limit, by place and period; absent: none could."""


def _smallest(inst: Instance, tables: Tables) -> tuple[Steps, Steps]:
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


def _sites(inst: Instance, tables: Tables, it_step: Steps, meter_step: Steps) -> Iterator[Row]:
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


def _grid_regions(inst: Instance, tables: Tables, meter_step: Steps) -> Iterator[Row]:
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


def _quotas(inst: Instance, tables: Tables) -> Iterator[Row]:
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
        yield from _over_time(
            "quota",
            q,
            use,
            allowed,
            quota.counts,
            quota.carry_over,
            dict.fromkeys(inst.periods, min(counts.values(), default=1)),
        )


def _pools(inst: Instance, tables: Tables, paid: pd.DataFrame) -> Iterator[Row]:
    """Payments against grants and what may be borrowed; without carry-over with repayments."""
    capital = paid[paid["term"].isin(POOLED)]
    spent = capital.groupby([capital["site"].map(inst.pool_of), "period"])["musd"].sum().to_dict()
    owed = tables["debt"].set_index(["pool", "period"])["debt_musd"].to_dict()
    least = _least_payments(inst)
    nothing = dict.fromkeys(inst.periods, 0.0)
    may_borrow = borrowers(inst)
    for p, purse in inst.budget.pools.items():
        credit = most_debt(inst, p) if p in may_borrow else nothing
        used = granted_so_far = owed_before = 0.0
        for t, grant in granted(inst, p).items():
            kept = purse.carry_over
            used = spent.get((p, t), 0.0) + (used if kept else owed_before)
            granted_so_far = grant + (granted_so_far if kept else 0.0)
            owed_before = owed.get((p, t), 0.0)
            allowed = granted_so_far + credit[t]
            yield limit_row("budget", p, t, used, allowed, "MUSD", least.get((p, t), 0.0))


def _least_payments(inst: Instance) -> Steps:
    """The least payment for one unit that can fall due, by pool and period [MUSD]."""
    least: Steps = {}
    for u, unit in inst.unit_types.items():
        for t, parts in due_in(inst, unit.payments).items():
            for s in inst.sites:
                for τ, share in parts:
                    if (s, u, τ) in inst.services and (p := inst.pool_of[s]) is not None:
                        price = share * inst.unit_capex(s, u)
                        least[p, t] = min(price, least.get((p, t), inf))
    return least


def _debts(inst: Instance, tables: Tables) -> Iterator[Row]:
    owed = tables["debt"].set_index(["pool", "period"])["debt_musd"].to_dict()
    for p in borrowers(inst):
        for t, most in most_debt(inst, p).items():
            yield limit_row("borrowing", p, t, owed.get((p, t), 0.0), most, "MUSD")


def _opex_caps(inst: Instance, paid: pd.DataFrame) -> Iterator[Row]:
    running = paid.groupby(["site", "period", "term"])["musd"].sum().to_dict()
    for c, cap in inst.budget.opex_caps.items():
        sites = covered_by_cap(inst, c)
        for t in inst.periods:
            use = sum(running.get((s, t, term), 0.0) for s in sites for term in cap.terms)
            yield limit_row("opex", c, t, use, opex_allowance(inst, c, t), "MUSD")


def _carbon_caps(inst: Instance, tables: Tables) -> Iterator[Row]:
    tco2 = tables["emissions"].set_index(["site", "period"])["tco2"].to_dict()
    for c, cap in inst.carbon.caps.items():
        sites = covered(inst, cap)
        for t in inst.periods:
            use = sum(tco2.get((s, t), 0.0) for s in sites)
            yield limit_row("carbon", c, t, use / 1e3, carbon_allowance(inst, c, t) / 1e3, "ktCO2")


def _efficiency_floors(inst: Instance, tables: Tables) -> Iterator[Row]:
    """Tokens per MWh, where energy is drawn: `allowed` is the least."""
    flows, per_rate = tables["flows"], {o: tokens(inst, o) for o in inst.states}
    mtok = (flows["mtok_s"] * look_up_states(inst, flows, per_rate)).groupby(
        [flows["site"], flows["period"]]
    )
    made = mtok.sum().to_dict()
    mwh = (tables["power"].set_index(["site", "period"])["energy_gwh"] * 1e3).to_dict()
    for f, floor in inst.efficiency_floors.items():
        sites = covered(inst, floor)
        for t in inst.periods:
            drawn = sum(mwh.get((s, t), 0.0) for s in sites)
            if drawn > 0:
                use = sum(made.get((s, t), 0.0) for s in sites) / drawn
                least = efficiency_floor(inst, f, t)
                tight = use - least < TOLERANCE * max(1.0, least)
                yield "efficiency", f, t, use, least, use - least, "Mtok/MWh", tight


def _water(inst: Instance, tables: Tables) -> Iterator[Row]:
    m3 = tables["emissions"].set_index(["site", "period"])["water_m3"].to_dict()
    for s in inst.sites:
        for t in inst.periods:
            if (most := water_allowance(inst, s, t)) < inf:
                yield limit_row("water", s, t, m3.get((s, t), 0.0) / 1e3, most / 1e3, "1000 m3")


def _over_time(
    limit: str,
    at: str,
    use: dict[str, float],
    allowed: dict[str, float],
    unit: str,
    carry_over: bool,
    step: Mapping[str, float],
) -> Iterator[Row]:
    """Rows of a limit per period, or of its sums up to each period with carry-over."""
    used = granted_so_far = 0.0
    for t, amount in use.items():
        used = amount + (used if carry_over else 0.0)
        granted_so_far = allowed[t] + (granted_so_far if carry_over else 0.0)
        yield limit_row(limit, at, t, used, granted_so_far, unit, step.get(t, 0.0))


def _minimum_builds(inst: Instance, tables: Tables) -> Iterator[Row]:
    built = tables["halls"].groupby("site")["ordered_mw"].sum().to_dict()
    for s in open_periods(inst, tables):
        site = inst.sites[s]
        if site.min_build_mw and not site.opened:
            use, least = built.get(s, 0.0), site.min_build_mw
            tight = use - least < TOLERANCE * max(1.0, least)
            yield "min_build", s, "", use, least, use - least, "MW", tight


def _contingencies(inst: Instance, tables: Tables) -> Iterator[Row]:
    for x, t, at_work, available in work_in_contingencies(inst, tables):
        yield limit_row("contingency", x, t, at_work, available, "units", 1.0)


def _reserves(inst: Instance, tables: Tables) -> Iterator[Row]:
    for k, t, at_work, may_work in work_under_targets(inst, tables):
        yield limit_row("reserve", k, t, at_work, may_work, "units", 1.0)


def _clusters(inst: Instance, tables: Tables) -> Iterator[Row]:
    """The least block of each cluster that stands."""
    online = tables["online"].set_index(["site", "unit_type", "period"])["units"].to_dict()
    index = ["site", "unit_type", "workload", "period"]
    for s, u, k, t in tables["clusters"][index].itertuples(index=False):
        if least := inst.workloads[k].cluster.min_units:
            use = float(online.get((s, u, t), 0))
            at = f"{s}/{u}/{k}"
            yield "cluster", at, t, use, float(least), use - least, "units", use <= least


def _frozen(inst: Instance, tables: Tables) -> Iterator[Row]:
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


def _demands(inst: Instance, tables: Tables) -> Iterator[Row]:
    served: dict[tuple[str, str], float] = {}
    for name in ("flows", "rentals"):
        rows = period_means(inst, tables[name])
        for k, t, mtok_s in rows[["workload", "period", "mtok_s"]].itertuples(index=False):
            served[k, t] = served.get((k, t), 0.0) + mtok_s
    asked: dict[tuple[str, str], float] = {}
    for (j, o), mtok_s in inst.demand_mtok_s.items():
        key = inst.streams[j].workload, inst.states[o].period
        asked[key] = asked.get(key, 0.0) + mtok_s * inst.states[o].share
    for k in inst.workloads:
        if not may_fall_short(inst, k):
            for t in inst.periods:
                use, demand = served.get((k, t), 0.0), asked.get((k, t), 0.0)
                yield limit_row("demand", k, t, use, demand, "Mtok/s")
