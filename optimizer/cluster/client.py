"""A connection to a Dask scheduler, quiet and with errors in words."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from optimizer.errors import ClusterError

LARGE = "1 GiB"
"""Dask warns of tasks that carry more than this: a large model is a few hundred megabytes."""

CONNECT_S = 10
"""How long to look for a scheduler, at the start and when it is lost [s]."""


def connect(stack: ExitStack, address: str, workers: int | None) -> Any:
    """A Dask client, closed with the stack, and so is the cluster if it is one of its own.

    Raises ClusterError if there is no scheduler, or Dask is not installed.
    """
    try:
        from dask import config
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ClusterError("a cluster needs the extra: pip install 'buildplan[cluster]'") from error
    stack.enter_context(_quiet())
    stack.enter_context(config.set({"distributed.admin.large-graph-warning-threshold": LARGE}))
    if address == "local":
        cluster = LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            silence_logs=logging.CRITICAL,
            preload=["optimizer.cluster.own_worker"],
        )
        stack.enter_context(cluster)
        client = Client(cluster, set_as_default=False)  # type: ignore[no-untyped-call]
        return stack.enter_context(client)
    if not is_address(address):
        raise ClusterError(f"{address!r} is no scheduler: write tcp://HOST:PORT, tls://…, or local")
    if address.startswith("tls://") and not _has_certificates():
        raise ClusterError(f"{address} needs certificates: set distributed.comm.tls for Dask")
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address, timeout=CONNECT_S, set_as_default=False
        )
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise ClusterError(f"the scheduler at {address} cannot be reached: {reason}") from error
    return stack.enter_context(client)


def is_address(text: str) -> bool:
    """True if a text has the form of a scheduler's address, or asks for a cluster of its own."""
    return text == "local" or text.startswith(("tcp://", "tls://"))


def _has_certificates() -> bool:
    from distributed import Security

    settings = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
    return settings["ssl_context"] is not None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from logging to the terminal; what matters is said by errors of ours."""
    names = [
        name
        for name in ("distributed", "tornado", *logging.root.manager.loggerDict)
        if name.split(".")[0] in {"distributed", "tornado"}
    ]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
