"""A lock between processes: one writer of a study's results at a time."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def exclusive(file: Path) -> Iterator[None]:
    """Hold a lock file; wait while another process holds it. A process that ends lets go of it.

    Windows has no such lock; there it is the user who must not run one study twice at a time.
    """
    with file.open("a") as held:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(held.fileno(), fcntl.LOCK_EX)
        yield
