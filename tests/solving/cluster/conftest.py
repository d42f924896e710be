"""A Dask cluster on this machine, as studies are tested with."""

from tests.study.cluster.conftest import two_workers

__all__ = ["two_workers"]
