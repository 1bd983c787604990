from django.contrib import admin
from django.utils.safestring import SafeString

from audit.documents import text_document
from mlops.admin.numbered import NumberedAdmin
from mlops.models import Explanation


@admin.register(Explanation)
class ExplanationAdmin(NumberedAdmin):
    list_display = ("id", "created_at", "prediction_id", "score")
    fields = ("prediction", "created_at", "score", "read_to", "words_in_text")
    search_fields = ("prediction_id",)
    search_help_text = "The number of a prediction"

    @admin.display(description="words: change of score, and of log odds")
    def words_in_text(self, explanation: Explanation) -> SafeString:
        text = explanation.prediction.text
        lines = (f"{weight:+.4f}  {odds:+8.2f}  {text[start:stop]}" for start, stop, weight, odds in explanation.words)
        return text_document("\n".join(lines))
