from typing import Self

from django.conf import settings
from django.db import models

from audit.ledgers import ledger
from mlops import contracts


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def truths(self) -> Self:
        """Every truth that was not taken back: of one prediction there may be several."""
        return self.filter(retracts=None, retraction=None)

    def standing(self) -> Self:
        """The truth that counts for each prediction: the newest of those not taken back."""
        newer = Feedback.objects.truths().filter(prediction=models.OuterRef("prediction"), pk__gt=models.OuterRef("pk"))
        return self.truths().exclude(models.Exists(newer))


@ledger
class Feedback(models.Model):
    """A person's truth for a prediction; or, where `retracts` is set, the taking back of one, which says nothing else.

    A row is never changed: whoever thinks again adds another.
    """

    prediction = models.ForeignKey("mlops.Prediction", on_delete=models.PROTECT, related_name="feedback")
    label = models.CharField(
        max_length=16,
        blank=True,
        choices=[(label.value, label.value) for label in contracts.Label],
        help_text="The truth, by the person's word. Empty in a retraction.",
    )
    regulation_code = models.CharField(
        max_length=64, blank=True, help_text="The regulation that was judged by. Empty in a retraction."
    )
    blind = models.BooleanField(default=False, help_text="Whether the model's answer was hidden until the decision.")
    inclusion_probability = models.FloatField(
        null=True,
        blank=True,
        help_text="The prediction's, where it was looked at because it was sampled. Empty: for another reason.",
    )
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    retracts = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="retraction",
        help_text="The feedback that this row takes back.",
    )

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "feedback"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    ~models.Q(regulation_code=""),
                    retracts=None,
                    label__in=[label.value for label in contracts.Label],
                )
                | models.Q(
                    retracts__isnull=False, label="", regulation_code="", blind=False, inclusion_probability=None
                ),
                name="feedback_is_truth_or_retraction",
            ),
            models.CheckConstraint(
                condition=models.Q(inclusion_probability=None)
                | models.Q(inclusion_probability__gt=0, inclusion_probability__lte=1),
                name="feedback_inclusion_above_0_to_1",
            ),
        )

    def __str__(self) -> str:
        if self.retracts_id is not None:
            return f"feedback {self.pk}: takes back {self.retracts_id}"
        return f"feedback {self.pk}: {self.label}"
