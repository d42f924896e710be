"""Who is served, who falls short, and what a token costs, by continent."""

from collections import defaultdict
from typing import TYPE_CHECKING

from optimizer.cli.layout import table
from optimizer.figures import decimals, number, percent

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.plan import Plan

MOST_ROWS = 48
MOST_YEARS = 8


def continents(inst: "Instance") -> dict[str, str]:
    """The continent of each demand region."""
    return {
        r: inst.jurisdictions[region.jurisdiction].continent for r, region in inst.regions.items()
    }


def served(inst: "Instance", plan: "Plan") -> list[str]:
    """Demand served, made or rented, and short by continent and workload, over the horizon."""
    from models.prices import tokens
    from optimizer.plan.frame import look_up_states

    continent = continents(inst)
    ttok = {o: tokens(inst, o) / 1e6 for o in inst.states}
    amounts: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for column, name in ((0, "flows"), (0, "rentals"), (1, "shortfall")):
        frame = plan.tables[name]
        keys = [frame["region"].map(continent).astype(str), frame["workload"].astype(str)]
        sums = (frame["mtok_s"] * look_up_states(inst, frame, ttok)).groupby(keys).sum()
        for row in sums.rename("ttok").reset_index().to_dict("records"):
            amounts[row["region"], row["workload"]][column] += row["ttok"]
    rows = []
    for place in sorted(set(continent.values())):
        first = True
        for k in inst.workloads:
            if (place, k) in amounts:
                rows.append((place if first else "", k, *_shares(*amounts[place, k])))
                first = False
    total = [sum(pair[i] for pair in amounts.values()) for i in (0, 1)]
    rows = [*rows[:MOST_ROWS], ("all", "", *_shares(*total))]
    heads = ("continent", "workload", "served Ttok", "short Ttok", "served")
    return ["Served and short", *table(heads, rows, "llrrr")]


def _shares(done: float, short: float) -> tuple[str, str, str]:
    asked = done + short
    return number(done), number(short), percent(done / asked) if asked else ""


def token_cost(inst: "Instance", plan: "Plan") -> list[str]:
    """USD per million tokens served, by continent and year: Σ musd / Σ mtok, discounted."""
    continent = continents(inst)
    year = {t: str(period.start.year) for t, period in inst.periods.items()}
    years = list(dict.fromkeys(year.values()))[:MOST_YEARS]
    frame = plan.tables["cost_per_mtok"]
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    wanted = frame[["region", "period", "musd", "mtok"]]
    for r, t, musd, mtok in wanted.itertuples(index=False):
        # What idle sites cost stands without a region; it counts for all together.
        for place in {continent.get(r, "all"), "all"}:
            for when in (year[t], "all"):
                total = sums[place, when]
                total[0] += musd
                total[1] += mtok
    places = [*sorted(set(continent.values())), "all"]
    columns = (*years, "all")
    prices = {key: musd / mtok * 1e6 for key, (musd, mtok) in sums.items() if mtok > 0}
    digits = decimals(prices.values())
    told = {key: f"{price:,.{digits}f}" for key, price in prices.items()}
    rows = [(place, *(told.get((place, when), "–") for when in columns)) for place in places]
    heads = ("continent", *columns)
    title = "Cost of a million tokens [USD per Mtok, discounted, without shortfall]"
    return [title, *table(heads, rows, "l" + "r" * (len(heads) - 1))]
