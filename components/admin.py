"""People, regulations, policies and reason codes are entered here; all else is shown, and nothing is deleted."""

from datetime import datetime
from typing import Any, cast

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from knox.models import AuthToken

from audit.admin import ReadOnlyAdmin, SearchableAdmin, numbered
from components.forms import PolicyForm, StaffSignInForm
from components.models import (
    Answer,
    Claim,
    Component,
    Decision,
    Description,
    Label,
    ReasonCode,
    Regulation,
    Review,
    ReviewPolicy,
    Route,
    StopSwitch,
    User,
)
from components.querysets import ComponentQuerySet
from components.services.policies import set_policy
from components.services.regulations import code_is_settled

admin.site.site_title = "Trey Compliance"
admin.site.site_header = "Trey Compliance"
admin.site.index_title = "Administration"
admin.site.login_form = StaffSignInForm
admin.site.unregister([Group, AuthToken, AccessAttempt, AccessFailureLog, AccessLog])
# Who logged in, and who failed to, is read like the rest of the record; a lock-out ends by itself.
admin.site.register([AccessAttempt, AccessFailureLog, AccessLog], ReadOnlyAdmin)


@admin.register(User)
class PeopleAdmin(SearchableAdmin, UserAdmin):  # type: ignore[type-arg]
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
class RoleAdmin(ReadOnlyAdmin, GroupAdmin):
    """The roles, with the permissions that the release gives them."""


@admin.register(AuthToken)
class TokenAdmin(ReadOnlyAdmin):
    """Tokens are made by those they belong to; here they can be looked at and revoked."""

    list_display = ("token_key", "user", "created", "expiry")
    list_select_related = ("user",)
    search_fields = ("token_key", "user__username")
    fields = ("token_key", "user", "created", "expiry")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(Regulation)
class RegulationAdmin(SearchableAdmin):
    """The code is what was judged by: it can be corrected until something was."""

    list_display = ("code", "title", "effective_on")
    search_fields = ("code", "title", "text")

    def get_readonly_fields(self, request: HttpRequest, obj: Regulation | None = None) -> tuple[str, ...]:
        return ("code",) if obj and code_is_settled(obj, lock=request.method == "POST") else ()

    def has_delete_permission(self, request: HttpRequest, obj: Regulation | None = None) -> bool:
        return False


