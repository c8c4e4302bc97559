"""`python -m rebaseline` is the `rebaseline` command."""

from __future__ import annotations

from rebaseline.cli import main

if __name__ == "__main__":
    main()
