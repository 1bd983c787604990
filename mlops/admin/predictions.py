from django.contrib import admin

from mlops.admin.numbered import NumberedAdmin
from mlops.models import Prediction


@admin.register(Prediction)
class PredictionAdmin(NumberedAdmin):
    list_display = ("id", "created_at", "label", "score", "model_version", "truncated", "beginning")
    list_filter = ("label", "truncated", "model_version")
    list_select_related = ("model_version",)
    search_fields = ("id",)
    search_help_text = "The number of a prediction"

    @admin.display(description="text")
    def beginning(self, prediction: Prediction) -> str:
        return prediction.text[:80]
