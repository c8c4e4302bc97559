"""Bridges to what other tools write and read."""