@admin.register(ReviewPolicy)
class PolicyAdmin(ReadOnlyAdmin):
    """Policies are added, and the newest counts; the list is their history."""

    form = PolicyForm
    list_display = ("id", "band", "audit_share", "blind_share", "second_share", "reason", "set_by", "set_at")
    list_select_related = ("set_by",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def save_model(self, request: HttpRequest, obj: ReviewPolicy, form: PolicyForm, change: bool) -> None:
        obj.pk = set_policy(**form.cleaned_data, by=cast(User, request.user)).pk

    @admin.display(description="always reviewed")
    def band(self, policy: ReviewPolicy) -> str:
        return f"scores {policy.uncertain_from} to {policy.uncertain_to}"


@admin.register(ReasonCode)
class ReasonCodeAdmin(SearchableAdmin):
    """Codes are added, retired and offered again; what decisions name stays as they named it."""

    list_display = ("code", "title", "retired_at")
    actions = ("retire", "offer_again")

    def get_fields(self, request: HttpRequest, obj: ReasonCode | None = None) -> tuple[str, ...]:
        return ("code", "title", "retired_at") if obj else ("code", "title")

    def has_change_permission(self, request: HttpRequest, obj: ReasonCode | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: ReasonCode | None = None) -> bool:
        return False

    @admin.action(description="Retire: nobody may choose them any more", permissions=["change"])
    def retire(self, request: HttpRequest, codes: QuerySet[ReasonCode]) -> None:
        self._set(request, codes.filter(retired_at=None), timezone.now())

    @admin.action(description="Offer again", permissions=["change"])
    def offer_again(self, request: HttpRequest, codes: QuerySet[ReasonCode]) -> None:
        self._set(request, codes.exclude(retired_at=None), None)

    def _set(self, request: HttpRequest, codes: QuerySet[ReasonCode], at: datetime | None) -> None:
        chosen = list(codes)
        for code in chosen:
            # One by one: an update of all at once would leave no event.
            code.retired_at = at
            code.save(update_fields=["retired_at"])
        self.message_user(request, f"{len(chosen)} changed.")


@admin.register(Component)
class ComponentAdmin(ReadOnlyAdmin):
    list_display = ("id", "external_id", "beginning", "label_value", "entered_by", "entered_at")
    list_filter = ("label__value", "label__source")
    fields = ("external_id", "description", "label", "entered_by", "entered_at")
    search_fields = ("search_text",)
    search_help_text = "Words of the description or the external id"

    def get_queryset(self, request: HttpRequest) -> ComponentQuerySet:
        return Component.objects.rows()

    def find(self, request: HttpRequest, queryset: QuerySet[Component], words: str) -> tuple[QuerySet[Component], bool]:
        """By the index that the pages use."""
        return Component.objects.rows().search(words) & queryset, False

    @admin.display(description="description")
    def beginning(self, component: Component) -> str:
        return component.description[:80]

    @admin.display(description="label")
    def label_value(self, component: Component) -> str:
        return component.label.value if component.label else "–"


class OfComponentAdmin(ReadOnlyAdmin):
    """Rows that are found by their component: by its indexes, however many rows there are."""

    search_fields = ("component",)
    search_help_text = "The external id or the number of a component, in full"

    def find(self, request: HttpRequest, queryset: QuerySet[Any], words: str) -> tuple[QuerySet[Any], bool]:
        wanted = words.strip()
        return (queryset.filter(self.named(wanted)) if wanted else queryset), False

    def named(self, words: str) -> Q:
        """What rows are meant by these words."""
        component = Component.objects.filter(Q(external_id=words) | numbered(words, "pk"))
        return Q(component__in=component)


@admin.register(Label)
class LabelAdmin(OfComponentAdmin):
    list_display = ("id", "component", "value", "source", "regulation", "created_at")
    list_filter = ("value", "source", "regulation")
    list_select_related = ("component", "regulation")


@admin.register(Description)
class DescriptionAdmin(OfComponentAdmin):
    list_display = ("id", "component", "number", "written_by", "written_at")
    list_select_related = ("component", "written_by")


@admin.register(Review)
class ReviewAdmin(OfComponentAdmin):
    list_display = ("id", "component", "state", "blind", "escalated", "risk", "uncertainty", "opened_at", "holder")
    list_filter = ("state", "blind", "escalated")
    list_select_related = ("component", "holder")


@admin.register(Route)
class RouteAdmin(ReadOnlyAdmin):
    list_display = ("id", "review", "reason", "probability", "score", "threshold", "policy", "by", "at")
    list_filter = ("reason",)
    list_select_related = ("review", "policy", "by")


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ("id", "review", "officer", "claimed_at")
    list_select_related = ("review", "officer")
    search_fields = ("officer__username",)


@admin.register(Decision)
class DecisionAdmin(OfComponentAdmin):
    list_display = ("id", "component", "outcome", "value", "reason_code", "officer", "blind", "seconds", "decided_at")
    list_filter = ("outcome", "value", "blind", "reason_code")
    list_select_related = ("component", "reason_code", "officer")
    search_help_text = "An officer's name; the external id or the number of a component, in full"

    def named(self, words: str) -> Q:
        return super().named(words) | Q(officer__in=User.objects.filter(username__icontains=words))


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    list_display = ("id", "question", "answered_by", "answered_at")
    list_select_related = ("question", "answered_by")


@admin.register(StopSwitch)
class StopSwitchAdmin(ReadOnlyAdmin):
    """The page of the stop switch is where it is turned."""

    list_display = ("id", "stopped", "reason", "set_by", "set_at")
    list_select_related = ("set_by",)
