from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from mlops.models import Feedback


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    list_display = ("id", "given_at", "given_by", "label", "regulation_code", "blind", "prediction_id", "retracts_id")
    list_filter = ("label", "blind", "regulation_code", ("retracts", admin.EmptyFieldListFilter))
    list_select_related = ("given_by",)
    search_fields = ("id__exact", "prediction__id__exact")
    search_help_text = "The number of a feedback or of its prediction"
