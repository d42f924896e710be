"""Options of the command line, in lines that can be pasted behind a command."""

from collections.abc import Sequence


def pasted(options: Sequence[str]) -> list[str]:
    """Options one a line, all of which a shell reads as one command."""
    return [*(f"{option} \\" for option in options[:-1]), *options[-1:]]
