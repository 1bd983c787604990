"""People and regulations are entered here; components and labels are shown."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from knox.models import AuthToken

from components.forms import StaffSignInForm
from components.models import Component, Label, Regulation, User
from components.querysets import ComponentQuerySet

admin.site.site_title = "Trey Compliance"
admin.site.site_header = "Trey Compliance"
admin.site.index_title = "Administration"
admin.site.login_form = StaffSignInForm
admin.site.unregister([Group, AuthToken])


class ShownOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # takes none at run time
    """Read only, whatever a person's permissions: services write these rows. A table may be large."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class PeopleAdmin(UserAdmin):  # type: ignore[type-arg]
    """Only superusers make superusers, touch theirs, or hand out single permissions beside the roles."""

    list_display = ("username", "first_name", "last_name", "is_active", "is_staff", "is_superuser", "last_login")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        fixed = ("last_login", "date_joined")
        return fixed if request.user.is_superuser else (*fixed, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # What a person entered stays theirs; who leaves is made inactive.
        return False


@admin.register(Group)
class RoleAdmin(ShownOnly, GroupAdmin):
    """The roles, with the permissions that the release gives them."""


@admin.register(AuthToken)
class TokenAdmin(ShownOnly):
    """Tokens are made by those they belong to; here they can be looked at and revoked."""

    list_display = ("token_key", "user", "created", "expiry")
    list_select_related = ("user",)
    search_fields = ("token_key", "user__username")
    fields = ("token_key", "user", "created", "expiry")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(Regulation)
class RegulationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes none at run time
    list_display = ("code", "title", "effective_on")
    search_fields = ("code", "title", "text")

    def has_delete_permission(self, request: HttpRequest, obj: Regulation | None = None) -> bool:
        return False


@admin.register(Component)
class ComponentAdmin(ShownOnly):
    list_display = ("id", "external_id", "beginning", "label_value", "entered_by", "entered_at")
    list_filter = ("label__value", "label__source")
    fields = ("external_id", "description", "label", "entered_by", "entered_at")
    search_fields = ("search_text",)
    search_help_text = "Words of the description or the external id"

    def get_queryset(self, request: HttpRequest) -> ComponentQuerySet:
        return Component.objects.rows()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Component], search_term: str
    ) -> tuple[QuerySet[Component], bool]:
        """By the index that the pages use."""
        return Component.objects.rows().search(search_term) & queryset, False

    @admin.display(description="description")
    def beginning(self, component: Component) -> str:
        return component.description[:80]

    @admin.display(description="label")
    def label_value(self, component: Component) -> str:
        return component.label.value if component.label else "–"


@admin.register(Label)
class LabelAdmin(ShownOnly):
    list_display = ("id", "component", "value", "source", "regulation", "created_at")
    list_filter = ("value", "source", "regulation")
    list_select_related = ("component", "regulation")
    search_fields = ("component__external_id__exact", "component__id__exact")
    search_help_text = "The external id or the number of a component, in full"
