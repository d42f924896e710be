"""What this computer and the workers of a cluster must agree on: that buildplan is there, and which
versions of what decides a plan."""

from collections.abc import Mapping

from optimizer.errors import ClusterError
from optimizer.study.keys import versions


def check_versions(worker: str, theirs: Mapping[str, str]) -> None:
    """Raise ClusterError if a worker has other versions of ours."""
    if theirs != versions():
        raise ClusterError(
            f"worker {worker} has {_told(theirs)}, but this computer has {_told(versions())}; "
            "install the same on both"
        )


def check_installed(address: str, error: Exception) -> None:
    """Raise ClusterError if an error of a task says that the cluster at an address lacks ours."""
    reason = in_words(error)
    if isinstance(error, ImportError) or "during deserialization" in reason:
        raise ClusterError(
            f"the cluster at {address} cannot run buildplan, which must be installed "
            f"for its scheduler and its workers: {reason}"
        ) from error


def in_words(error: Exception) -> str:
    """An error that Dask hands back, in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def _told(installed: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in installed.items())
