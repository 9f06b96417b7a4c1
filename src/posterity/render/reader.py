"""Rows that pages read (moved to posterity.rows: import from there)."""

from posterity.rows import *  # noqa: F403
