"""What becomes of commitments: kept, cancelled or delayed; read from a solved model."""

import pandas as pd
import pyomo.environ as pyo

from models.instance import Instance
from optimizer.plan.frame import make_frame


def commitments(m: pyo.ConcreteModel, inst: Instance) -> pd.DataFrame:
    """Every commitment with the part of it that is kept, cancelled and delayed."""
    rows = []
    for key, agreed in inst.committed.items():
        cancelled = round(m.cancelled[key].value or 0) if key in m.CANCELLABLE else 0
        delayed = round(m.delayed[key].value or 0) if key in m.DELAYABLE else 0
        rows.append((*key, agreed, agreed - cancelled - delayed, cancelled, delayed))
    return make_frame(
        rows,
        ["site", "what", "name", "period"],
        whole=["committed", "kept", "cancelled", "delayed"],
    )
