"""What became of versions: their steps, what was found and measured, the rankings, the looks at the registry."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from audit.admin import ReadOnlyAdmin
from audit.documents import json_document
from mlops.admin.figures import short
from mlops.models import Evaluation, EvaluationSet, RegistrySync, Transition, Verification


@admin.register(Transition)
class TransitionAdmin(ReadOnlyAdmin):
    list_display = ("id", "at", "model_version", "from_state", "to_state", "reason", "by")
    list_filter = ("to_state",)
    list_select_related = ("model_version", "by")
    search_fields = ("model_version__name", "model_version__version", "reason")
    search_help_text = "Part of a version's name, or of a reason"


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin):
    list_display = ("id", "at", "model_version", "passed", "failure", "seconds")
    list_filter = ("passed",)
    list_select_related = ("model_version",)
    fields = ("model_version", "at", "passed", "checks_made", "seconds", "peak_bytes")

    @admin.display(description="failed check")
    def failure(self, verification: Verification) -> str:
        failed = [check for check in verification.checks if not check["passed"]]
        return f"{failed[0]['name']}: {failed[0]['detail']}" if failed else "–"

    @admin.display(description="checks")
    def checks_made(self, verification: Verification) -> SafeString:
        rows = (
            (check["name"], "passed" if check["passed"] else "failed", check["detail"]) for check in verification.checks
        )
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}. {}</li>", rows))


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    list_display = ("id", "at", "model_version", "evaluation_set", "accuracy", "recall", "seconds")
    list_filter = ("evaluation_set",)
    list_select_related = ("model_version", "evaluation_set")
    fields = ("model_version", "evaluation_set", "at", "accuracy", "recall", "results_text", "leaks_text", "seconds")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evaluation]:
        return super().get_queryset(request).defer("labels", "evaluation_set__samples")

    @admin.display(description="accuracy")
    def accuracy(self, evaluation: Evaluation) -> str:
        return "{} ({})".format(*short(evaluation.results, "accuracy"))

    @admin.display(description="recall of non-compliant")
    def recall(self, evaluation: Evaluation) -> str:
        return "{} ({})".format(*short(evaluation.results, "recall"))

    @admin.display(description="results")
    def results_text(self, evaluation: Evaluation) -> SafeString:
        return json_document(evaluation.results)

    @admin.display(description="leaks")
    def leaks_text(self, evaluation: Evaluation) -> SafeString:
        return json_document(evaluation.leaks)


@admin.register(EvaluationSet)
class EvaluationSetAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "regulation_code", "version", "rows", "created_at")
    list_filter = ("regulation_code",)
    fields = ("regulation_code", "version", "effective_on", "digest", "rows", "counts_text", "origin", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[EvaluationSet]:
        return super().get_queryset(request).defer("samples")

    @admin.display(description="rows by label and by kind")
    def counts_text(self, measured_on: EvaluationSet) -> SafeString:
        return json_document(measured_on.counts)


@admin.register(RegistrySync)
class RegistrySyncAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "registry", "outcome", "problem", "seen", "added", "unreadable_count", "by")
    list_filter = ("outcome", "registry")
    list_select_related = ("by",)
    fields = (
        *("started_at", "ended_at", "registry", "outcome", "problem", "seen", "added", "unreadable_sentences", "by"),
    )

    @admin.display(description="unreadable")
    def unreadable_count(self, sync: RegistrySync) -> int:
        return len(sync.unreadable)

    @admin.display(description="unreadable entries")
    def unreadable_sentences(self, sync: RegistrySync) -> SafeString | str:
        if not sync.unreadable:
            return "–"
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((one,) for one in sync.unreadable)))
