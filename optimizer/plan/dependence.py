"""Floors and caps on who serves, hosts and is paid: their use, as rows of the limits."""

from collections.abc import Iterator

from models.instance import Instance
from models.prices import control_plane_cost
from models.sovereignty import (
    counts_for,
    holders,
    hosted_floor,
    offers_within,
    served_floor,
    share_on,
    territory,
)
from models.streams import Stream
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import period_means
from optimizer.plan.networks import utilisations

Row = tuple[str, str, str, float, float, float, str, bool]

TOLERANCE = 1e-6

Amounts = dict[tuple[str, str, str], float]
"""By site, unit type ('' for none) and period."""


def _tight(slack: float, allowed: float, use: float) -> bool:
    little = TOLERANCE * max(1.0, allowed)
    return slack < -little or (slack < little and use > TOLERANCE)


def floors(inst: Instance, tables: Tables) -> Iterator[Row]:
    """Sufficiency floors that ask for something: what is served and hosted, and the least."""
    means = {name: period_means(inst, tables[name]) for name in ("flows", "rentals")}
    for f in inst.sufficiency:
        inside = set(territory(inst, f))
        counts = {tuple(stream) for j, stream in inst.streams.items() if counts_for(inst, f, j)}
        power = tables["power"]
        offered = set(offers_within(inst, f))
        served, hosted = dict.fromkeys(inst.periods, 0.0), dict.fromkeys(inst.periods, 0.0)
        for r, k, d, s, t, _, mtok_s in means["flows"].itertuples(index=False):
            if s in inside and Stream(r, k, d) in counts:
                served[t] += mtok_s
        for r, k, d, x, t, _, mtok_s in means["rentals"].itertuples(index=False):
            if x in offered and Stream(r, k, d) in counts:
                served[t] += mtok_s
        for s, t, it_mw in power[["site", "period", "it_mw"]].itertuples(index=False):
            if s in inside:
                hosted[t] += it_mw
        for t in inst.periods:
            if least := served_floor(inst, f, t):
                yield _floor("sufficiency_share", f, t, served, least, "Mtok/s")
            if least := hosted_floor(inst, f, t):
                yield _floor("sufficiency_mw", f, t, hosted, least, "MW")


def _floor(limit: str, f: str, t: str, used: dict[str, float], least: float, unit: str) -> Row:
    use = used[t]
    return limit, f, t, use, least, use - least, unit, _tight(use - least, least, use)


def caps(inst: Instance, tables: Tables) -> Iterator[Row]:
    """Concentration caps: what each holder has, and the most that the plan's total allows."""
    units = {"tokens": "Mtok/s", "it_mw": "MW", "capital": "MUSD"}
    for c, cap in inst.concentration.items():
        by_type = cap.by in ("vendor", "generation")
        amounts, totals = _amounts(inst, tables, cap.share_of, by_type=by_type)
        for h, (sites, types, offers) in holders(inst, cap).items():
            part = _rented(inst, tables, offers)
            for (s, u, t), amount in amounts.items():
                if s in sites and (not by_type or u in types):
                    part[t] += amount
            if cap.share_of == "capital":
                part = _summed(part)
            for t, period in inst.periods.items():
                most = share_on(cap.most_share, period.start)
                if most is not None:
                    use, allowed = part[t], most * totals[t]
                    slack = allowed - use
                    binds = _tight(slack, allowed, use)
                    limit, unit = f"{cap.share_of}_share", units[cap.share_of]
                    yield limit, f"{c}/{h}", t, use, allowed, slack, unit, binds


def _amounts(
    inst: Instance, tables: Tables, of: str, *, by_type: bool
) -> tuple[Amounts, dict[str, float]]:
    """What shares are of, by site, unit type and period; and the plan's total by period."""
    amounts: Amounts = {}
    totals = dict.fromkeys(inst.periods, 0.0)

    def add(s: str, u: str, t: str, amount: float) -> None:
        amounts[s, u, t] = amounts.get((s, u, t), 0.0) + amount

    if of == "it_mw":
        for s, u, t, units in tables["online"].itertuples(index=False):
            it_mw = units * inst.unit_types[u].it_mw
            add(s, u, t, it_mw)
            totals[t] += it_mw
    elif of == "tokens":
        for *_, s, t, _, mtok_s in period_means(inst, tables["flows"]).itertuples(index=False):
            totals[t] += mtok_s
            if not by_type:
                add(s, "", t, mtok_s)
        for t, mtok_s in _rented(inst, tables, set(inst.rentals)).items():
            totals[t] += mtok_s
        share = {(state.period, state.slice): state.share for state in inst.states.values()}
        reached = utilisations(tables)
        for s, u, k, t, x, units in tables["runs"].itertuples(index=False) if by_type else ():
            mean = units * share[t, x] / inst.workloads[k].peak_factor
            made = mean * inst.tokens_per_unit(s, u, k, t)
            add(s, u, t, reached.get((s, u, k, t), 1.0) * made)
    else:
        for s, u, t, musd in ordered_capital(inst, tables):
            totals[t] += musd
            if u or not by_type:
                add(s, u, t, musd)
        totals = _summed(totals)
    return amounts, totals


def ordered_capital(inst: Instance, tables: Tables) -> Iterator[tuple[str, str, str, float]]:
    """What is ordered, at its price, whenever it is paid: site, unit type or '', period, MUSD."""
    for s, t, _ in tables["openings"].itertuples(index=False):
        yield s, "", t, inst.sites[s].open_cost_musd
    for s, t, blocks in tables["blocks"].itertuples(index=False):
        yield s, "", t, blocks * inst.hall_block_capex(s)
    for s, g, t in tables["grid_upgrades"][["site", "upgrade", "period"]].itertuples(index=False):
        yield s, "", t, inst.grid_upgrades[g].cost_musd
    for s, n, t, _ in tables["network_options"].itertuples(index=False):
        yield s, "", t, inst.network_options[n].cost_musd
    for s, t, mw in tables["convert"].itertuples(index=False):
        yield s, "", t, mw * inst.mine_of[s].capex_musd_per_mw
    for s, t, _ in tables["local_control_planes"].itertuples(index=False):
        yield s, "", t, control_plane_cost(inst, s)
    for s, u, t, units in tables["orders"].itertuples(index=False):
        yield s, u, t, units * inst.unit_capex(s, u)


def _rented(inst: Instance, tables: Tables, offers: set[str]) -> dict[str, float]:
    """Tokens bought from some offers, by period [Mtok/s]."""
    bought = dict.fromkeys(inst.periods, 0.0)
    rented = period_means(inst, tables["rentals"])
    for x, t, mtok_s in rented[["offer", "period", "mtok_s"]].itertuples(index=False):
        if x in offers:
            bought[t] += mtok_s
    return bought


def _summed(amounts: dict[str, float]) -> dict[str, float]:
    """Amounts by period, each with all before it."""
    so_far, out = 0.0, {}
    for t, amount in amounts.items():
        so_far += amount
        out[t] = so_far
    return out
