"""Files that a worker hands back, and the folder that they are for."""

from collections.abc import Mapping
from pathlib import Path

from optimizer.errors import ClusterError


def keep(files: Mapping[str, bytes], folder: Path, worker: str) -> None:
    """Write files by name into a folder, and into folders below it.

    Raises ClusterError, before anything is written, if a name leads out of the folder.
    """
    place = folder.resolve()
    for name in files:
        if place not in (place / name).resolve().parents:
            raise ClusterError(f"worker {worker} hands back a file that has no place here: {name}")
    for name, content in files.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
