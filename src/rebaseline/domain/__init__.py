"""Frozen records and closed unions in which the stages meet. Nothing here does I/O or decides anything."""
