"""What a command need not load, it does not load: each would cost more than all of our own modules."""

from __future__ import annotations

import subprocess
import sys


def test_asking_loads_neither_scipy_nor_alembic_nor_an_sdk():
    code = (
        "import sys, rebaseline.app.running\n"
        "print([name for name in ('numpy', 'scipy', 'alembic', 'openai', 'anthropic') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert said.strip() == "[]"
