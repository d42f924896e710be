"""The planning problem: its entities and its mathematics. Knows no files, no solver, no screen."""

from typing import TYPE_CHECKING

PROJECT = "buildplan"
"""Tells this package from any other that is called 'models'."""

if TYPE_CHECKING:
    from models.build import build_model
    from models.instance import Instance
    from models.problems import InstanceError, Problem

__all__ = ["Instance", "InstanceError", "Problem", "build_model"]

_HOMES = {
    "Instance": "models.instance",
    "InstanceError": "models.problems",
    "Problem": "models.problems",
    "build_model": "models.build",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'models' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
