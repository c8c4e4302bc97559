"""Repairs of invalid assertions: proposals, and what makes a trial of one verified."""
