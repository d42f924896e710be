"""Coverage: where each jurisdiction's demand is served, and what of it is thin."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from models.entities.places import Site
from models.entities.rental import Rental
from models.instance import Instance
from optimizer.verify.arrays import Floats, Ints
from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings
from optimizer.verify.plan import Plan

MTOK_PER_TTOK = 1e6

WHERE = ("in_country", "in_bloc", "abroad", "thin")


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check the table of coverage."""
    inst = facts.inst
    homes, classes = _axes(facts)
    shape = (len(inst.jurisdictions), len(inst.data_classes), facts.calendar.count)
    demand = np.zeros(shape)
    np.add.at(demand, (homes, classes), (facts.streams.demand * facts.seconds).sum(axis=2))
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
    homes, classes = _axes(facts)
    sharing = np.array(
        [
            [not set(a.blocs).isdisjoint(b.blocs) for b in inst.jurisdictions.values()]
            for a in inst.jurisdictions.values()
        ]
    )
    out = {
        where: np.zeros((len(places), len(inst.data_classes), calendar.count)) for where in WHERE
    }
    without = np.zeros((len(inst.rentals), calendar.count))
    for rows, sources, local in (
        (plan.flows, inst.sites, plan.local),
        (plan.rentals, inst.rentals, without),
    ):
        asked = rows.stream >= 0
        stream, source, period = rows.stream[asked], rows.site[asked], rows.period[asked]
        seconds = facts.seconds[period, rows.slice[asked]]
        ttok = rows.mtok_s[asked] * seconds / MTOK_PER_TTOK
        stands, steered = _seats(inst, sources.values())
        home, place = homes[stream], stands[source]
        near = sharing[home, place] & (home != place)
        foreign = (steered[source] != place) & (local[source, period] <= 0)
        chosen = home == place, near, (home != place) & ~near, (home == place) & foreign
        for where, picked in zip(WHERE, chosen, strict=True):
            at = home[picked], classes[stream[picked]], period[picked]
            np.add.at(out[where], at, ttok[picked])
    return out


def _seats(inst: Instance, sources: Iterable[Site | Rental]) -> tuple[Ints, Ints]:
    """Position of the jurisdiction of each source, and of its operator's control plane."""
    places = list(inst.jurisdictions)
    stands, steered = [], []
    for source in sources:
        stands.append(places.index(source.jurisdiction))
        steered.append(places.index(inst.operators[source.operator].control_plane_jurisdiction))
    return np.array(stands, dtype=np.int64), np.array(steered, dtype=np.int64)


def _axes(facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """Position of the home jurisdiction and of the data class of each stream."""
    inst = facts.inst
    places, classes = list(inst.jurisdictions), list(inst.data_classes)
    names = facts.streams.names
    homes = [places.index(inst.regions[r].jurisdiction) for r, _, _ in names]
    kinds = [classes.index(d) for _, _, d in names]
    return np.array(homes, dtype=np.int64), np.array(kinds, dtype=np.int64)
