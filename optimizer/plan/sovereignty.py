"""Coverage: where each jurisdiction's demand is served, and how much of that is thin."""

from collections import defaultdict

import pandas as pd

from models import prices
from models.instance import Instance
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import look_up_states, make_frame

PLACES = ("in_country", "in_bloc", "abroad")
INDEX = ["jurisdiction", "data_class", "period"]


def local_periods(inst: Instance, tables: Tables) -> set[tuple[str, str]]:
    """Sites and periods in which a local control plane is in use."""
    decided = tables["local_control_planes"]
    return {
        (s, used)
        for s, t, _ in decided.itertuples(index=False)
        for used in inst.control_plane_use[s, t]
    }


def coverage(inst: Instance, tables: Tables) -> pd.DataFrame:
    """Demand by jurisdiction, data class and period, and where it is served (plan-format.md)."""
    local = local_periods(inst, tables)
    ttok = {o: prices.tokens(inst, o) / 1e6 for o in inst.states}
    asked: dict[tuple[str, str, str], float] = defaultdict(float)
    served: dict[tuple[str, tuple[str, str, str]], float] = defaultdict(float)
    for (j, o), mtok_s in inst.demand_mtok_s.items():
        stream, t = inst.streams[j], inst.states[o].period
        home = inst.regions[stream.region].jurisdiction
        asked[home, stream.data_class, t] += mtok_s * ttok[o]
    flows, rented = (
        frame.assign(ttok=frame.pop("mtok_s") * look_up_states(inst, frame, ttok))
        for frame in (tables["flows"].copy(), tables["rentals"].copy())
    )
    for r, _, d, s, t, _, amount in flows.itertuples(index=False):
        home, place = inst.regions[r].jurisdiction, inst.sites[s].jurisdiction
        key = home, d, t
        served[_where(inst, home, place), key] += amount
        seat = inst.operators[inst.sites[s].operator].control_plane_jurisdiction
        if home == place != seat and (s, t) not in local:
            served["thin", key] += amount
    for r, _, d, x, t, _, amount in rented.itertuples(index=False):
        offer, home = inst.rentals[x], inst.regions[r].jurisdiction
        key = home, d, t
        served[_where(inst, home, offer.jurisdiction), key] += amount
        if home == offer.jurisdiction != inst.operators[offer.operator].control_plane_jurisdiction:
            served["thin", key] += amount
    rows = []
    for home in inst.jurisdictions:
        for d in inst.data_classes:
            for t in inst.periods:
                key = home, d, t
                if asked.get(key):
                    parts = [served[name, key] for name in (*PLACES, "thin")]
                    shares = [part / asked[key] for part in parts]
                    rows.append((*key, asked[key], *parts, *shares))
    names = (*PLACES, "thin")
    columns = ["demand_ttok", *(f"{n}_ttok" for n in names), *(f"{n}_share" for n in names)]
    return make_frame(rows, INDEX, columns)


def _where(inst: Instance, home: str, place: str) -> str:
    """Where the jurisdiction of a site or an offer lies, seen from home."""
    if place == home:
        return "in_country"
    shared = set(inst.jurisdictions[home].blocs) & set(inst.jurisdictions[place].blocs)
    return "in_bloc" if shared else "abroad"


def covered(tables: Tables) -> dict[str, float]:
    """The key figures of coverage: shares of all demand over the horizon."""
    totals = tables["coverage"].sum(numeric_only=True)
    demand = float(totals["demand_ttok"])
    return {
        f"{name}_share": float(totals[f"{name}_ttok"]) / demand if demand else 0.0
        for name in (*PLACES, "thin")
    }
