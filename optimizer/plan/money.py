"""What it costs: cash by period, pool and term; the terms; and the cost of a token."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pandas as pd

from models import commitments, prices
from models.entities.payments import AT_ORDER
from models.environment import carbon_price, water_price
from models.finance import (
    conversion_value_left,
    discount,
    discount_middle,
    discount_start,
    hall_value_left,
    unit_value_left,
)
from models.instance import Instance
from models.payments import dues
from models.volume import value_lost
from optimizer.plan.brownfield import converted_mw
from optimizer.plan.debt import interest_by_site
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame
from optimizer.plan.networks import upkeep
from optimizer.plan.physical import energy_mwh, open_periods
from optimizer.plan.rentals import rents
from optimizer.plan.resilience import missing
from optimizer.plan.violations import penalties
from optimizer.plan.volume import rebates

Payment = tuple[str, str, str, float, float]
"""Site ('' for none), period, term, MUSD, discounted MUSD."""


def payments(inst: Instance, tables: Tables) -> pd.DataFrame:
    """Every payment by site, period and term [MUSD], as it falls due and discounted."""
    rows: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    invested = [*_invested(inst, tables)]
    financed = interest_by_site(inst, tables["debt"], invested)
    for s, t, term, musd, discounted in (
        *invested,
        *financed,
        *_operated(inst, tables),
        *penalties(inst, tables),
    ):
        total = rows[s, t, term]
        total[0] += musd
        total[1] += discounted
    return make_frame(
        ((*key, *amounts) for key, amounts in rows.items()),
        ["site", "period", "term"],
        ["musd", "discounted_musd"],
    )


def _invested(inst: Instance, tables: Tables) -> Iterator[Payment]:
    end = list(inst.periods)[-1]
    at_end = discount(inst, inst.periods[end].end)

    def paid(
        s: str, t: str, term: str, musd: float, profile: Mapping[int, float] = AT_ORDER
    ) -> Iterator[Payment]:
        for due in dues(inst, profile, t):
            part = due.share * musd
            yield s, due.period, term, part, part * discount(inst, due.day)

    for s, t, _ in tables["openings"].itertuples(index=False):
        site = inst.sites[s]
        yield from paid(s, t, "site_opening", site.open_cost_musd, site.open_payments)
    for s, t, blocks in tables["blocks"].itertuples(index=False):
        price = blocks * inst.hall_block_capex(s)
        yield from paid(s, t, "hall_capex", price, inst.sites[s].hall_payments)
        left = blocks * hall_value_left(inst, s, t)
        yield s, end, "end_value", -left / at_end, -left
    for s, g, t in tables["grid_upgrades"][["site", "upgrade", "period"]].itertuples(index=False):
        yield from paid(s, t, "grid_upgrade", inst.grid_upgrades[g].cost_musd)
    for s, n, t, _ in tables["network_options"].itertuples(index=False):
        yield from paid(s, t, "network_option", inst.network_options[n].cost_musd)
    for s, what, name, t, _, _, cancelled, delayed in tables["commitments"].itertuples(index=False):
        cost = commitments.change_cost(inst, s, what, name, cancelled, delayed)
        yield from paid(s, t, "changes", cost)
    for s, u, c, t, units in tables["retirements"].itertuples(index=False):
        yield from paid(s, t, "retirement", units * prices.retirement(inst, s, u))
        if c in inst.periods:
            lost = units * unit_value_left(inst, s, u, c)
            yield s, end, "end_value", lost / at_end, lost
    for s, t, mw in tables["convert"].itertuples(index=False):
        yield from paid(s, t, "conversion_capex", mw * inst.mine_of[s].capex_musd_per_mw)
        left = mw * conversion_value_left(inst, s, t)
        yield s, end, "end_value", -left / at_end, -left
    for s, t, _ in tables["local_control_planes"].itertuples(index=False):
        yield from paid(s, t, "control_plane_capex", prices.control_plane_cost(inst, s))
    for s, u, t, units in tables["orders"].itertuples(index=False):
        price = units * inst.unit_capex(s, u)
        yield from paid(s, t, "unit_capex", price, inst.unit_types[u].payments)
        left = units * unit_value_left(inst, s, u, t)
        yield s, end, "end_value", -left / at_end, -left
    for (s, u, t), musd in rebates(tables).items():
        yield from paid(s, t, "volume_rebate", -musd)
        lost = musd * value_lost(inst, u, t)
        yield s, end, "end_value", lost / at_end, lost


def _operated(inst: Instance, tables: Tables) -> Iterator[Payment]:
    """What is paid in the middle of periods; moving work on their first day."""
    df = {t: discount_middle(inst, t) for t in inst.periods}
    for s, t, term, musd in (*_running(inst, tables), *_serving(inst, tables)):
        yield s, t, term, musd, musd * df[t]
    for _, _, t, _, musd in tables["portability"].itertuples(index=False):
        yield "", t, "portability", musd, musd * discount_start(inst, t)


def _running(inst: Instance, tables: Tables) -> Iterator[tuple[str, str, str, float]]:
    """Running sites: site, period, term, MUSD."""
    for s, periods in open_periods(inst, tables).items():
        for t in periods:
            yield s, t, "site_opex", prices.site_opex(inst, s, t)
    for s, decided, _ in tables["local_control_planes"].itertuples(index=False):
        for t in inst.control_plane_use[s, decided]:
            yield s, t, "control_plane_opex", prices.control_plane_opex(inst, s, t)
    added = upkeep(inst, tables)
    for _, s, _, t, _, musd in tables["model_transfers"].itertuples(index=False):
        yield s, t, "model_transfer", musd
    for s, u, t, units in tables["online"].itertuples(index=False):
        each = prices.unit_opex(inst, u, t) + added.get((s, t), 0.0)
        yield s, t, "unit_opex", units * each
    for (s, t), mw in converted_mw(inst, tables).items():
        yield s, t, "mining_margin_lost", mw * prices.mining_margin(inst, s, t)
    for s, t, mw in tables["leased"].itertuples(index=False):
        yield s, t, "lease", mw * prices.lease(inst, s, t)
    for (s, o), mwh in energy_mwh(inst, tables, tables["online"]).items():
        yield s, inst.states[o].period, "energy", mwh * prices.energy_price(inst, s, o)
    for s, t, tco2, _, m3 in tables["emissions"].itertuples(index=False):
        yield s, t, "carbon", tco2 * carbon_price(inst, s, t)
        yield s, t, "water", m3 * water_price(inst, s, t)


def _serving(inst: Instance, tables: Tables) -> Iterator[tuple[str, str, str, float]]:
    """Serving streams, or not, and what that earns: site or '', period, term, MUSD."""
    name = {(state.period, state.slice): o for o, state in inst.states.items()}
    for r, k, _, s, t, x, mtok_s in tables["flows"].itertuples(index=False):
        price = inst.carrying_price[r, k, s]
        yield s, t, "network", mtok_s * prices.per_token(inst, price, name[t, x])
    for t, musd in rents(inst, tables):
        yield "", t, "rent", musd
    for _, k, _, t, x, mtok_s in tables["shortfall"].itertuples(index=False):
        price = inst.workloads[k].shortfall_price_usd_per_mtok or 0.0
        yield "", t, "shortfall", mtok_s * prices.per_token(inst, price, name[t, x])
    for j, e, mtok_s in missing(inst, tables):
        musd = mtok_s * prices.contingency_shortfall(inst, j, e)
        yield "", inst.contingency_states[e].period, "contingency_shortfall", musd
    for t, musd in revenues(inst, tables) if inst.objective == "profit" else ():
        yield "", t, "revenue", -musd


def revenues(inst: Instance, tables: Tables) -> Iterator[tuple[str, float]]:
    """What tokens served bring, made or rented, by period, not discounted [MUSD]."""
    name = {(state.period, state.slice): o for o, state in inst.states.items()}
    for table in ("flows", "rentals"):
        columns = tables[table][["workload", "period", "slice", "mtok_s"]]
        for k, t, x, mtok_s in columns.itertuples(index=False):
            price = inst.workloads[k].revenue_usd_per_mtok
            yield t, mtok_s * prices.per_token(inst, price, name[t, x])


def cash(inst: Instance, paid: pd.DataFrame) -> pd.DataFrame:
    """Cash by period, pool and term; what no pool pays for stands without one."""
    pools = {s: pool or "" for s, pool in inst.pool_of.items()} | {"": ""}
    pool = paid["site"].map(pools).where(paid["term"] != "end_value", "")
    frame = paid.assign(pool=pool).groupby(["period", "pool", "term"], sort=False)
    total = frame[["musd", "discounted_musd"]].sum().reset_index()
    order = {t: i for i, t in enumerate(inst.periods)}
    pool_order = {p: i for i, p in enumerate((*inst.budget.pools, ""))}
    term_order = {term: i for i, term in enumerate(prices.TERMS)}
    place = {"period": order, "pool": pool_order, "term": term_order}
    return total.sort_values(
        ["period", "pool", "term"], key=lambda column: column.map(place[str(column.name)])
    ).reset_index(drop=True)


def by_term(paid: pd.DataFrame) -> dict[str, float]:
    """The discounted cost of each term; they add up to the objective [MUSD]."""
    totals = paid.groupby("term")["discounted_musd"].sum()
    return {term: float(totals.get(term, 0.0)) for term in prices.TERMS}
