from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from audit.admin import ReadOnlyAdmin
from mlops.models import ModelVersion, Ranking


@admin.register(Ranking)
class RankingAdmin(ReadOnlyAdmin):
    """Why a version was or was not chosen; "no change" is a decision too."""

    list_display = ("id", "at", "regulation_code", "decision", "champion", "by")
    list_filter = ("regulation_code",)
    list_select_related = ("candidate", "champion", "by")

    class Media:
        css = {"all": ("css/versions.css",)}

    @admin.display(description="decision")
    def decision(self, ranking: Ranking) -> str:
        return "no change" if ranking.candidate is None else f"{ranking.candidate} is the candidate"

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        ranking = context["original"]
        digests = [verdict["digest"] for verdict in ranking.verdicts]
        keys = dict(ModelVersion.objects.filter(digest__in=digests).values_list("digest", "pk"))
        verdicts = [{**verdict, "pk": keys.get(verdict["digest"])} for verdict in ranking.verdicts]
        shown = {
            "ranking": ranking,
            "verdicts": verdicts,
            "policy": {name.replace("_", " ").capitalize(): value for name, value in ranking.policy.items()},
            "newest": ranking in Ranking.objects.standing(),
        }
        return super().render_change_form(request, {**context, **shown}, *args, **kwargs)
