"""YAML 1.2, core schema: text to plain data, with the place of everything in it.

PyYAML scans; what a scalar means is decided here, because PyYAML follows YAML 1.1, where NO is
false and 010 is 8. The text is read event by event, so that neither nesting nor aliases can
exhaust memory: aliases share what they name, and count towards the limit with all of it.
Keys stay text, as written.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from models.problems import Path, Problem
from optimizer.instance_io.files import Refusal

MAX_DEPTH = 40
"""Deepest nesting."""

MAX_NODES = 2_000_000
"""Most values, counted again wherever an alias repeats them."""

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_CONSTANTS: dict[str, object] = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_CONSTANTS |= dict.fromkeys(("true", "True", "TRUE"), True)
_CONSTANTS |= dict.fromkeys(("false", "False", "FALSE"), False)

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Place = tuple[int, int]


@dataclass
class Document:
    """One YAML document: its data, the place of every value and key, and what is wrong in it."""

    data: object = None
    values: dict[Path, Place] = field(default_factory=dict)
    """Line and column of each value; of its key where the value is a table or a list."""

    keys: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read(text: str) -> Document:
    """Read one document; raises Refusal for text that is not YAML, or beyond the limits."""
    loader = _Loader(text)
    try:
        return _Composer(loader).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = _place(mark) if mark else (0, 0)
        what = ", ".join(part for part in (error.context, error.problem) if part)
        raise Refusal(f"is not valid YAML: {what}.", *place) from error
    except (yaml.YAMLError, RecursionError) as error:
        first = str(error).partition("\n")[0]
        raise Refusal(f"is not valid YAML: {first}.") from error
    finally:
        loader.dispose()


def scalar(text: str) -> object:
    """The value of a plain scalar by the core schema; raises Refusal for nan and infinity."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > 40:
            raise Refusal("is a number of more than 40 digits.")
        base = 8 if text.startswith("0o") else 16 if text.startswith("0x") else 10
        return int(text[2:] if base != 10 else text, base)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if number in (float("inf"), float("-inf")):
            raise Refusal(f"must be a finite number, but {text[:40]} is too large.")
        return number
    if _NOT_FINITE.fullmatch(text):
        raise Refusal(f"must be a finite number, but is {text}.")
    return text


@dataclass
class _Open:
    """A mapping or a list whose end has not been read."""

    data: dict[str, object] | list[object]
    path: Path
    start: Place
    anchor: str | None
    nodes_before: int
    key: str | None = None
    first_lines: dict[str, int] = field(default_factory=dict)
    next_is_key: bool = True


class _Composer:
    def __init__(self, loader: Any) -> None:
        self.loader = loader
        self.out = Document()
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[object, int]] = {}
        self.nodes = 0

    def document(self) -> Document:
        next_event = self.loader.get_event
        next_event()
        event = next_event()
        if isinstance(event, yaml.StreamEndEvent):
            raise Refusal("is empty.", 1, 1)
        while not isinstance(event := next_event(), yaml.DocumentEndEvent):
            self._take(event)
        event = next_event()
        if not isinstance(event, yaml.StreamEndEvent):
            message = "holds more than one document; keep one, without a second '---'."
            raise Refusal(message, *_place(event.start_mark))
        return self.out

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self.open.pop()
            if done.anchor:
                self.anchors[done.anchor] = done.data, self.nodes - done.nodes_before
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        place = _place(event.start_mark)
        plain = not event.style
        self._refuse_tag(event.tag, place, allowed="tag:yaml.org,2002:str")
        if self._expects_key():
            self._key(event.value, plain, place)
            return
        path = self._put_path()
        value: object = event.value
        if plain and event.tag is None:
            try:
                value = scalar(event.value)
            except Refusal as refusal:
                self._problem(path, refusal.message, place)
                value = 1.0
        self._put(value, path, place, 1)
        if event.anchor:
            self.anchors[event.anchor] = value, 1

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        place = _place(event.start_mark)
        self._refuse_tag(event.tag, place)
        if self._expects_key():
            raise Refusal("a key must be one name, not a list or a table.", *place)
        if len(self.open) >= MAX_DEPTH:
            raise Refusal(f"is nested deeper than {MAX_DEPTH} levels.", *place)
        path = self._put_path()
        data: dict[str, object] | list[object]
        data = {} if isinstance(event, yaml.MappingStartEvent) else []
        before = self.nodes
        self._put(data, path, self.out.keys.get(path, place), 1)
        self.anchors.pop(event.anchor or "", None)
        self.open.append(_Open(data, path, place, event.anchor, before))

    def _alias(self, event: yaml.AliasEvent) -> None:
        place = _place(event.start_mark)
        name = event.anchor
        if self._expects_key():
            raise Refusal("a key must be written out, not an alias.", *place)
        if any(one.anchor == name for one in self.open):
            raise Refusal(f"the alias '*{name}' stands inside what it names.", *place)
        if name not in self.anchors:
            raise Refusal(f"the alias '*{name}' has no anchor '&{name}' before it.", *place)
        value, size = self.anchors[name]
        self._put(value, self._put_path(), place, size)

    def _expects_key(self) -> bool:
        return (
            bool(self.open) and isinstance(self.open[-1].data, dict) and self.open[-1].next_is_key
        )

    def _key(self, text: str, plain: bool, place: Place) -> None:
        if plain and text == "<<":
            message = "merge keys ('<<') are not part of YAML 1.2; write the fields out."
            raise Refusal(message, *place)
        here = self.open[-1]
        path = (*here.path, text)
        if text in here.first_lines:
            first = here.first_lines[text]
            self._problem(path, f"is given twice; first at line {first}.", place)
        else:
            here.first_lines[text] = place[0]
            self.out.keys[path] = place
        here.key, here.next_is_key = text, False

    def _put_path(self) -> Path:
        if not self.open:
            return ()
        here = self.open[-1]
        step = len(here.data) if isinstance(here.data, list) else here.key
        return (*here.path, step)  # type: ignore[arg-type]

    def _put(self, value: object, path: Path, place: Place, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise Refusal(f"holds more than {MAX_NODES:,} values, aliases included.", *place)
        self.out.values.setdefault(path, place)
        if not self.open:
            self.out.data = value
            return
        here = self.open[-1]
        if isinstance(here.data, list):
            here.data.append(value)
        else:
            here.data.setdefault(str(here.key), value)
            here.next_is_key = True

    def _refuse_tag(self, tag: str | None, place: Place, allowed: str | None = None) -> None:
        if tag not in (None, allowed):
            short = str(tag).replace("tag:yaml.org,2002:", "!!")
            raise Refusal(f"the tag '{short[:80]}' is not allowed; write a plain value.", *place)

    def _problem(self, path: Path, message: str, place: Place) -> None:
        self.out.problems.append(Problem(path, message, line=place[0], column=place[1]))


def _place(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1
