"""Writing: results to standard output, everything else to standard error, nothing raw."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO

import click


def clean(text: str) -> str:
    """The text with control and other unprintable characters, line ends apart, as escapes."""
    return _escaped(text, lambda ch: repr(ch)[1:-1])


def out(text: str) -> None:
    """Write a result to standard output; a reader that has gone away is no error."""
    _write(clean(text), sys.stdout)


def out_json(content: Mapping[str, Any]) -> None:
    """Write one JSON object to standard output."""
    text = json.dumps(content, indent=2, ensure_ascii=not _is_utf8(sys.stdout), allow_nan=False)
    _write(_escaped(text, lambda ch: json.dumps(ch)[1:-1]), sys.stdout)


def err(text: str) -> None:
    """Write a message to standard error, if anybody listens there."""
    try:
        click.echo(clean(text), err=True)
    except OSError:
        return


def make_safe() -> None:
    """Let what a terminal's encoding cannot show be replaced instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def is_terminal() -> bool:
    """True if messages go to a terminal that can redraw a line."""
    return bool(sys.stderr) and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _write(text: str, stream: TextIO | None) -> None:
    if stream is None:
        return
    try:
        click.echo(text, file=stream)
        stream.flush()
    except OSError as error:
        _to_nowhere(stream)
        if not isinstance(error, BrokenPipeError):
            raise OSError(error.errno, error.strerror, "standard output") from error


def _to_nowhere(stream: TextIO) -> None:
    """Send what is left in a stream's buffer away, so that closing it does not fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _is_utf8(stream: TextIO | None) -> bool:
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "") == "utf8"


def _escaped(text: str, escape: Callable[[str], str]) -> str:
    if text.isprintable():
        return text
    return "".join(ch if ch.isprintable() or ch == "\n" else escape(ch) for ch in text)
