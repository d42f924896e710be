"""Tables whose heads take several lines."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from optimizer.cli.layout import table


def headed(heads: Sequence[str], rows: Iterable[Sequence[str]], align: str) -> list[str]:
    """Lines of a table; a head goes on in a further line after each line end."""
    first, *more = zip_longest(*(head.split("\n") for head in heads), fillvalue="")
    return table(first, [*more, *rows], align)
