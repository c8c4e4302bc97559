"""Mutate what mutmut cannot reach: values of modules, and functions under a decorator (docs/mutation.md).

mutmut switches between mutants inside one process, so it sees neither what runs at import nor what a decorator such as
`lru_cache` or `property` has wrapped. Here cosmic-ray changes the file itself, in a copy of the tree, and each mutant
is tried in a process of its own.

    python benchmarks/mutation_rest.py [MODULE …]     e.g. stats/mixture.py; all of stats and decide by default
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("src", "tests", "pyproject.toml")
# A mutant is tried by the tests of its own module, so that it takes a second or two.
TESTS = {
    "alarm.py": "tests/unit/test_decide.py",
    "transition.py": "tests/unit/test_decide.py",
    "agreement.py": "tests/oracle/test_stats_agreement.py",
    "verdict.py": "tests/unit/test_decide.py tests/unit/test_decide_instrument.py tests/unit/test_decide_judges.py",
    "mixture.py": "tests/unit/stats/test_mixture.py tests/unit/stats/test_eprocess.py",
    "pair_power.py": "tests/oracle/test_stats_pair_power.py",
    "sampled.py": "tests/oracle/test_stats_sampled.py",
    "separation.py": "tests/unit/stats/test_separation.py tests/oracle/test_stats_rational.py",
}
# Of the operators those that change a figure or a condition: bit shifts and the like only raise errors.
KEPT = re.compile(
    r"core/(NumberReplacer|AddNot|ReplaceTrueWithFalse|ReplaceFalseWithTrue|ReplaceAndWithOr|ReplaceOrWithAnd"
    r"|ReplaceUnaryOperator_(Delete_Not|USub_UAdd)"
    r"|ReplaceComparisonOperator_(Lt|LtE|Gt|GtE|Eq|NotEq)_(Lt|LtE|Gt|GtE|Eq|NotEq)"
    r"|ReplaceBinaryOperator_(Add|Sub|Mul|Div|Pow)_(Add|Sub|Mul|Div|Pow))"
)
CONFIG = """\
[cosmic-ray]
module-path = ["{module}"]
timeout = 300.0
excluded-modules = []
test-command = "{python} -m pytest -x -q -p no:cacheprovider {tests}"
[cosmic-ray.distributor]
name = "local"
"""


def reached_by_mutmut(path: Path) -> list[range]:
    """Lines of functions and methods without a decorator, or under one that mutmut knows."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            names = [ast.unparse(each) for each in node.decorator_list]
            if names in ([], ["classmethod"], ["staticmethod"]):
                found.append(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return found


def decorators(path: Path) -> list[range]:
    """Lines of decorators: a cache of another size changes no figure."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    lists = (node.decorator_list for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return [range(each.lineno, (each.end_lineno or each.lineno) + 1) for found in lists for each in found]


def prune(database: Path) -> None:
    """Leave only mutants that mutmut does not make; it leaves the whole of `mixture` out, most of which is cached."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute("select job_id, module_path, operator_name, start_pos_row from mutation_specs")
        for job, module, operator, line in rows.fetchall():
            path = Path(module)
            left_out = decorators(path) + ([] if path.name == "mixture.py" else reached_by_mutmut(path))
            if any(line in lines for lines in left_out) or not KEPT.fullmatch(operator):
                connection.execute("delete from mutation_specs where job_id = ?", (job,))
                connection.execute("delete from work_items where job_id = ?", (job,))


def report(database: Path) -> int:
    """Print how many mutants of a module were killed, and each that survived; return how many did."""
    counts: Counter[str] = Counter()
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "select module_path, definition_name, start_pos_row, operator_name, test_outcome, diff "
            "from mutation_specs join work_results using (job_id) order by 3"
        ).fetchall()
    for module, function, line, operator, outcome, diff in rows:
        counts[outcome] += 1
        if outcome == "SURVIVED":
            print(f"  {Path(module).name}:{line} {function or '(module)'} {operator}")
            print(*(f"    {text}" for text in diff.splitlines() if re.match(r"[+-](?![+-])", text)), sep="\n")
    if rows:
        print(Path(rows[0][0]).name, *(f"{count} {outcome.lower()}" for outcome, count in sorted(counts.items())))
    return counts["SURVIVED"]


def mutate(tree: Path, module: Path) -> int:
    """Try the mutants of one module in the copy of the tree; return how many survived."""
    name = module.name
    config, database = tree / f"{name}.toml", tree / f"{name}.sqlite"
    tests = TESTS.get(name, f"tests/unit/stats/test_{name}")
    config.write_text(CONFIG.format(module=module, python=sys.executable, tests=tests), encoding="utf-8")
    subprocess.run(["cosmic-ray", "init", config, database], check=True, cwd=tree)
    prune(database)
    there = {**os.environ, "PYTHONPATH": str(tree / "src"), "CI": "1"}  # before a package that is installed
    subprocess.run(["cosmic-ray", "exec", config, database], check=True, cwd=tree, env=there)
    return report(database)


def main(chosen: list[str]) -> int:
    """Mutate the chosen modules, or all of them, and return how many mutants survived."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for name in COPIED:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, tree / name)
        package = tree / "src" / "rebaseline"
        modules = [package / name for name in chosen] or [
            *sorted((package / "stats").glob("[a-z]*.py")),
            *sorted((package / "decide").glob("[a-z]*.py")),
        ]
        return sum(mutate(tree, module) for module in modules)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) > 0)
