"""The engine: rounds, limits, retries, resume."""
