"""Changes given as text on the command line: `--set path=value`."""

from collections.abc import Iterable

from models.edits import ACTIONS
from models.problems import InstanceError, Problem
from optimizer.instance_io import files, yaml12
from optimizer.instance_io.files import Refusal

OPTION = "--set"


def parse_set(texts: Iterable[str]) -> dict[str, object]:
    """Changes by dotted path, in order, from texts `path=value`; the value is read as YAML 1.2.

    A value that is set again is the later one, in its later place, so that a change can be put
    behind others.

    Raises InstanceError, which lists every text that is not such a pair.
    """
    out: dict[str, object] = {}
    problems = []
    for text in texts:
        path, _, _ = text.partition("=")
        try:
            _add(out, text)
        except Refusal as refusal:
            problems.append(Problem(tuple(path.strip().split(".")), refusal.message, file=OPTION))
    if problems:
        raise InstanceError(problems)
    return out


def _add(out: dict[str, object], text: str) -> None:
    path, equals, value = text.partition("=")
    path = path.strip()
    if not equals or not path:
        raise Refusal("must be written path=value.")
    if path in out and path.rpartition(".")[2] in ACTIONS:
        raise Refusal("is given twice.")
    read = _value(value)
    out.pop(path, None)
    out[path] = read


def _value(text: str) -> object:
    if not text.strip():
        return None
    document = yaml12.read(files.decode(text.encode("utf-8", "surrogateescape")))
    if document.problems:
        raise Refusal(document.problems[0].message)
    return document.data
