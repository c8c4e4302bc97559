"""Opens targets of type `anthropic-bedrock`: Anthropic's models as Amazon serves them.

Amazon serves them in two ways, and which models are served in which differs. `messages` is the Messages API as it is,
at an address of its own; the SDK's client for it is the one for current models. `invoke` is InvokeModel, where the
model stands in the path and the version in the body; it is for ids with a version of Amazon's own, such as
`anthropic.claude-sonnet-4-5-20250929-v1:0`.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import anthropic

from rebaseline.errors import ConfigurationError
from rebaseline.targets.anthropic_settings import api_version_of, beta_headers, client_options, library
from rebaseline.targets.anthropic_target import Client, MessagesTarget, Way
from rebaseline.targets.base import Opening
from rebaseline.targets.refused import Opener
from rebaseline.targets.settings import host_of, text_setting

__all__ = ["open_adapter"]

_TOKEN_VARIABLE = "AWS_BEARER_TOKEN_BEDROCK"  # noqa: S105 - a name, no token
_ADDRESSES = {
    "messages": "https://bedrock-mantle.{region}.api.aws/anthropic",
    "invoke": "https://bedrock-runtime.{region}.amazonaws.com",
}
_INVOKE_VERSION = "bedrock-2023-05-31"
"""What Amazon says InvokeModel wants. The SDK would send its own version, which the models behind it refuse."""


def open_adapter(opening: Opening) -> MessagesTarget:
    """Open a target.

    Settings: `region` (as AWS's tools find it unless given), `api` (`messages` unless given, or `invoke`), `base_url`
    (Amazon's own for the region unless given), `provider` (`bedrock-REGION` unless given, or the host of `base_url`:
    a region may get a build of a model days before another does), `api_version`, `beta`.

    Raises:
        ConfigurationError: The extra is not installed, no region is named, nobody is logged in, or a setting is wrong.
    """
    boto3, errors = (library(name, "bedrock", opening) for name in ("boto3", "botocore.exceptions"))
    api = text_setting(opening.target, "api") or "messages"
    if api not in _ADDRESSES:
        raise ConfigurationError(
            f"api is {api!r}", where=opening.where, remedy=f"Write one of: {', '.join(_ADDRESSES)}."
        )
    try:
        region, credentials = _region(opening, boto3), _credentials(opening, boto3)
    except (errors.BotoCoreError, errors.ClientError) as error:
        problem = f"no AWS credentials can be had ({type(error).__name__})"
    else:
        return _adapter(opening, api, region, credentials, errors)
    raise ConfigurationError(problem, where=opening.where, remedy="Check the profile, or log in: `aws sso login`.")


def _adapter(
    opening: Opening, api: str, region: str, credentials: dict[str, Any], errors: ModuleType
) -> MessagesTarget:
    given = text_setting(opening.target, "base_url")
    base_url = given or _ADDRESSES[api].format(region=region)
    host = host_of(base_url, opening.where)
    provider = text_setting(opening.target, "provider") or (host if given else f"bedrock-{region}")
    invoked = api == "invoke"
    api_version = api_version_of(opening, _INVOKE_VERSION) if invoked else api_version_of(opening)
    make = anthropic.AsyncAnthropicBedrock if invoked else anthropic.AsyncAnthropicBedrockMantle
    client: Client = make(aws_region=region, **credentials, **client_options(opening, base_url))
    token = credentials.get("api_key")
    opener = Opener(
        provider,
        opening.where,
        f"the key in {_TOKEN_VARIABLE}" if token else "the AWS credentials",
        f"Check who is asking (`aws sts get-caller-identity`) and that they may use the model in {region}.",
    )
    way = Way(
        client,
        provider,
        opener,
        api_version,
        headers=beta_headers(opening) | ({} if invoked else {"anthropic-version": api_version}),
        extra={"anthropic_version": api_version} if invoked else {},
        secret=lambda: token or credentials.get("aws_secret_key"),
        refusals=(errors.BotoCoreError, errors.ClientError),
        failures=(errors.HTTPClientError, errors.ConnectionError),
    )
    return MessagesTarget(way, monotonic=opening.monotonic)


def _region(opening: Opening, boto3: ModuleType) -> str:
    environment = opening.environment
    named = text_setting(opening.target, "region") or environment.get("AWS_REGION")
    profile = environment.get("AWS_PROFILE") or None
    region = named or environment.get("AWS_DEFAULT_REGION") or boto3.Session(profile_name=profile).region_name
    if not region:
        raise ConfigurationError(
            "no AWS region is named", where=opening.where, remedy="Write `region`, or set AWS_REGION."
        )
    return str(region)


def _credentials(opening: Opening, boto3: ModuleType) -> dict[str, Any]:
    """Return what opens Bedrock, in the order in which AWS's tools look: a key of Bedrock, access keys, the rest.

    What the rest (profiles, single sign-on, roles) finds may expire: the SDK asks for it with every request, and here
    it is only looked whether anything is found.
    """
    environment = opening.environment
    if token := environment.get(_TOKEN_VARIABLE):
        return {"api_key": token.strip()}
    if environment.get("AWS_ACCESS_KEY_ID") and environment.get("AWS_SECRET_ACCESS_KEY"):
        return {
            "aws_access_key": environment["AWS_ACCESS_KEY_ID"],
            "aws_secret_key": environment["AWS_SECRET_ACCESS_KEY"],
            "aws_session_token": environment.get("AWS_SESSION_TOKEN") or None,
        }
    profile = environment.get("AWS_PROFILE") or None
    if boto3.Session(profile_name=profile).get_credentials() is None:
        raise ConfigurationError(
            "no AWS credentials are found",
            where=opening.where,
            remedy="Log in (`aws sso login`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        )
    return {"aws_profile": profile}
