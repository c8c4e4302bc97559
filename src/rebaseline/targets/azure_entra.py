"""Tokens of Microsoft Entra ID, found as Azure's own tools find them (extra `entra`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rebaseline.errors import ConfigurationError, ProviderError

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

__all__ = ["EntraTokens", "default_credential"]

_SCOPE = "https://cognitiveservices.azure.com/.default"


def default_credential(where: str) -> AsyncTokenCredential:
    """Return the credential that Azure's tools would use here: of the environment, the machine, or `az login`.

    Azure's library looks it up in the environment of the process.

    Args:
        where: The target's place in the project file.

    Raises:
        ConfigurationError: The package that finds it is not installed.
    """
    try:
        from azure.identity.aio import DefaultAzureCredential  # noqa: PLC0415  # of an extra, and slow to load
    except ImportError as error:
        raise ConfigurationError(
            "auth is 'entra', and the package azure-identity is not installed",
            where=f"{where}.auth",
            remedy="pip install 'rebaseline[entra]'",
        ) from error
    return DefaultAzureCredential()


class EntraTokens:
    """Tokens for Azure's models. A valid one is kept and given again; the library renews it in time."""

    def __init__(self, credential: AsyncTokenCredential, *, where: str) -> None:
        from azure.identity.aio import get_bearer_token_provider  # noqa: PLC0415  # of an extra, and slow to load

        self._credential = credential
        self._provide = get_bearer_token_provider(credential, _SCOPE)
        self._where = where

    async def token(self) -> str:
        """Return a token that is valid now.

        Raises:
            ProviderError: Nothing here may have one.
            ConnectionError: Whoever gives them cannot be reached.
        """
        from azure.core.exceptions import AzureError, ClientAuthenticationError  # noqa: PLC0415  # of an extra

        try:
            return await self._provide()
        except ClientAuthenticationError:
            unreached = None
        except AzureError as error:
            unreached = type(error).__name__
        # Raised out here, the errors carry no context: the library's words may name tenants and accounts.
        if unreached:
            raise ConnectionError(f"Microsoft Entra ID cannot be reached: {unreached}")
        raise ProviderError(
            "Microsoft Entra ID gives no token for Azure's models",
            where=f"{self._where}.auth",
            remedy="Run `az login`, or check the identity of this machine and its role on the resource.",
        )

    async def aclose(self) -> None:
        """Let go of the credential's connections."""
        await self._credential.close()
