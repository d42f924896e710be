"""Coverage: where each jurisdiction's demand is served, and what of it is thin."""

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Floats
from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings
from optimizer.verify.plan import Plan

MTOK_PER_TTOK = 1e6


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check the table of coverage."""
    inst = facts.inst
    homes, classes = _axes(facts)
    shape = (len(inst.jurisdictions), len(inst.data_classes), facts.calendar.count)
    demand = np.zeros(shape)
    np.add.at(demand, (homes, classes), facts.streams.demand * facts.calendar.seconds)
    demand /= MTOK_PER_TTOK
    j, d, t = np.indices(shape).reshape(3, -1)
    asked = demand.ravel()
    frame = pd.DataFrame({"jurisdiction": j, "data_class": d, "period": t, "demand_ttok": asked})
    for where, ttok in covered_ttok(facts, plan).items():
        frame[f"{where}_ttok"] = ttok.ravel()
        frame[f"{where}_share"] = ttok.ravel() / np.where(asked > 0, asked, 1.0)
    expected = frame[frame["demand_ttok"] > 0].assign(required=True)
    compare_rows(plan, findings, "coverage", "coverage", expected)


def covered_ttok(facts: Facts, plan: Plan) -> dict[str, Floats]:
    """What is served in-country, in-bloc, abroad, and thinly, by home, class and period [Ttok]."""
    inst, calendar = facts.inst, facts.calendar
    places = list(inst.jurisdictions)
    asked = plan.flows.stream >= 0
    stream, site = plan.flows.stream[asked], plan.flows.site[asked]
    period = plan.flows.period[asked]
    ttok = plan.flows.mtok_s[asked] * calendar.seconds[period] / MTOK_PER_TTOK
    homes, classes = _axes(facts)
    stands = np.array([places.index(s.jurisdiction) for s in inst.sites.values()])
    steered = np.array(
        [
            places.index(inst.operators[s.operator].control_plane_jurisdiction)
            for s in inst.sites.values()
        ]
    )
    sharing = np.array(
        [
            [not set(a.blocs).isdisjoint(b.blocs) for b in inst.jurisdictions.values()]
            for a in inst.jurisdictions.values()
        ]
    )
    home, place = homes[stream], stands[site]
    near = sharing[home, place] & (home != place)
    foreign = (steered[site] != place) & (plan.local[site, period] <= 0)
    chosen = {
        "in_country": home == place,
        "in_bloc": near,
        "abroad": (home != place) & ~near,
        "thin": (home == place) & foreign,
    }
    out = {}
    for where, rows in chosen.items():
        total = np.zeros((len(places), len(inst.data_classes), calendar.count))
        np.add.at(total, (home[rows], classes[stream[rows]], period[rows]), ttok[rows])
        out[where] = total
    return out


def _axes(facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """Position of the home jurisdiction and of the data class of each stream."""
    inst = facts.inst
    places, classes = list(inst.jurisdictions), list(inst.data_classes)
    names = facts.streams.names
    homes = [places.index(inst.regions[r].jurisdiction) for r, _, _ in names]
    kinds = [classes.index(d) for _, _, d in names]
    return np.array(homes, dtype=np.int64), np.array(kinds, dtype=np.int64)
