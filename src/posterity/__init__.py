"""Posterity: raw mailing-list mail in, a permanent, threaded, searchable archive out."""

__version__ = "0.1.0"
