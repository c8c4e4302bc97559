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


def _find_each(pages: tuple[Page, ...], words: list[str]) -> tuple[Page, ...]:
    """Return the pages of as many words as make a name, then those of the rest; none where some word names nothing."""
    for end in range(len(words), 0, -1):
        found = find_pages(pages, " ".join(words[:end]))
        rest = _find_each(pages, words[end:]) if found else ()
        if found and (rest or end == len(words)):
            return (*found, *(page for page in rest if page not in found))
    return ()


def explain(topic: str) -> tuple[Page, ...]:
    """Return the pages that a topic names: one, or several where the name means several things.

    Words that name nothing together are taken for several names: `holds failing`, `never valid fence`.

    Raises:
        UsageError: There is none.
    """
    pages = load_pages()
    found = _find_each(pages, topic.split())
    if not found:
        near = near_names(pages, topic)
        remedy = f"did you mean {' or '.join(near)}?" if near else "`rebaseline explain` lists every topic"
        raise UsageError(f"there is no topic {topic!r}", remedy=remedy)
    return found
