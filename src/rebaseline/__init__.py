"""Evaluation regression harness: which assertions became invalid, not merely failing, when the model changed."""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["__version__"]
