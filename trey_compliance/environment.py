"""Read settings from the environment, strictly."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import FileAwareEnv
from environ.fileaware_mapping import FileAwareMapping

YES = frozenset({"true", "yes", "on", "1"})
NO = frozenset({"false", "no", "off", "0"})


class _Values(FileAwareMapping):  # type: ignore[misc]
    """Without the line feed that ends most files, and escaped: a secret that begins with $ names no variable."""

    def __getitem__(self, key: str) -> str:
        value = str(super().__getitem__(key))
        return value.strip().replace("$", r"\$")


class Environment(FileAwareEnv):  # type: ignore[misc]
    """Typed settings by NAME, or from the file that NAME_FILE names. An empty value stands for the default.

    Raises ImproperlyConfigured, which names the setting but not its value, for what cannot be read.
    """

    ENVIRON = _Values()

    def __init__(self) -> None:
        super().__init__()
        self.escape_proxy = True

    def get_value(
        self, var: str, cast: Any = None, default: Any = FileAwareEnv.NOTSET, parse_default: bool = False
    ) -> Any:
        try:
            text = self.ENVIRON.get(var, "")
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"The file that {var}_FILE names cannot be read.") from error
        if not text and default is not self.NOTSET:
            return default
        if cast is bool and text.lower() not in YES | NO:
            raise ImproperlyConfigured(f"{var} must be true or false.")
        try:
            value = super().get_value(var, cast, default, parse_default)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} must be a number.") from error
        return [item.strip() for item in value] if isinstance(value, list) else value


def made(directory: Path) -> Path:
    """The directory, made if it was missing. Raises ImproperlyConfigured where it cannot be."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{directory} cannot be made ({error.strerror}): make VAR_DIR writable, or set it to a directory that is."
        ) from error
    return directory
