"""Use cases: the only place that wires stages together and reads the clock and the environment."""
