import subprocess
import sys

import pytest

from rebaseline.domain.model import Target, TargetKind
from rebaseline.errors import ConfigurationError, UsageError
from rebaseline.targets.endpoint import endpoint_of
from rebaseline.targets.registry import open_target


def target(kind="openai-compatible", **settings):
    return Target("gpt", kind, TargetKind.MODEL, "m", settings)


def test_a_recorded_target_cannot_be_asked():
    with pytest.raises(UsageError, match="Import replies"):
        open_target(target("recorded"), {}, monotonic=lambda: 0.0)


def test_an_unknown_type_names_the_near_one():
    with pytest.raises(ConfigurationError, match="Did you mean 'openai-compatible'"):
        open_target(target("openai_compatible"), {}, monotonic=lambda: 0.0)


def test_no_sdk_is_loaded_before_a_target_needs_it():
    code = (
        "import sys, rebaseline.targets.registry, rebaseline.run.engine, rebaseline.targets.endpoint;"
        "sys.exit(any(name in sys.modules for name in ('openai', 'httpx2', 'anthropic')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_key_names_its_variable():
    with pytest.raises(ConfigurationError, match="MY_KEY") as caught:
        endpoint_of(target(api_key_env="MY_KEY"), {"OPENAI_API_KEY": "sk-1"})
    assert caught.value.where == "targets.gpt"


def test_openais_own_address_needs_its_key_and_others_need_none():
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY"):
        endpoint_of(target(), {})
    assert endpoint_of(target(), {"OPENAI_API_KEY": "sk-1"}).key == "sk-1"
    assert endpoint_of(target(base_url="http://127.0.0.1:8080/v1"), {"OPENAI_API_KEY": "sk-1"}).key is None


def test_white_space_around_a_key_is_dropped_and_other_oddities_are_refused_unshown():
    assert endpoint_of(target(), {"OPENAI_API_KEY": " sk-1\n"}).key == "sk-1"
    with pytest.raises(ConfigurationError) as caught:
        endpoint_of(target(), {"OPENAI_API_KEY": "sk-1\nsk-2"})
    assert "sk-" not in str(caught.value)


def test_a_key_is_not_in_what_an_endpoint_prints():
    assert "sk-1" not in repr(endpoint_of(target(), {"OPENAI_API_KEY": "sk-1"}))


def test_the_provider_is_the_host_unless_it_is_named():
    assert endpoint_of(target(base_url="https://llm.example:8443/v1"), {}).provider == "llm.example"
    assert endpoint_of(target(base_url="https://llm.example/v1", provider="acme"), {}).provider == "acme"


@pytest.mark.parametrize("base_url", ["llm.example/v1", "ftp://llm.example", "https://", "https://[::1", "http:///v1"])
def test_an_address_that_cannot_be_asked_is_refused(base_url):
    with pytest.raises(ConfigurationError, match="no http or https address"):
        endpoint_of(target(base_url=base_url), {})


@pytest.mark.parametrize("secret", ["me:hunter2", "hunter2", ":hunter2"])
@pytest.mark.parametrize("settings", [{}, {"provider": "acme"}])
def test_a_password_in_the_address_is_refused_unshown(settings, secret):
    with pytest.raises(ConfigurationError, match="password") as caught:
        endpoint_of(target(base_url=f"https://{secret}@llm.example/v1", **settings), {})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("value", [7, "", ["x"]])
def test_a_setting_of_another_type_is_refused(value):
    with pytest.raises(ConfigurationError, match="base_url is"):
        endpoint_of(target(base_url=value), {})
