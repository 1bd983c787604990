"""Read settings from the environment, strictly."""

import math
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured
from environ import FileAwareEnv
from environ.fileaware_mapping import FileAwareMapping

YES = frozenset({"true", "yes", "on", "1"})
NO = frozenset({"false", "no", "off", "0"})
LEAST_SECRET_KEY = 50
SQLITE = "django.db.backends.sqlite3"
_HOST = re.compile(r"[\w.-]+|[\da-fA-F:.]+(%\w+)?", re.ASCII)
_MODEL_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_NAME_OF_SITE = re.compile(r"\*|\.?[\w-]+(\.[\w-]+)*\.?|\[[\da-fA-F:.]+\]", re.ASCII)
_AZURE_NAME = re.compile(r"[\w().-]{0,89}[\w()-]", re.ASCII)
_GUID = re.compile(r"[\da-fA-F]{8}(-[\da-fA-F]{4}){3}-[\da-fA-F]{12}")
_ORIGIN = re.compile(r"https?://[^\s/?#]+")


class _Values(FileAwareMapping):  # type: ignore[misc]
    """Without the line feed that ends most files, and escaped: a secret that begins with $ names no variable."""

    def __getitem__(self, key: str) -> str:
        value = str(super().__getitem__(key))
        return value.strip().replace("$", r"\$")


class Environment(FileAwareEnv):  # type: ignore[misc]
    """Typed settings by NAME, or from the file that NAME_FILE names. An empty value stands for the default.

    Every reader raises ImproperlyConfigured for a value that cannot work: a sentence that names the setting and says
    what to write, but does not repeat the value.
    """

    ENVIRON = _Values(cache=False)

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
        value = super().get_value(var, cast, default, parse_default)
        return [item.strip() for item in value] if isinstance(value, list) else value

    def read_file(self, name: str, *, default: str, root: Path) -> None:
        """Add the lines of the file that the setting names to the environment, which goes before them."""
        given = self.str(name, default="")
        file = root / (given or default)
        if not given and not file.exists():
            return
        try:
            with file.open(encoding="utf-8") as lines:
                self.read_env(lines)
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{name} must be a file of settings in UTF-8 that can be read.") from error

    def whole(self, name: str, *, default: int, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        try:
            number = int(self.str(name, default=str(default)))
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}.") from error
        if not least <= number <= most:
            raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}.")
        return number

    def seconds(self, name: str, *, default: float, least: float, most: float) -> float:
        """A number of seconds from `least` to `most`."""
        try:
            number = float(self.str(name, default=str(default)))
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise ImproperlyConfigured(f"{name} must be a number of seconds from {least:g} to {most:g}.")
        return number

    def share(self, name: str, *, default: float) -> float:
        """A share from 0 to 1, such as 0.05 for five of a hundred."""
        try:
            share = float(self.str(name, default=str(default)))
        except ValueError:
            share = math.nan
        if not 0 <= share <= 1:
            raise ImproperlyConfigured(f"{name} must be a share from 0 to 1, such as 0.05.")
        return share

    def model_name(self, name: str, *, default: str) -> str:
        """A name that every registry takes."""
        given: str = self.str(name, default=default)
        if not _MODEL_NAME.fullmatch(given):
            raise ImproperlyConfigured(f"{name} must be of small letters, digits, full stops, hyphens and underscores.")
        return given

    def azure_name(self, name: str, *, default: str = "") -> str:
        """The name of something in Azure; empty where none is given."""
        given: str = self.str(name, default=default)
        if given and not _AZURE_NAME.fullmatch(given):
            raise ImproperlyConfigured(f"{name} must be a name as the Azure portal shows it, not an address or a path.")
        return given

    def guid(self, name: str) -> str:
        """An identity as Azure gives them; empty where none is given."""
        given: str = self.str(name, default="")
        if given and not _GUID.fullmatch(given):
            raise ImproperlyConfigured(f"{name} must be a GUID such as 00000000-0000-0000-0000-000000000000.")
        return given

    def server(self, name: str) -> str:
        """The address of a web server, perhaps with a path; empty where none is given."""
        address: str = self.str(name, default="")
        if address and not _is_of_web(address):
            raise ImproperlyConfigured(f"{name} must be an address such as https://mlflow.example, without a password.")
        return address

    def file(self, name: str, *, root: Path) -> str:
        """The path of a file that can be read, from `root` where it is relative; empty where none is given."""
        given: str = self.str(name, default="")
        if not given:
            return ""
        try:
            with (root / given).open("rb"):
                return str(root / given)
        except OSError as error:
            raise ImproperlyConfigured(f"{name} must be a file that can be read.") from error

    def choice(self, name: str, *, default: str, of: Collection[str]) -> str:
        """One of these words, in capital letters or small ones."""
        given = self.str(name, default=default).casefold()
        for word in of:
            if word.casefold() == given:
                return word
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(of)}.")

    def time_zone(self, name: str, *, default: str) -> str:
        """The name of a time zone that this machine knows."""
        zone: str = self.str(name, default=default)
        try:
            ZoneInfo(zone)
        except (ValueError, OSError, LookupError) as error:
            raise ImproperlyConfigured(f"{name} must be a time zone such as UTC or Europe/London.") from error
        return zone

    def secret(self, name: str) -> str:
        """A key long enough that nobody can guess it; empty where none is given."""
        key: str = self.str(name, default="")
        if key and len(key) < LEAST_SECRET_KEY:
            raise ImproperlyConfigured(
                f"{name} must have {LEAST_SECRET_KEY} characters at least: leave it out to have one made and kept."
            )
        return key

    def token(self, name: str) -> str:
        """What a header can carry; empty where none is given."""
        token: str = self.str(name, default="")
        if not (token.isascii() and token.isprintable()):
            raise ImproperlyConfigured(f"{name} must be of ASCII characters that can be seen.")
        return token

    def host(self, name: str, *, default: str) -> str:
        """A host name or an address, without a port."""
        host: str = self.str(name, default=default)
        if not _HOST.fullmatch(host):
            raise ImproperlyConfigured(f"{name} must be a host name or an address, without a port.")
        return host

    def names_of_site(self, name: str, *, default: list[str]) -> list[str]:
        """Host names, with a leading full stop for all below one, or * for any; at least one."""
        names = [item for item in self.list(name, default=default) if item]
        if not names or not all(_NAME_OF_SITE.fullmatch(item) for item in names):
            raise ImproperlyConfigured(
                f"{name} must be host names separated by commas, without https:// and port, such as "
                "compliance.example,127.0.0.1,[::1]."
            )
        return names

    def origins(self, name: str) -> list[str]:
        """Schemes with a host, and a port where it is not the usual one; possibly none."""
        origins = [item for item in self.list(name, default=[]) if item]
        if not all(_ORIGIN.fullmatch(item) for item in origins):
            raise ImproperlyConfigured(
                f"{name} must be origins separated by commas, such as https://compliance.example, without a path."
            )
        return origins

    def database(self, name: str, *, default: Path) -> dict[str, Any]:
        """Django's settings of the SQLite or PostgreSQL database there, or of SQLite in the file `default`."""
        address = self.str(name, default="")
        if not address:
            return {"ENGINE": SQLITE, "NAME": str(default), "OPTIONS": {}}
        if not _is_of_database(address):
            raise ImproperlyConfigured(
                f"{name} must be an address such as postgresql://user:password@host:5432/name, or sqlite:////a/file."
            )
        found: dict[str, Any] = self.db_url_config(address)
        return {"OPTIONS": {}} | found

    def redis(self, name: str) -> str:
        """The address of a Redis database; empty where none is given."""
        address: str = self.str(name, default="")
        if address and not _is_of_redis(address):
            raise ImproperlyConfigured(
                f"{name} must be an address such as redis://host:6379/0, or rediss:// for one with TLS."
            )
        return address


