"""What a task on a Dask worker knows of itself."""

from collections.abc import Callable
from typing import Any


def wanted_here() -> tuple[Any, Callable[[], bool]]:
    """The worker of the running task, and what says whether anybody still wants the task."""
    from distributed import get_worker

    worker = get_worker()
    task = worker.get_current_task()

    def is_wanted() -> bool:
        state = worker.state.tasks.get(task)
        return state is not None and state.state != "cancelled"

    return worker, is_wanted
