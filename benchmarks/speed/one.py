"""One run, in this process: `python -m benchmarks.speed.one ORDER PARENT` prints figures as JSON.

`cpu_s` counts this process and all that it started [s]. The run ends when PARENT, the process that
started it, does, whatever it is doing; solver processes of ours then end, too.
"""

import json
import os
import sys
import threading
import time
from typing import Any

from benchmarks.generated import Size
from benchmarks.processes import processor_s
from benchmarks.speed import loading, ways
from benchmarks.speed.cases import Case
from benchmarks.speed.watching import LOOK_S


def carry_out(order: dict[str, Any]) -> dict[str, Any]:
    """Do what an order says: load so many flows, or solve a case."""
    if "flows" in order:
        return loading.run(order["flows"], order["way"])
    case = Case(**{**order["case"], "size": Size(*order["case"]["size"])})
    return ways.run(case, order["way"])


def end_without(parent: int) -> None:
    """End once this process has another parent, at once if it has: who asked for it is gone."""
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=end_without, args=(int(sys.argv[2]),), daemon=True).start()
    figures = carry_out(json.loads(sys.argv[1]))
    print(json.dumps({**figures, "cpu_s": processor_s()}))