def _is_of_database(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = None if "," in parts.netloc else parts.port  # several hosts, of which the one that answers is taken
    except ValueError:
        return False
    name = parts.path.strip("/")
    if parts.scheme == "sqlite":
        return bool(name and not parts.netloc)
    return bool(parts.scheme in ("postgresql", "postgres") and name and port != 0)


def _is_of_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    # Addresses are quoted in logs and errors, where a password must not stand.
    return bool(parts.scheme in ("http", "https") and parts.hostname and port != 0 and "@" not in parts.netloc)


def _is_of_redis(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    number = re.fullmatch(r"(/\d*)?", parts.path, re.ASCII)
    return bool(parts.scheme in ("redis", "rediss") and parts.hostname and port != 0 and number)


def made(directory: Path, *, name: str) -> Path:
    """The directory, made if it was missing. Raises ImproperlyConfigured where it cannot be; `name` is its setting."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{directory} cannot be made ({error.strerror}): make it possible, or set {name} to a directory that can."
        ) from error
    return directory


def appendable(file: Path, *, name: str) -> Path:
    """The file, whose directory is made if it was missing. Raises ImproperlyConfigured where it is none; as `made`."""
    made(file.parent, name=name)
    if file.is_dir():
        raise ImproperlyConfigured(f"{name} must be a file, and {file} is a directory.")
    return file


def no_file(directory: Path, *, name: str) -> Path:
    """The directory, which need not be there yet. Raises ImproperlyConfigured where a file is in its place."""
    try:
        in_its_place = directory.exists() and not directory.is_dir()
    except OSError:  # it cannot be reached now: whoever uses it says so
        in_its_place = False
    if in_its_place:
        raise ImproperlyConfigured(f"{name} must be a directory, and {directory} is a file.")
    return directory
