from django.db import models


class Explanation(models.Model):
    """What was found out once about the words of a prediction's text; it follows from text and bundle alone."""

    prediction = models.OneToOneField("mlops.Prediction", on_delete=models.PROTECT, related_name="explanation")
    score = models.FloatField(help_text="The score of the whole text, in the run that the weights come from.")
    read_to = models.PositiveIntegerField(help_text="How many characters of the text the model read.")
    words = models.JSONField(
        help_text="A list of [start, stop, weight, log odds]: characters of the text, and what they did."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"explanation of prediction {self.prediction_id}"
