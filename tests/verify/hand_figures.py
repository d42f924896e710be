"""The figures of the plan of `hand_plan`: money, energy and work, by year."""

Y = ("2027", "2028", "2029")
MODEL = ("model_family", "site", "period")
HOURS = (8760, 8784, 8760)
SECONDS = (31_536_000, 31_622_400, 31_536_000)
YEARS = (365 / 365.25, 366 / 365.25, 365 / 365.25)


def df(days: int) -> float:
    """Discount factor so many days after the first day of 2027."""
    return float(1.1 ** (-days / 365.25))


START = (df(0), df(365), df(731))
MID = (df(182), df(365 + 183), df(731 + 182))
END = df(1096)

GEN2 = 3 * 1.1 ** (731 / 365.25)
SERVED = GEN2 / 2
SHORT = 4 - SERVED
ANNOUNCED = 5.0 + 6.0 + 10.0 + 3.0

# Meter MW · (idle 0.5 · in service + 0.5 · work / peak factor) · hours / 1000.
OSLO_GWH = (
    2.5 * (0.5 * 2 + 0.5 * (1 / 2 + 1)) * 8.760,
    2.5 * (0.5 * 2 + 0.5 * (2 / 2)) * 8.784,
    1.5 * (0.5 * 1 + 0.5 * (1 / 2)) * 8.760,
)
LULEA_GWH = (0.0, 2.2 * 8.784, 2.2 * 8.760)
AUSTIN_GWH = tuple(2.4 * (0.5 + 0.5 / 2) * hours / 1000 for hours in HOURS)

# Remaining days of life over its days, at the end of 2029: gen1 lives 2028 to 2030, gen2 2029
# to 2033, the halls 2028 to 2047.
GEN1_WORTH = 365 / 1096 * 40
GEN2_WORTH = 1461 / 1826 * 30
HALL_WORTH = 6574 / 7305 * 40

TROMSO_COST = sum(0.2 * YEARS[i] * MID[i] for i in range(3))
UNIT_OPEX = (2.0, 3.0, 1.5)  # europe: 2 gen1; 3 gen1; 1 gen1 and 1 gen2
FLOW = (5.0, 7.0, SERVED + 3)  # Mtok/s of Norway

CASH = {
    ("nordic", "site_opening"): (5, 0, 0),
    ("nordic", "hall_capex"): (40, 0, 0),
    ("nordic", "unit_capex"): (40, 0, 30),
    ("nordic", "site_opex"): tuple(1.7 * y for y in YEARS),
    ("nordic", "unit_opex"): tuple(UNIT_OPEX[i] * YEARS[i] for i in range(3)),
    ("america", "unit_opex"): YEARS,
    # GWh · USD/MWh / 1000 = MUSD.
    ("nordic", "energy"): tuple(
        (OSLO_GWH[i] * 40 + LULEA_GWH[i] * (30, 30, 35)[i]) / 1000 for i in range(3)
    ),
    ("america", "energy"): tuple(AUSTIN_GWH[i] * 50 / 1000 for i in range(3)),
    ("nordic", "network"): tuple(FLOW[i] * SECONDS[i] * 0.1 / 1e6 for i in range(3)),
    ("america", "network"): tuple(SECONDS[i] * 0.2 / 1e6 for i in range(3)),
    ("", "shortfall"): (0, 0, SHORT * SECONDS[2] * 1 / 1e6),
    ("", "end_value"): (0, 0, -(GEN1_WORTH + GEN2_WORTH + HALL_WORTH)),
}


def discount(term: str) -> tuple[float, float, float]:
    """Discount factors of a term by period."""
    if term in ("site_opening", "hall_capex", "unit_capex"):
        return START
    return (END, END, END) if term == "end_value" else MID


def _costs() -> dict[str, float]:
    costs: dict[str, float] = {}
    for (_, term), paid in CASH.items():
        musd = sum(paid[i] * discount(term)[i] for i in range(3))
        costs[term] = costs.get(term, 0.0) + musd
    return costs


COSTS = _costs()
OBJECTIVE = sum(COSTS.values())

# What each site costs, discounted, network left out; and its work in MW · h, discounted.
OSLO_COST = (
    30 * START[2]
    + sum(YEARS[i] * MID[i] * (1 + (2, 2, 0.5)[i]) + OSLO_GWH[i] * 0.04 * MID[i] for i in range(3))
    - END * GEN2_WORTH
)
LULEA_COST = (
    85
    + sum(
        YEARS[i] * MID[i] * (0.5 + (0, 1, 1)[i]) + LULEA_GWH[i] * (30, 30, 35)[i] / 1000 * MID[i]
        for i in range(3)
    )
    - END * (GEN1_WORTH + HALL_WORTH)
)
AUSTIN_COST = sum(MID[i] * (YEARS[i] + AUSTIN_GWH[i] * 0.05) for i in range(3))
OSLO_WORK = {
    ("chat", 0): 2 * HOURS[0] * MID[0],
    ("agents", 0): 2 * HOURS[0] * MID[0],
    ("chat", 1): 4 * HOURS[1] * MID[1],
    ("chat", 2): 1 * HOURS[2] * MID[2],
}
LULEA_WORK = {("agents", i): 2 * HOURS[i] * MID[i] for i in (1, 2)}
AUSTIN_WORK = {("chat", i): 2 * HOURS[i] * MID[i] for i in range(3)}
NORWAY_FLOW = {"chat": (2.0, 4.0, SERVED), "agents": (3.0, 3.0, 3.0)}
