"""A small disk: a file system of its own, in memory, which goes with the process that holds it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(folder: Path, size_kb: int) -> Iterator[Path | None]:
    """A folder on a disk of so many kilobytes; None where this system does not let one be made.

    It is seen through the process that holds it.
    """
    place = folder / "disk"
    place.mkdir()
    mount = f"mount -t tmpfs -o size={size_kb}k none '{place}' && echo ready && exec sleep 3600"
    for unshare in (["unshare", "-m"], ["unshare", "-rm"]):
        try:
            holder = subprocess.Popen(
                [*unshare, "sh", "-c", mount],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        except FileNotFoundError:
            break
        with holder:
            assert holder.stdout is not None
            try:
                if holder.stdout.readline() == "ready\n":
                    disk = Path(f"/proc/{holder.pid}/root{place}")
                    if disk.is_dir() and disk.stat().st_dev != folder.stat().st_dev:
                        yield disk
                        return
            finally:
                holder.kill()
    yield None
