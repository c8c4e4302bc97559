"""The page about suites shows a suite that loads, and names every key."""

import re
from pathlib import Path

import pytest

from rebaseline.load import load_suite
from rebaseline.load.shape_assertion import AssertionShape, BarShape, ControlShape, ControlsShape, LiveShape
from rebaseline.load.shape_probe import ProbeShape, TableShape, ToolShape, TurnShape
from rebaseline.load.shape_suite import HeaderShape, SuiteShape

PAGE = (Path(__file__).parents[3] / "docs" / "suites.md").read_text(encoding="utf-8")
SHAPES = [
    SuiteShape,
    HeaderShape,
    ProbeShape,
    TableShape,
    TurnShape,
    ToolShape,
    AssertionShape,
    BarShape,
    ControlsShape,
]


def test_its_example_loads_with_the_true_checks(tmp_path):
    registry = pytest.importorskip("rebaseline.checks.registry").Registry
    example, *_ = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "s.yaml").write_text(example, encoding="utf-8")
    (tmp_path / "rates.csv").write_text("product,rate\nsavings,1.5\nhome-loan,3.5\n", encoding="utf-8")
    loaded = load_suite(tmp_path / "s.yaml", registry.builtin())
    assert loaded.problems == ()
    assert [probe.id for probe in loaded.suite.probes] == ["hours", "coax", "rate-savings", "rate-home-loan"]
    assert {probe.samples for probe in loaded.suite.probes} == {20, 80}


@pytest.mark.parametrize("shape", [*SHAPES, ControlShape, LiveShape], ids=lambda shape: shape.__name__)
def test_it_names_every_key(shape):
    missing = [name for name in shape.model_fields if not re.search(rf"\b{name}\b", PAGE)]
    assert missing == []
