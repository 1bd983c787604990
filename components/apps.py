from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save


class ComponentsConfig(AppConfig):
    name = "components"
    verbose_name = "Components"

    def ready(self) -> None:
        from audit.verification import also_follow, also_verify
        from components import checks  # noqa: F401  (registers the system checks)
        from components.derived import Inventory, Reviews, differences
        from components.permissions import grant_roles
        from components.services.leaving import let_go_of_reviews

        post_migrate.connect(grant_roles, sender=self)
        # Before the account is watched: the event of a change takes the chain, whose lock is everywhere the last.
        post_save.connect(let_go_of_reviews, sender="components.User")
        _watch()
        also_verify(differences)
        also_follow(Inventory)
        also_follow(Reviews)


def _watch() -> None:
    """Have an event tell of each change to what may change."""
    from knox.models import AuthToken

    from audit.watching import columns_of, watch
    from components.models import ReasonCode, Regulation, User

    watch(User, fields=(*columns_of(User, but=("last_login",)), "groups", "user_permissions"))
    watch(Regulation, fields=columns_of(Regulation))
    watch(ReasonCode, fields=columns_of(ReasonCode))
    watch(AuthToken, fields=columns_of(AuthToken))
