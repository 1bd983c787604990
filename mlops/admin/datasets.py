from django.contrib import admin
from django.utils.safestring import SafeString

from audit.admin import ReadOnlyAdmin
from audit.documents import json_document
from mlops.models import Dataset


@admin.register(Dataset)
class DatasetAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "regulation_code", "rows", "registry", "registered_at", "registered_by")
    list_filter = ("regulation_code", "registry")
    list_select_related = ("registered_by",)
    search_fields = ("name", "version", "digest")
    search_help_text = "Part of a name, a version or a digest"
    fields = (
        *("name", "version", "digest", "regulation_code", "rows", "counts_text", "recipe_text"),
        *("registry", "source", "registered_by", "registered_at"),
    )

    @admin.display(description="rows by label")
    def counts_text(self, dataset: Dataset) -> str:
        return ", ".join(f"{label}: {count:,}" for label, count in sorted(dataset.counts.items()))

    @admin.display(description="recipe")
    def recipe_text(self, dataset: Dataset) -> SafeString | str:
        if not dataset.recipe:
            return "uploaded"
        return json_document(dataset.recipe)
