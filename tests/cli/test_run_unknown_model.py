"""`run` where the provider does not know the model: exit code 7, and what its own list of models says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.support.project import PROJECT, Project, Said, assert_printable
from tests.support.wire import Received, WireReply, WireServer
from tests.support.wire_anthropic import anthropic_error
from tests.support.wire_models import AnthropicModels, OpenAIModels, anthropic_model, openai_model
from tests.support.wire_openai import wire_error

KEY = "sk-very-secret-key-0123456789"
TARGETS = {
    OpenAIModels: 'type = "openai-compatible"\nbase_url = "{root}/v1"',
    AnthropicModels: 'type = "anthropic"\nbase_url = "{root}"\nparameters = {{ max_tokens = 9 }}',
}


@pytest.fixture
def run(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Said, list[Received]]]:
    """Run against a server that knows no model that is asked, and lists some."""
    monkeypatch.setenv("RB_KEY", KEY)

    def run(models: OpenAIModels, asked: str, listing: WireReply | None = None) -> tuple[Said, list[Received]]:
        gone = anthropic_error(404, f"model: {asked}") if isinstance(models, AnthropicModels) else wire_error(404)

        def respond(received: Received) -> WireReply:
            return (listing or models(received)) if models.asks(received) else gone

        with WireServer(respond) as server:
            target = TARGETS[type(models)].format(root=server.root_url) + f'\nmodel = "{asked}"\napi_key_env = "RB_KEY"'
            project.write("rebaseline.toml", PROJECT.replace('type = "recorded"', target))
            said = project("run")
        assert said.code == 7
        assert f"has no model '{asked}' (status 404)" in said.err
        assert KEY not in said.both
        return said, [received for received in server.received if models.asks(received)]

    return run


def test_a_misspelt_model_is_told_what_was_meant(run):
    said, listed = run(OpenAIModels(openai_model("gpt-6.2-astra"), openai_model("tts-2")), "gpt-6.2-astar")
    assert "It is not in the provider's list of models (2). Did you mean 'gpt-6.2-astra'?" in said.err
    assert len(listed) == 1


def test_a_retired_model_is_said_to_be(run):
    retired = anthropic_model("claude-sonnet-4-5", lifecycle="retired", retires_at="2026-11-30T00:00:00Z")
    newer = [anthropic_model(f"claude-sonnet-5-{minor}") for minor in range(5)]
    said, listed = run(AnthropicModels(*newer, retired), "claude-sonnet-4-5")
    assert "says that it is 'retired', retirement 2026-11-30. Did you mean 'claude-sonnet-5-" in said.err
    assert len(listed) == 3


@pytest.mark.parametrize("listing", [wire_error(500), wire_error(401), WireReply(b"<html>")])
def test_a_list_that_cannot_be_had_leaves_the_help_out(run, listing):
    said, _ = run(OpenAIModels(), "gpt-7", listing)
    assert "It may be retired, misspelt, or not open to this key. Ask for another model." in said.err


def test_what_a_list_says_is_printable(run):
    said, _ = run(
        OpenAIModels(openai_model("gpt-7\x1b[2J\nrebaseline: all is well\u202e")), "gpt-7-rebaseline-all-is-well"
    )
    assert_printable(said.both)
    assert not any(line.startswith("rebaseline: all") for line in said.err.splitlines())
