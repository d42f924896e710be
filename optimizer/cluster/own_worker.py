"""Loaded by the workers of a cluster of its own: Ctrl-C is for the process that has started them.

They are in its group, so that a terminal sends it to them, too; they end with their cluster.
"""

import signal


def dask_setup(_: object) -> None:
    """Let Ctrl-C pass; Dask calls this when a worker starts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
