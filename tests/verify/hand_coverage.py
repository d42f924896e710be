"""Where the plan of `hand_plan` serves the demand of Norway and Texas."""

import pandas as pd

Y = ("2027", "2028", "2029")
SECONDS = (31_536_000, 31_622_400, 31_536_000)


UNUSED = {
    "conversions": "site period ordered_mw converted_mw hall_mw mining_mw blocks",
    "rentals": "region workload data_class offer period slice mtok_s",
    "rental_use": "offer period mtok_s paid_mtok_s used",
    "leases": "site period leased_mw new_mw blocks",
}
"""Tables of what can be had beside building, with their columns."""


def empty_tables() -> dict[str, pd.DataFrame]:
    """Nothing is had beside building, no local control plane is set up, and no tier is reached."""
    names, tier = ("site", "period"), ("unit_type", "tier", "period")
    return {
        **{name: pd.DataFrame(columns=head.split()) for name, head in UNUSED.items()},
        "local_control_planes": pd.DataFrame(
            {name: pd.Series(dtype=str) for name in names} | {"raised": pd.Series(dtype=float)}
        ),
        "volume_tiers": pd.DataFrame(
            {name: pd.Series(dtype=str) for name in tier}
            | {name: pd.Series(dtype=float) for name in ("saved_musd", "units", "reached")}
        ),
    }


def coverage(served: float) -> pd.DataFrame:
    """Oslo serves Norway; Luleå, in Sweden, shares the EEA with it; Austin serves Texas."""
    personal, public, texas = ("NO", "personal"), ("NO", "public"), ("US", "public")
    rows = [
        # Demand, in-country, in-bloc, abroad [Mtok/s]; nothing is steered from abroad.
        *((*personal, i, (2, 4, 4)[i], (2, 4, served)[i], 0, 0) for i in range(3)),
        *((*public, i, 3, (3, 0, 0)[i], (0, 3, 3)[i], 0) for i in range(3)),
        *((*texas, i, 1, 1, 0, 0) for i in range(3)),
    ]
    places = ("in_country", "in_bloc", "abroad", "thin")
    return pd.DataFrame(
        [
            {"jurisdiction": home, "data_class": d, "period": Y[i]}
            | {"demand_ttok": asked * SECONDS[i] / 1e6}
            | {f"{p}_ttok": x * SECONDS[i] / 1e6 for p, x in zip(places, (*parts, 0), strict=True)}
            | {f"{p}_share": x / asked for p, x in zip(places, (*parts, 0), strict=True)}
            for home, d, i, asked, *parts in rows
        ]
    )


def covered(served: float) -> dict[str, float]:
    """Norway's agents are served in-bloc from 2028 on, all else in-country."""
    asked = 6 * SECONDS[0] + 8 * SECONDS[1] + 8 * SECONDS[2]
    in_country = 6 * SECONDS[0] + 5 * SECONDS[1] + (served + 1) * SECONDS[2]
    return {
        "in_country_share": in_country / asked,
        "in_bloc_share": 3 * (SECONDS[1] + SECONDS[2]) / asked,
        "abroad_share": 0.0,
        "thin_share": 0.0,
    }
