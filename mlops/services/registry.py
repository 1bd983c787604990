"""The registry that the settings name, and registering a bundle in it. Only workers and commands ask it anything."""

import logging
import os
import threading
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from audit.services import record
from mlops.registries.base import RegisteredVersion, Registry
from mlops.registries.choice import SETTINGS, open_registry
from mlops.registries.claims import sound_bundle
from mlops.registries.redaction import without_secrets
from mlops.runtime import signing

_current: dict[str, Registry] = {}
_opening = threading.Lock()

log = logging.getLogger(__name__)


def current() -> Registry:
    """The registry of the settings, made at the first call and kept while they are the same.

    Nothing is asked of it yet. Raises RegistryError where a setting that it needs is empty, or its client library is
    not installed.
    """
    options = options_of(settings.REGISTRY)
    key = f"{settings.REGISTRY} {options}"
    with _opening:
        if key not in _current:
            _current[key] = open_registry(settings.REGISTRY, options)
        return _current[key]


def forget() -> None:
    """Have the registry made anew at its next use. For tests, which put another in its place."""
    with _opening:
        _current.clear()


def log_unforeseen(what: str, error: Exception) -> None:
    """Write to the log what a client library raised that nobody foresaw: where, and what it says without secrets."""
    said = " ".join(without_secrets(str(error)).split())
    # Frames alone: the messages in a whole traceback hold addresses with a secret, those of its causes too.
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s %s: %s\nTraceback (most recent call last):\n%s", what, type(error).__name__, said, frames)


def options_of(kind: str) -> dict[str, Any]:
    """What the registry of that kind is made with, from the settings."""
    chosen = {option: getattr(settings, setting) for option, setting in SETTINGS[kind].items()}
    return {**chosen, "model": settings.REGISTRY_MODEL}


def register_bundle(
    path: Path, *, tags: Mapping[str, str] | None = None, sign_with: Path | None = None, by: AbstractBaseUser | None
) -> RegisteredVersion:
    """The version that the bundle at `path` is in the registry, signed with the key in the file `sign_with`.

    The same again changes nothing there. Raises ArtifactCorrupt, AlreadyRegistered, KeyUnusable and the other errors
    of a registry.
    """
    key = signing.read_keys(sign_with) if sign_with else None
    signature = signing.sign(sound_bundle(path).digest, key) if key is not None else ""
    registered = current().register(path, tags=tags, signature=signature)
    with transaction.atomic():
        # Each time, so that one that was cut off between the registry and here is recorded when it is repeated.
        record(
            "bundle_registered",
            by=by,
            after={
                "version": str(registered),
                "digest": registered.digest,
                "registry": settings.REGISTRY,
                "source": registered.source,
                "tags": dict(registered.tags),
                "signed": bool(registered.signature),
            },
        )
    return registered


def _begin_anew_in_child() -> None:
    """A connection that a parent opened is not for two."""
    global _opening
    _opening = threading.Lock()
    _current.clear()


os.register_at_fork(after_in_child=_begin_anew_in_child)
