"""The command line: the only package that prints and exits.

`app` runs a verb and turns every ending into a line and an exit code · `options` holds what verbs
share · `init`, `check`, `solve`, `verify`, `schema` are the verbs, one file each · `show` prints a
plan · `progress` tells how a search goes · `console` writes, `layout` and `figures` format.
"""

from optimizer.cli.app import cli, main

__all__ = ["cli", "main"]
