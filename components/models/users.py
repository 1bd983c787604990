"""Who uses the application."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person or an API client. What they may do follows from the groups of `components.permissions`."""
