from typing import Self

from django.conf import settings
from django.db import models

from audit.ledgers import ledger


class EvaluationSetQuerySet(models.QuerySet["EvaluationSet"]):
    def newest_of_each(self) -> Self:
        """The set that is measured on, of each regulation, without its texts."""
        newest = self.filter(regulation_code=models.OuterRef("regulation_code")).order_by("-version").values("pk")[:1]
        return self.filter(pk=models.Subquery(newest)).defer("samples")

    def newest_for(self, regulation: str) -> Self:
        """The set that versions for the regulation are measured on: one row, or none."""
        return self.filter(regulation_code=regulation).order_by("-version")[:1]


@ledger
class EvaluationSet(models.Model):
    """The fixed texts that every version for a regulation is measured on. Never trained on, never changed."""

    regulation_code = models.CharField(max_length=64)
    version = models.PositiveIntegerField(help_text="Counts up for each regulation; the highest is measured on.")
    digest = models.CharField(max_length=71, unique=True, help_text="sha256: of the samples in canonical form.")
    samples = models.JSONField(help_text="A list of [text, label, kind]; the label is 0 compliant, 1 non-compliant.")
    rows = models.PositiveIntegerField()
    counts = models.JSONField(help_text="Rows by label and by kind.")
    effective_on = models.DateField(
        null=True,
        blank=True,
        help_text="The day from which the regulation applies: which one is newer follows from it. Empty: not said.",
    )
    origin = models.TextField(help_text="Where the texts come from, in a sentence.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EvaluationSetQuerySet.as_manager()

    class Meta:
        ordering = ("regulation_code", "-version")
        constraints = (
            models.UniqueConstraint(fields=("regulation_code", "version"), name="evaluation_set_version_unique"),
        )

    def __str__(self) -> str:
        return f"{self.regulation_code} v{self.version}"


@ledger
class Evaluation(models.Model):
    """What a version did on an evaluation set, measured here."""

    model_version = models.ForeignKey("mlops.ModelVersion", on_delete=models.PROTECT, related_name="evaluations")
    evaluation_set = models.ForeignKey(EvaluationSet, on_delete=models.PROTECT, related_name="evaluations")
    results = models.JSONField(
        help_text="Accuracy, recall of non-compliant, calibration error, latency, each with its 95 % interval; bytes."
    )
    labels = models.TextField(help_text="A digit a text, in the set's order: the label that the version gave.")
    leaks = models.JSONField(
        default=dict,
        help_text="How it was looked for texts of the set in what it was trained on, and how many stood there.",
    )
    seconds = models.FloatField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"evaluation {self.pk}"


class RankingQuerySet(models.QuerySet["Ranking"]):
    def standing(self) -> Self:
        """The ranking that counts for each regulation: its newest."""
        newest = self.filter(regulation_code=models.OuterRef("regulation_code")).order_by("-pk").values("pk")[:1]
        return self.filter(pk=models.Subquery(newest))

    def standing_for(self, regulation: str) -> Self:
        """The ranking that counts for the regulation: one row, or none."""
        return self.standing().filter(regulation_code=regulation)


@ledger
class Ranking(models.Model):
    """Which version is the best by the policy, and why; "no change" is a decision too."""

    regulation_code = models.CharField(max_length=64)
    champion = models.ForeignKey(
        "mlops.ModelVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    candidate = models.ForeignKey(
        "mlops.ModelVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: no change.",
    )
    policy = models.JSONField(help_text="The floors and margins that were applied.")
    verdicts = models.JSONField(
        help_text='A list of {"version", "digest", "verdict", "reasons"}, best first: why each was or was not chosen.'
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = RankingQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"ranking {self.pk} for {self.regulation_code}"
