import json

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audit.admin import ReadOnlyAdmin
from mlops.models import ModelVersion


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "registered_at", "short_digest", "threshold")
    list_filter = ("name",)
    search_fields = ("name", "version", "digest")
    fields = ("name", "version", "digest", "registered_at", "card_text", "manifest_text")

    @admin.display(description="digest")
    def short_digest(self, version: ModelVersion) -> str:
        return version.digest[:19]

    @admin.display(description="threshold")
    def threshold(self, version: ModelVersion) -> object:
        return version.manifest.get("threshold", "")

    @admin.display(description="model card")
    def card_text(self, version: ModelVersion) -> SafeString:
        return format_html('<pre class="document">{}</pre>', version.card)

    @admin.display(description="manifest")
    def manifest_text(self, version: ModelVersion) -> SafeString:
        return format_html('<pre class="document">{}</pre>', json.dumps(version.manifest, indent=2, ensure_ascii=False))
