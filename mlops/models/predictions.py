from django.db import models

from audit.ledgers import ledger
from mlops import contracts


@ledger
class Prediction(models.Model):
    """One recorded answer of one model version to one text."""

    text = models.TextField(help_text="The text as it was given.")
    text_seen = models.TextField(help_text="The text as the model read it: normalised, cut to its limit.")
    truncated = models.BooleanField(help_text="Whether the text was longer than the model's limit.")
    label = models.CharField(max_length=16, choices=[(label.value, label.value) for label in contracts.Label])
    score = models.FloatField(help_text="Probability of non-compliant, 0 to 1.")
    threshold = models.FloatField(help_text="The label is non-compliant from this score upwards.")
    model_version = models.ForeignKey("mlops.ModelVersion", on_delete=models.PROTECT, related_name="predictions")
    latency_ms = models.FloatField(help_text="Milliseconds the model took for this text.")
    inclusion_probability = models.FloatField(
        null=True,
        blank=True,
        help_text="The probability, fixed before anyone looked, that a person reviews this prediction. "
        "Empty: never to be sampled.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(score__gte=0) & models.Q(score__lte=1), name="prediction_score_between_0_and_1"
            ),
            models.CheckConstraint(
                condition=models.Q(label__in=[label.value for label in contracts.Label]), name="prediction_label_known"
            ),
            models.CheckConstraint(
                condition=models.Q(label=contracts.Label.NON_COMPLIANT.value, score__gte=models.F("threshold"))
                | models.Q(label=contracts.Label.COMPLIANT.value, score__lt=models.F("threshold")),
                name="prediction_label_follows_from_score",
            ),
            models.CheckConstraint(
                condition=models.Q(inclusion_probability=None)
                | models.Q(inclusion_probability__gt=0, inclusion_probability__lte=1),
                name="prediction_inclusion_above_0_to_1",
            ),
        )

    def __str__(self) -> str:
        return f"prediction {self.pk}: {self.label} ({self.score:.3f})"
