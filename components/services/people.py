"""What is known of the person who acts."""

from django.db.models import prefetch_related_objects

from components.models import User


def roles_of(user: User) -> str:
    """The person's roles now, in order, comma separated; asked of the database once for each object."""
    prefetch_related_objects([user], "groups")
    return ", ".join(sorted(group.name for group in user.groups.all()))[:200]
