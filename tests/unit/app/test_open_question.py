"""The one question is asked also where voids are not yet shown to be too many."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from rebaseline.app.diffing import DiffRequest, diff_models
from rebaseline.app.importing import import_replies
from rebaseline.app.workspace import open_workspace
from rebaseline.domain.form import Form
from rebaseline.domain.verdict import Holds, Inconclusive, Unsettled

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_thirteen_of_sixty_in_bold_are_asked_about(tmp_path):
    """Not invalid: of models that leave 8 % unread a fifth would raise that alarm. But one word settles it."""
    (tmp_path / "rebaseline.toml").write_text('[system]\nname = "n"\n\n[targets.t]\ntype = "recorded"\n')
    (tmp_path / "probes").mkdir()
    probes = ", ".join(f"{{id: p{number}, user: hello {number}}}" for number in range(60))
    (tmp_path / "probes" / "s.yaml").write_text(
        "suite: {id: s, version: 1, kind: functional, owner: me}\n"
        f"probes: [{probes}]\n"
        "assertions: [{id: x, claim: says yes, check: {equals: 'yes'}, controls: {fails: ['no']}}]\n"
    )
    workspace = open_workspace(tmp_path, {})
    for model, bold in (("old", 0), ("new", 13)):
        path = tmp_path / f"{model}.jsonl"
        lines = [{"probe": f"p{number}", "response": "**yes**" if number < bold else "yes"} for number in range(60)]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        import_replies(workspace, path, suite_id="s", target_name=None, model=model, now=NOW)
    (comparison,) = diff_models(workspace, DiffRequest(old="old", new="new")).comparisons
    verdict = comparison.new.verdict
    assert isinstance(verdict, Inconclusive)
    assert verdict.why is Unsettled.VOIDS
    assert comparison.preview is not None
    assert comparison.preview.forms == (Form.EMPHASIS,)
    assert isinstance(comparison.preview.undone, Holds)
    assert comparison.preview.undone_passes == 60
