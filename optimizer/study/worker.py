"""A worker process: solves one case after the other.

Started as `python -m optimizer.study.worker BASE`, with the base instance as a JSON file. Says when
it is ready. Reads requests, one JSON object a line, from standard input, and ends when that ends,
whatever it is doing. Answers each with one JSON object on standard output.
"""

import gc
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from queue import Queue
from typing import Any

from optimizer.errors import PlanError

_PIPE = os.dup(1)
"""The way to the parent; whatever else is printed goes to standard error."""

COLLECT_S = 5.0
"""The memory of what is no longer used is collected between cases, and not more often [s]."""


def say(**facts: object) -> None:
    """Answer the parent."""
    os.write(_PIPE, (json.dumps(facts) + "\n").encode())


def listen(requests: "Queue[dict[str, Any]]") -> None:
    """Take requests; a parent that is gone, even in the middle of a word, needs no answers."""
    try:
        for line in sys.stdin:
            requests.put(json.loads(line))
    finally:
        os._exit(0)


def main(base: Path) -> None:
    """Answer requests until there is nobody to answer."""
    requests: Queue[dict[str, Any]] = Queue()
    threading.Thread(target=listen, args=(requests,), daemon=True).start()
    gc.disable()  # first of all: what is imported stays, and there is much of it
    from models.instance import Instance
    from optimizer.study.request import Bench, Request

    bench = Bench(Instance.model_validate_json(base.read_bytes()))
    gc.freeze()
    collected = time.monotonic()
    say(ready=True)
    while True:
        if time.monotonic() - collected > COLLECT_S:
            gc.collect()
            collected = time.monotonic()
        told = requests.get()
        request = Request.from_dict(told["request"])
        try:
            say(key=request.key, failure=bench.answer(request, Path(told["into"])))
        except OSError as error:
            place = error.filename or tempfile.gettempdir()
            say(key=request.key, unwritable=f"{place}: {_reason(error)}")
        except PlanError as error:
            why = _reason(error.__cause__) if isinstance(error.__cause__, OSError) else str(error)
            say(key=request.key, unwritable=f"{Path(told['into']).parent}: {why}")


def _reason(error: OSError) -> str:
    """What the system says; some libraries wrap it into words of their own."""
    return os.strerror(error.errno) if error.errno else str(error)


if __name__ == "__main__":
    os.dup2(2, 1)
    main(Path(sys.argv[1]))
