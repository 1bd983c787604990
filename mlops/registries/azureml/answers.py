"""What the libraries of Azure raise, as an error of a registry with a sentence that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)

from mlops.exceptions import RegistryDenied, RegistryError, RegistryUnavailable
from mlops.registries.redaction import without_secrets
from mlops.registries.statuses import is_denial, is_passing

NOT_FOUND: Final = 404
# What a client library trips over when a body is not of the shape it expects; 200 or not.
ODD: Final = (AttributeError, IndexError, KeyError, TypeError, ValueError)

_LONGEST = 300


@contextmanager
def answering(asked: str, *, missing: type[RegistryError] = RegistryError) -> Iterator[None]:
    """Raises what Azure's libraries raise as RegistryError; `asked` completes the sentence "Azure … to".

    None of them shows what it comes from: that may quote an address with a signature in it, or the answer of something
    between here and Azure that quotes the whole request.
    """
    try:
        yield
    except HttpResponseError as error:
        raise _of_status(asked, error, missing) from None
    except (ServiceRequestError, ServiceResponseError) as error:
        raise RegistryUnavailable(
            f"Azure did not answer when asked to {asked} ({plain(error)}): see that this machine reaches it; it is "
            "tried again."
        ) from None
    except FileNotFoundError as error:  # of azure-identity: the token file of a workload identity
        raise RegistryDenied(
            f"There is no credential to {asked} with: {error.filename} is not there; see AZURE_CREDENTIAL."
        ) from None
    except AzureError as error:
        raise RegistryError(f"Azure's client library could not {asked}: {plain(error)}") from None
    except ODD as error:
        raise _odd(asked, f"{type(error).__name__}: {plain(error)}") from None


def plain(error: BaseException) -> str:
    """The beginning of what the error says, on one line and without secrets."""
    said = " ".join(without_secrets(str(error)).split()) or type(error).__name__
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _of_status(asked: str, error: HttpResponseError, missing: type[RegistryError]) -> RegistryError:
    status = error.status_code or 0
    said = f"{status}: {plain(error)}" if status else plain(error)
    if is_passing(status) or _got_no_answer(error):
        return RegistryUnavailable(f"Azure could not {asked} now ({said}); it is tried again.")
    if is_denial(status) or isinstance(error, ClientAuthenticationError):
        return RegistryDenied(
            f"Azure refused to {asked} ({said}): correct AZURE_CREDENTIAL, give its identity the roles that "
            "docs/azure.md names, and see that the network rules let this machine in."
        )
    if status == NOT_FOUND:
        return missing(f"Azure found nothing when asked to {asked} ({said}).")
    if status < 400:
        return _odd(asked, said)
    return RegistryError(f"Azure did not {asked} ({said}).")


def _got_no_answer(error: HttpResponseError) -> bool:
    """Whether it is a log-in that failed because nobody answered, and not because we may not."""
    return isinstance(error, ClientAuthenticationError) and isinstance(
        error.__cause__ or error.__context__, ServiceRequestError | ServiceResponseError
    )


def _odd(asked: str, said: str) -> RegistryError:
    return RegistryError(
        f"Azure's answer when asked to {asked} is none that its client library can read ({said}): see whether "
        "something between here and Azure answers in its place."
    )
