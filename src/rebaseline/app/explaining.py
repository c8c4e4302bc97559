"""The pages of `rebaseline explain`, as they lie in the package."""

from __future__ import annotations

from importlib.resources import files

from rebaseline.errors import UsageError
from rebaseline.report.pages import Page, find_pages, near_names, parse_pages

__all__ = ["explain", "load_pages"]


def load_pages() -> tuple[Page, ...]:
    """Return all pages, group by group."""
    folder = files("rebaseline.report") / "explain"
    texts = sorted((entry.name, entry.read_text(encoding="utf-8")) for entry in folder.iterdir())
    return tuple(page for name, text in texts if name.endswith(".md") for page in parse_pages(text))


def explain(topic: str) -> tuple[Page, ...]:
    """Return the pages that a topic names: one, or several where the name means several things.

    Raises:
        UsageError: There is none.
    """
    pages = load_pages()
    found = find_pages(pages, topic)
    if not found:
        near = near_names(pages, topic)
        remedy = f"did you mean {' or '.join(near)}?" if near else "`rebaseline explain` lists every topic"
        raise UsageError(f"there is no topic {topic!r}", remedy=remedy)
    return found
