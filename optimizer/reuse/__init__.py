"""Models for many instances that differ in data only, each made from the one before it."""

from optimizer.reuse.keeper import ModelKeeper

__all__ = ["ModelKeeper"]
