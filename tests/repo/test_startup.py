"""What starting costs: `--help` and errors of use load nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "openai",
    "anthropic",
    "httpx2",
    "sqlalchemy",
    "alembic",
    "numpy",
    "scipy",
    "pydantic",
    "ruamel",
    "jsonschema",
    "re2",
)
_PROGRAM = """
import sys
from rebaseline.cli.main import main
try:
    main({arguments!r})
except SystemExit:
    pass
print(*sorted({heavy!r} & {{name.partition(".")[0] for name in sys.modules}}), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["dif"], ["explain", "form"], ["explain"]])
def test_help_loads_nothing_heavy(arguments):
    program = _PROGRAM.format(arguments=arguments, heavy=set(HEAVY))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == ""


def test_a_diff_loads_no_sdk_of_a_vendor():
    program = (
        "import sys, rebaseline.app.diffing, rebaseline.report.screen\n"
        "print({'openai', 'anthropic', 'httpx2', 'scipy.stats'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
