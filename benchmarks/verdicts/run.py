"""Proof that verdicts are what they are said to be: all parts, one after the other.

    python benchmarks/verdicts/run.py [--quick]

* `error_rates`, `other_claims`: stated error levels, on simulated models;
* `departures`: what happens where no level is stated;
* `detection`: how often a real change is found;
* `calls`: calls to a verdict beside designs of a fixed number of replies;
* `recorded_rows`: recorded changes of real models, expected and given;
* `mutations`: known changes made in real replies.

Everything is seeded. --quick takes less than a minute and shows that all parts run; its counts are too small to show a
level. Each part can be run alone. Ends with 1 where a part found a level exceeded, an aim missed or a row otherwise.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import time
from collections.abc import Sequence

__all__ = ["PARTS", "main"]

PARTS = ("error_rates", "other_claims", "departures", "detection", "calls", "recorded_rows", "mutations")


def main(argv: Sequence[str]) -> int:
    """Run every part; the highest exit code of any."""
    codes = []
    for part in PARTS:
        if importlib.util.find_spec(part) is None:
            print(f"\n## {part}\n\nSkipped: there is no benchmarks/verdicts/{part}.py.", flush=True)
            continue
        print(f"\n## {part}", flush=True)
        started = time.process_time()
        codes.append(importlib.import_module(part).main(argv))
        print(f"\n({part}: {time.process_time() - started:.0f} s of CPU time, exit {codes[-1]})", flush=True)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
