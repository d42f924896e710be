"""YAML 1.2, core schema: what scalars mean, where values stand, what is refused."""

import pytest

from optimizer.instance_io import yaml12
from optimizer.instance_io.files import Refusal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("1e6", 1e6),
        ("1e3", 1000.0),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("-7", -7),
        ("+7", 7),
        (".5", 0.5),
        ("5.", 5.0),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2027-01-01", "2027-01-01"),
        ("0b11", "0b11"),
        ("'12'", "12"),
        ('"NO"', "NO"),
        ("!!str 12", "12"),
        ("=", "="),
    ],
)
def test_scalars(text: str, value: object) -> None:
    document = yaml12.read(f"a: {text}\n")

    assert document.data == {"a": value}
    assert type(document.data["a"]) is type(value)


def test_keys_are_text_as_written() -> None:
    assert yaml12.read("{NO: 1, 2027: 2, 1e3: 3, true: 4}").data == {
        "NO": 1,
        "2027": 2,
        "1e3": 3,
        "true": 4,
    }


def test_places() -> None:
    document = yaml12.read("a:\n  b: 1\n  c: [x, {d: y}]\n")

    assert document.values["a",] == (1, 1)
    assert document.values["a", "b"] == (2, 6)
    assert document.values["a", "c", 0] == (3, 7)
    assert document.values["a", "c", 1, "d"] == (3, 14)
    assert document.keys["a", "c", 1, "d"] == (3, 11)


def test_aliases_repeat_what_they_name() -> None:
    document = yaml12.read("a: &x {b: [1, 2]}\nc: *x\n")

    assert document.data == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}}


def test_a_key_given_twice_keeps_the_first_and_is_reported() -> None:
    document = yaml12.read('a: 1\n"a": 2\n')

    assert document.data == {"a": 1}
    assert [(one.line, one.message) for one in document.problems] == [
        (2, "is given twice; first at line 1.")
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: !!python/name:os.system", "tag"),
        ("!x a: 1", "tag"),
        ("a: {<<: {b: 1}}", "merge keys"),
        ("? [a]\n: 1", "a key must be one name"),
        ("*a : 1", "a key must be written out"),
        ("a: *b", "no anchor"),
        ("a: &b [*b]", "inside what it names"),
        ("a: 1\n---\nb: 2", "more than one document"),
        ("a: 'x", "is not valid YAML"),
        ("a: @x", "is not valid YAML"),
        ("%YAML 9.9\n---\na: 1", "is not valid YAML"),
        ("[" * 100, "nested deeper"),
        ("", "is empty"),
    ],
)
def test_refusals(text: str, says: str) -> None:
    with pytest.raises(Refusal) as caught:
        yaml12.read(text)
    assert says in caught.value.message


def test_a_quoted_merge_key_is_a_name() -> None:
    assert yaml12.read("'<<': 1").data == {"<<": 1}


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml12, "MAX_NODES", 20)
    with pytest.raises(Refusal, match="more than 20 values"):
        yaml12.read("a: &a [1, 2, 3, 4]\nb: &b [*a, *a]\nc: [*b, *b]\n")


def test_numbers_that_are_not_finite_are_problems() -> None:
    document = yaml12.read("a: .nan\nb: -.INF\nc: 1e400\n")

    assert [one.line for one in document.problems] == [1, 2, 3]
