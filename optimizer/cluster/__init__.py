"""Dask clusters: the connection, what both sides must agree on, and solver processes on workers."""

UNANSWERED = "unanswered by the cluster"
"""How the reason of a plan begins that tells of jobs that were solved here instead."""
