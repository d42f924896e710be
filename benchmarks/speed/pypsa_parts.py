"""Components of a PyPSA network, made of rows: what stands already, and what can be ordered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pypsa

from models.instance import Instance

Rows = dict[str, dict[str, Any]]
"""Components by name, with their attributes; a list has a value for each period."""


def numbers(inst: Instance) -> dict[str, int]:
    """Periods as PyPSA counts them."""
    return {t: i for i, t in enumerate(inst.periods, start=1)}


def add(n: pypsa.Network, kind: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Add components of a kind at once."""
    if not rows:
        return
    frame = pd.DataFrame.from_dict(dict(rows), orient="index")
    dated = [name for name in frame if isinstance(frame[name].iloc[0], list)]
    series = {
        name: pd.DataFrame(np.array(frame[name].tolist()).T, n.snapshots, frame.index)
        for name in dated
    }
    n.add(kind, frame.index, **frame.drop(columns=dated), **series)


def add_buses(n: pypsa.Network, names: Iterable[str]) -> None:
    """Add buses by name."""
    n.add("Bus", pd.Index(names))


def standing(amounts: Sequence[float]) -> dict[str, Any]:
    """Something that is there without an order, as large as the amounts by period."""
    most = max(amounts)
    return {"p_nom": most, "p_max_pu": [amount / most for amount in amounts]}


def orderable(
    inst: Instance, serves: Sequence[str], module: float, most: float, musd: float
) -> dict[str, Any]:
    """Something that can be ordered in modules at a price each, in service for some periods."""
    return {
        "p_nom_extendable": True,
        "p_nom_mod": module,
        "p_nom_max": most,
        "build_year": numbers(inst)[serves[0]],
        "lifetime": len(serves),
        "capital_cost": musd / module / len(serves),
    }
