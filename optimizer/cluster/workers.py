"""How many workers a cluster has, as they come and go."""

import threading
import time
from contextlib import suppress
from typing import Any

from optimizer.cluster.client import CONNECT_S
from optimizer.errors import ClusterError

PATIENCE_S = 60.0
"""How long a cluster may be without workers [s]."""

COUNT_S = 1.0
"""How often the workers are counted [s]."""

POLL_S = 0.01
"""How often a cluster without workers is looked at [s]."""


class Workers:
    """The workers of a Dask client's cluster; to be asked from any thread."""

    def __init__(self, client: Any, address: str) -> None:
        self._client, self._address = client, address
        self._lock = threading.Lock()
        self._threads = 0
        self._counted = 0.0
        self._seen = time.monotonic()

    def wait(self) -> None:
        """Wait for the first. Raises ClusterError as `threads`."""
        while not self.threads():
            time.sleep(POLL_S)

    def threads(self) -> int:
        """How many threads they have, as of a moment ago.

        Raises ClusterError if the scheduler is gone, or there is no worker for too long.
        """
        with self._lock:
            now = time.monotonic()
            if self._client.status == "closed":
                raise ClusterError(f"the scheduler at {self._address} is gone")
            if now - self._counted < COUNT_S:
                return self._threads
            self._counted, self._threads = now, 0
            if self._client.status == "running":
                with suppress(OSError):
                    found = self._client.nthreads(callback_timeout=CONNECT_S)
                    self._threads = sum(found.values())
            if self._threads:
                self._seen = now
            elif now - self._seen > PATIENCE_S:
                raise ClusterError(f"the cluster at {self._address} has no worker")
            return self._threads
