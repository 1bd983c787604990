"""Who uses the application."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person or an API client. What they may do follows from the groups of `components.permissions`."""

    def shown_name(self) -> str:
        """The person's name, else the name of the account."""
        return shown_name(self.first_name, self.last_name, self.username)


def shown_name(first_name: str, last_name: str, username: str) -> str:
    """What a person is called in pages and records: the name, else the name of the account."""
    return f"{first_name} {last_name}".strip() or username
