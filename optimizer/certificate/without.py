"""Why a plan has no duals that prove its bound again."""

from models.instance import Instance
from models.objectives import MONEY, OBJECTIVES
from optimizer.certificate.duals import MOST_ROWS

SOME_STATES = "the bound is that of a model with the contingency states that matter most"
"""Why the duals of a search that adds contingency states on demand are not kept."""


def no_duals(inst: Instance, rows: int | None, model_rows: int) -> str:
    """Why the duals of a search prove no bound of the cost again; empty if they do.

    Args:
        inst: the instance.
        rows: how many duals there are; None: none.
        model_rows: how many rows the instance's model has.
    """
    if inst.scenarios:
        return "the bound is a measure of several scenarios"
    if OBJECTIVES[inst.objective][0] not in MONEY:
        return "the cost is bounded while the goals before it are held"
    if rows is None:
        return "the relaxation was not solved"
    if rows != model_rows:
        return "the cost is bounded while other measures are held"
    if rows > MOST_ROWS:
        return f"the model has {rows:,} rows; duals are kept of {MOST_ROWS:,} at most"
    return ""
