"""What is bought from others, what is paid for it, and how much of it there is."""

from collections.abc import Iterator

import pandas as pd

from models import prices
from models.instance import Instance
from models.rentals import least_take_mtok_s, rentable_mtok_s
from optimizer.plan.brownfield import Limit
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import look_up, make_frame, period_means


def rental_use(inst: Instance, decided: Tables) -> pd.DataFrame:
    """Tokens bought and paid for, by offer and period: the least take at least, once used."""
    means = period_means(inst, decided["rentals"])
    bought = means.groupby(["offer", "period"])["mtok_s"].sum().to_dict()
    rows = [
        (x, t, bought[x, t], max(bought[x, t], least_take_mtok_s(inst, x, t)), 1)
        for x in inst.rentals
        for t in inst.periods
        if (x, t) in bought
    ]
    return make_frame(rows, ["offer", "period"], ["mtok_s", "paid_mtok_s"], ["used"])


def rents(inst: Instance, decided: Tables) -> Iterator[tuple[str, float]]:
    """Rent by period [MUSD]."""
    for x, t, _, paid_mtok_s, _ in rental_use(inst, decided).itertuples(index=False):
        yield t, paid_mtok_s * prices.rent(inst, x, t)


def rent_of_rows(inst: Instance, tables: Tables) -> pd.Series:
    """Rent of each row of the table of rentals, in proportion to tokens [MUSD]."""
    use = rental_use(inst, tables).set_index(["offer", "period"])
    ratio = (use["paid_mtok_s"] / use["mtok_s"]).to_dict()
    rented = period_means(inst, tables["rentals"])
    musd = [
        mtok_s * ratio[x, t] * prices.rent(inst, x, t)
        for x, t, mtok_s in rented[["offer", "period", "mtok_s"]].itertuples(index=False)
    ]
    return pd.Series(musd, index=rented.index, dtype="float64")


def rental_limits(inst: Instance, decided: Tables) -> Iterator[Limit]:
    """What each offer makes at the peak of the slice in which that is most, with what it can."""
    rented = decided["rentals"]
    peaks = look_up(rented["workload"], {k: w.peak_factor for k, w in inst.workloads.items()})
    at_peak = rented.assign(peak=rented["mtok_s"] * peaks)
    slices = at_peak.groupby(["offer", "period", "slice"])["peak"].sum()
    use = slices.groupby(["offer", "period"]).max().to_dict()
    for x in inst.rentals:
        for t in inst.periods:
            yield "rental", x, t, use.get((x, t), 0.0), rentable_mtok_s(inst, x, t), "Mtok/s", 0.0
