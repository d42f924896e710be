"""Measurements, each repeated by one command; docs/performance.md and methods.md have figures."""
