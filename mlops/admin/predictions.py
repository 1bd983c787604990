from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from mlops.models import Prediction


@admin.register(Prediction)
class PredictionAdmin(ReadOnlyAdmin):
    list_display = ("id", "created_at", "label", "score", "model_version", "truncated", "beginning")
    list_filter = ("label", "truncated", "model_version")
    list_select_related = ("model_version",)
    search_fields = ("id__exact",)
    search_help_text = "The number of a prediction"

    @admin.display(description="text")
    def beginning(self, prediction: Prediction) -> str:
        return prediction.text[:80]
