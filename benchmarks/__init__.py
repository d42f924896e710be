"""Measurements that repeat themselves by one command each; figures in docs/performance.md."""
