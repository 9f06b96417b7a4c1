"""Rows to links: threads, people, copies, dates; pure, and never recursive."""
