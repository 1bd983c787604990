"""Model versions: the list with what was measured of each, the page of one, and what may be done to it."""

from functools import partial
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audit.admin import ReadOnlyAdmin
from mlops.admin.acts import ACTS, SYNC_PERMISSION, act_page, sync_page
from mlops.admin.figures import short, size
from mlops.admin.page import page_of
from mlops.models import Dataset, ModelVersion, Ranking
from mlops.services.syncing import standing

NOT_MEASURED = format_html('<span class="quiet">{}</span>', "not measured")


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "state_word", "accuracy", "recall", "size", "regulation", "known_since")
    search_fields = ("name", "version", "digest", "state", "regulation_code", "registry")
    search_help_text = "Part of a name, a version, a digest, a state, a regulation or a registry's kind"
    ordering = ("-registered_at", "-id")

    class Media:
        css = {"all": ("css/versions.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelVersion]:
        return ModelVersion.objects.with_figures().defer("manifest", "card", "metrics", "tags", "lineage")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [path("sync/", view(partial(sync_page, self)), name="mlops_modelversion_sync")]
        own += [
            path(f"<int:pk>/{act.name}/", view(partial(act_page, self, act=act)), name=f"mlops_modelversion_{act.name}")
            for act in ACTS
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        shown = {
            "standing": standing(),
            "datasets": Dataset.objects.count(),
            "rankings": Ranking.objects.standing().select_related("candidate", "champion"),
            "title": "Model versions",
            "may_sync": request.user.has_perm(SYNC_PERMISSION),
        }
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        shown = page_of(context["original"], by=cast(AbstractBaseUser, request.user))
        return super().render_change_form(request, {**context, **shown}, *args, **kwargs)

    @admin.display(description="state", ordering="state")
    def state_word(self, version: Any) -> SafeString:
        serving = format_html('<br><span class="state serving">{}</span>', "serves") if version.serves else ""
        withdrawn = (
            format_html('<br><span class="quiet">{}</span>', "not listed any more") if version.is_withdrawn else ""
        )
        return format_html('<span class="state {0}">{0}</span>{1}{2}', version.state, serving, withdrawn)

    @admin.display(description="accuracy")
    def accuracy(self, version: Any) -> SafeString:
        return _beside_champion(version, "accuracy")

    @admin.display(description="recall")
    def recall(self, version: Any) -> SafeString:
        return _beside_champion(version, "recall")

    @admin.display(description="size", ordering="bytes")
    def size(self, version: ModelVersion) -> SafeString:
        return format_html('<span class="nowrap">{}</span>', size(version.bytes))

    @admin.display(description="known since", ordering="registered_at")
    def known_since(self, version: ModelVersion) -> SafeString:
        at = timezone.localtime(version.registered_at)
        return format_html(
            '<span class="nowrap">{}</span><br><span class="quiet">{}</span>',
            date_format(at, "j M Y"),
            date_format(at, "H:i"),
        )

    @admin.display(description="regulation, digest", ordering="regulation_code")
    def regulation(self, version: ModelVersion) -> SafeString:
        return format_html('{}<br><code class="quiet">{}</code>', version.regulation_code, version.digest[:19])


def _beside_champion(version: Any, field: str) -> SafeString:
    """A figure with its interval, and below it the champion's on the same texts."""
    value, interval = short(version.measured, field)
    if not value:
        return NOT_MEASURED
    champions = "" if version.serves else short(version.champions, field)[0]
    beside = format_html('<br><span class="quiet nowrap">champion {}</span>', champions) if champions else ""
    return format_html(
        '<strong class="nowrap">{}</strong> <span class="quiet nowrap">{}</span>{}', value, interval, beside
    )
