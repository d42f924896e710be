"""Bytes, lines and values that break programs, and what puts them into inputs."""

from copy import deepcopy
from random import Random
from typing import Any

BYTES = [
    *(b"", b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\n", b"\r", b"\r\n", b"\t", b" ", b"'"),
    *(
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b"*a",
        b"&a ",
        b"- ",
        b": ",
        b"? ",
        b"!!x ",
        b"!x ",
        b"|",
        b">",
    ),
    *(
        b"~",
        b"---\n",
        b"...\n",
        b"%YAML 1.1\n",
        b"#",
        b",",
        b",,,,",
        b";",
        b"\\",
        b"<<: ",
        b"@",
        b"`",
    ),
    *(b"1e999", b"-1", b"0", b".nan", b"-.inf", b"0x", b"1_000", b"1:30", b"NO", b"=1+1", b"../"),
    *(
        b"\xe2\x80\xa8",
        b"\xf0\x9f\x8f\xad",
        b"\xe2\x80\xae",
        b"\xed\xa0\x80",
        b"\xc3\xa9",
        b"9" * 60,
    ),
]

LINES = [
    "run: !!python/object/apply:os.system ['touch owned']",
    "run: !!python/name:os.system",
    "bomb: [&a [x, x, x, x, x, x, x, x], &b [*a, *a, *a, *a, *a, *a, *a, *a], "
    "&c [*b, *b, *b, *b, *b, *b, *b, *b], &d [*c, *c, *c, *c, *c, *c, *c, *c], "
    "&e [*d, *d, *d, *d, *d, *d, *d, *d], &f [*e, *e, *e, *e, *e, *e, *e, *e], "
    "&g [*f, *f, *f, *f, *f, *f, *f, *f], [*g, *g, *g, *g, *g, *g, *g, *g]]",
    "self: &s {again: *s}",
    "deep: " + "[" * 5000,
    "deep: " + "{a: " * 60 + "1" + "}" * 60,
    "? [a, b]\n: 1",
    "<<: {name: merged}",
    "name: twice\nname: twice",
    "---\nname: another",
    "sites: ../../../../etc/passwd.csv",
    "sites: /etc/passwd",
    "demand: instance.yaml",
    "regions: []",
    "%TAG ! tag:x,2026:",
    "\tname: tab",
    "long: " + "x" * 100_000,
]

VALUES: list[Any] = [
    *(
        None,
        True,
        False,
        "",
        " ",
        "NO",
        "null",
        "~",
        "-",
        "*",
        "a.b",
        "a b",
        "é",
        "😀" * 3,
        "\u202e",
    ),
    *(
        0,
        -0.0,
        1,
        -1,
        0.5,
        2,
        3,
        40,
        1e-9,
        1e-300,
        5e-324,
        1e9,
        1e15,
        1e300,
        1.7e308,
        -1e308,
        2**63,
    ),
    *(
        10**39,
        -(10**39),
        1e6,
        1e-6,
        12,
        120,
        100_000,
        "1e400",
        ".inf",
        ".nan",
        "0x10",
        "1_000",
        "007",
    ),
    *("2027-01-01", "2027-02-30", "2027-13", "0000-01-01", "9999-12-31", "1582-10-10", "2027Q3"),
    *("2027Q9", "2027", 2027, "20270101", "2027-01-01T00:00:00Z", "12:30", "tomorrow"),
    *("ANY", "HOME", "EU", "world", "one", "two", "liquid", "air", "cost", "sites.csv", "x.csv"),
    *("=1+1", "@sum", "<script>alert(1)</script>", "../x", "C:\\x", "a" * 3000, "\\", "{}", "%s"),
    *([], {}, [[]], [{}], {"": 1}, {"x": None}, [None], [1, 2, 3], ["NO", "SE"], {"2027-01-01": 1}),
    *(
        {"2026": 1, "2028": -1},
        {"0": 0.5, "-3": 0.5},
        {"scale": 2},
        [0] * 30,
        {"air": 1.1},
        "1 EUR",
    ),
]


def changed_bytes(dice: Random, content: bytes) -> bytes:
    """Some bytes replaced, a piece moved, the end cut off, or a line put in."""
    for _ in range(dice.choice([1, 1, 1, 2, 5])):
        start, how = dice.randint(0, len(content)), dice.random()
        length = dice.choice([0, 1, 1, 2, 4, 12, 80])
        if how < 0.55:
            content = content[:start] + dice.choice(BYTES) + content[start + length :]
        elif how < 0.7:
            content = content[:start] + dice.randbytes(length) + content[start + length :]
        elif how < 0.85:
            start = content.rfind(b"\n", 0, start) + 1
            line = dice.choice(LINES).encode()
            content = content[:start] + line + b"\n" + content[start:]
        elif how < 0.95:
            piece = content[start : start + 40 * length]
            there = dice.randint(0, len(content))
            content = content[:there] + piece + content[there:]
        else:
            content = content[:start]
    return content


def changed_values(dice: Random, tree: Any) -> Any:
    """Plain data with some values replaced, removed, renamed, scaled, copied or exchanged."""
    tree = deepcopy(tree)
    for _ in range(dice.choice([1, 1, 1, 2, 3, 6])):
        holders = list(_holders(tree))
        if not holders:
            return tree
        # One as deep as the dice say, so that shallow ones are met as often as the many deep.
        depth = dice.choice(sorted({level for level, _ in holders}))
        holder = dice.choice([one for level, one in holders if level == depth])
        _change(dice, holder, [one for _, one in holders])
    return tree


def _holders(tree: Any, level: int = 0) -> Any:
    """Every mapping and list that is not empty, with its depth."""
    if isinstance(tree, dict | list) and tree:
        yield level, tree
        for value in tree.values() if isinstance(tree, dict) else tree:
            yield from _holders(value, level + 1)


def _change(dice: Random, holder: Any, others: list[Any]) -> None:
    key = dice.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    old, how = holder[key], dice.random()
    if how < 0.45:
        holder[key] = deepcopy(dice.choice(VALUES))
    elif how < 0.6 and isinstance(old, int | float):
        holder[key] = old * dice.choice([-1, 1e-9, 1e-3, 0.1, 2, 10, 1e3, 1e9])
    elif how < 0.7:
        del holder[key]
    elif how < 0.8 and isinstance(holder, dict):
        holder[dice.choice(["x", "name", "", "NO", "a.b", f"{key}s", key[:-1]])] = holder.pop(key)
    elif how < 0.9:
        other = dice.choice(others)
        value = dice.choice(list(other.values()) if isinstance(other, dict) else other or [None])
        holder[key] = deepcopy(value)
    elif isinstance(holder, list):
        holder.append(deepcopy(old))
    else:
        holder[f"{key}2"] = deepcopy(old)
