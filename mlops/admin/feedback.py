from django.contrib import admin

from mlops.admin.numbered import NumberedAdmin
from mlops.models import Feedback


@admin.register(Feedback)
class FeedbackAdmin(NumberedAdmin):
    list_display = ("id", "given_at", "given_by", "label", "regulation_code", "blind", "prediction_id", "retracts_id")
    list_filter = ("label", "blind", "regulation_code", ("retracts", admin.EmptyFieldListFilter))
    list_select_related = ("given_by",)
    search_fields = ("id", "prediction_id")
    search_help_text = "The number of a feedback or of its prediction"
