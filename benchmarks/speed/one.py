"""One run, in this process: `python -m benchmarks.speed.one ORDER` prints its figures as JSON.

`cpu_s` counts this process and all that it started [s].
"""

import json
import sys
from typing import Any

from benchmarks.generated import Size
from benchmarks.processes import processor_s
from benchmarks.speed import loading, ways
from benchmarks.speed.cases import Case


def carry_out(order: dict[str, Any]) -> dict[str, Any]:
    """Do what an order says: load so many flows, or solve a case."""
    if "flows" in order:
        return loading.run(order["flows"], order["way"])
    case = Case(**{**order["case"], "size": Size(*order["case"]["size"])})
    return ways.run(case, order["way"])


if __name__ == "__main__":
    figures = carry_out(json.loads(sys.argv[1]))
    print(json.dumps({**figures, "cpu_s": processor_s()}))
