from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Concat

from audit.ledgers import ledger
from mlops.contracts import PASSED, VersionState
from mlops.models.denials import Denial
from mlops.models.deployments import Deployment
from mlops.models.evaluations import Evaluation, EvaluationSet
from mlops.models.predictions import Prediction

_STATES = [(state.value, state.value) for state in VersionState]


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def in_state(self, *states: VersionState) -> Self:
        return self.filter(state__in=[state.value for state in states])

    def passed(self) -> Self:
        """Those whose files have been in this installation and passed every check: they may be opened."""
        return self.in_state(*PASSED)

    def without_documents(self) -> Self:
        """The same rows without manifest and card, each of which has up to megabytes."""
        return self.defer("manifest", "card")

    def claiming(self, name: str, version: str, digest: str) -> Self:
        """Those that have this name and version, or this digest: two at most."""
        return self.filter(models.Q(digest=digest) | models.Q(name=name, version=version))

    def count_by_state(self) -> dict[str, int]:
        return dict(self.order_by().values_list("state").annotate(models.Count("pk")))

    def with_figures(self) -> Self:
        """With `measured`, the newest results of each; `champions`, those of who serves on the same set; and `serves`.

        Results are None where nothing was measured.
        """
        champion = Deployment.objects.champion()
        own = Evaluation.objects.filter(model_version=models.OuterRef("pk")).order_by("-id")
        other = Evaluation.objects.filter(
            model_version__in=champion.values("model_version"), evaluation_set=models.OuterRef("measured_on")
        ).order_by("-id")
        return self.annotate(
            measured=models.Subquery(own.values("results")[:1]),
            measured_on=models.Subquery(own.values("evaluation_set")[:1]),
            champions=models.Subquery(other.values("results")[:1]),
            serves=models.Exists(champion.filter(model_version=models.OuterRef("pk"))),
        )

    def withdrawn(self) -> Self:
        """Those that a registry listed once and lists no more."""
        return self.exclude(registry="").filter(listed=False)

    def eligible(self) -> Self:
        """Those that may go on: neither withdrawn nor on the deny-list."""
        return self.filter(models.Q(registry="") | models.Q(listed=True)).allowed()

    def registered_awaiting_fetch(self) -> Self:
        """Those that the registry lists and whose files have never been here, or were lost before they had passed.

        Whose files made room for others comes back when a person asks; by itself it does where it was never measured
        and can be now. Oldest first.
        """
        return (
            self.in_state(VersionState.REGISTERED)
            .filter(listed=True)
            .filter(~models.Exists(_newest_transition_from_passed()) | _measurable() & ~models.Exists(_measured()))
            .allowed()
            .order_by("pk")
            .without_documents()
        )

    def awaiting_verification(self) -> Self:
        """Those whose files came and were not opened yet, oldest first."""
        return self.in_state(VersionState.FETCHED).eligible().order_by("pk").without_documents()

    def awaiting_evaluation(self) -> Self:
        """Those that may be ranked once they are measured on the newest set of their regulation, oldest first."""
        newest = EvaluationSet.objects.filter(regulation_code=models.OuterRef("regulation_code")).order_by("-version")
        done = Evaluation.objects.filter(model_version=models.OuterRef("pk"), evaluation_set=models.OuterRef("newest"))
        ready = self.passed().alias(newest=models.Subquery(newest.values("pk")[:1])).exclude(newest=None)
        return ready.exclude(models.Exists(done)).eligible().order_by("pk").without_documents()

    def without_evaluation_set(self) -> Self:
        """Those that stay verified, because there is nothing to measure them on."""
        return self.passed().exclude(_measurable()).eligible().order_by("pk").without_documents()

    def dispensable(self) -> Self:
        """Those whose files a registry has, and that never served nor labelled anything that must be repeatable."""
        served = Deployment.objects.filter(model_version=models.OuterRef("pk"))
        labelled = Prediction.objects.filter(model_version=models.OuterRef("pk"))
        return self.exclude(registry="").filter(~models.Exists(served), ~models.Exists(labelled))

    def champion(self) -> Self:
        """The version that should label live traffic: one row, or none."""
        return self.filter(pk__in=Deployment.objects.champion().values("model_version"))

    def allowed(self) -> Self:
        """Those that do not stand on the deny-list."""
        name = Concat("name", models.Value(":"), "version")
        denied = Denial.objects.filter(pattern__in=[models.OuterRef("digest"), models.OuterRef("written")])
        return self.alias(written=name).exclude(models.Exists(denied))


class ModelVersion(models.Model):
    """A model version that is known here: one bundle, by its digest.

    What the registry says of it stands in columns named for it (`metrics`, `tags`, `lineage`, `signature`) and is a
    claim. What was proven here stands in `manifest` and `card`, once its files have come, in its verifications and in
    its evaluations.
    """

    name = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    digest = models.CharField(max_length=71, unique=True, help_text="sha256: and the digest of the bundle's manifest.")
    manifest = models.JSONField(
        default=dict, blank=True, help_text="The bundle's manifest: metrics, lineage, threshold, files."
    )
    card = models.TextField(blank=True, help_text="The model card, in Markdown.")
    registered_at = models.DateTimeField(auto_now_add=True, help_text="When it became known here.")

    state = models.CharField(max_length=16, choices=_STATES, default=VersionState.REGISTERED.value)
    regulation_code = models.CharField(max_length=64, blank=True, help_text="The regulation it was trained for.")
    bytes = models.BigIntegerField(null=True, blank=True, help_text="Size of all its files.")
    registry = models.CharField(
        max_length=16, blank=True, help_text="local, azureml or mlflow. Empty: installed here from a directory."
    )
    registry_version = models.CharField(max_length=64, blank=True, help_text="The number the registry gave it.")
    listed = models.BooleanField(
        default=False, help_text="Whether the registry listed it at the newest look that could read it."
    )
    source = models.TextField(blank=True, help_text="Where its files lie, in the registry's words.")
    created_at = models.DateTimeField(null=True, blank=True, help_text="When it was registered, by the registry.")
    metrics = models.JSONField(default=dict, blank=True, help_text="The figures that stand in the registry: claims.")
    tags = models.JSONField(default=dict, blank=True, help_text="The tags that stand in the registry.")
    lineage = models.JSONField(
        default=dict, blank=True, help_text="Data digest and counts, code commit, configuration, by the registry."
    )
    signature = models.TextField(blank=True, help_text="Its signature, where the registry has one.")

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-registered_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("name", "version"), name="model_version_name_version_unique"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in VersionState]), name="model_version_state_known"
            ),
        )
        permissions = (
            ("sync_registry", "Can bring the list of model versions up to date"),
            ("fetch_modelversion", "Can fetch a model version's files"),
            ("verify_modelversion", "Can have a model version verified"),
            ("evaluate_modelversion", "Can have model versions measured and ranked"),
            ("reject_modelversion", "Can reject a model version"),
            ("archive_modelversion", "Can archive a model version"),
        )

    def __str__(self) -> str:
        return f"{self.name}:{self.version}"

    @property
    def is_withdrawn(self) -> bool:
        """Whether a registry listed it once and lists it no more."""
        return bool(self.registry) and not self.listed


@ledger
class Transition(models.Model):
    """A model version came from one state into another, and why. A version's newest row says its state."""

    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="transitions")
    from_state = models.CharField(max_length=16, blank=True, choices=_STATES, help_text="Empty: it became known.")
    to_state = models.CharField(max_length=16, choices=_STATES)
    reason = models.TextField(help_text="A sentence.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty where the application did it by its rules.",
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.model_version_id}: {self.from_state or 'unknown'} → {self.to_state}"


@ledger
class Verification(models.Model):
    """What was found when a version was opened in a process of its own."""

    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="verifications")
    passed = models.BooleanField()
    checks = models.JSONField(
        help_text='A list of {"name", "passed", "detail"} in the order they were made; the first failure ends it.'
    )
    seconds = models.FloatField(help_text="Wall time of the process.")
    peak_bytes = models.BigIntegerField(help_text="The most memory the process had, 0 where it could not be told.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"verification {self.pk}: {'passed' if self.passed else 'failed'}"


def _newest_transition_from_passed() -> models.QuerySet[Transition]:
    """The newest transition of the version asked about, where the version had passed before it."""
    newest = Transition.objects.filter(model_version=models.OuterRef(models.OuterRef("pk"))).order_by("-pk")
    return Transition.objects.filter(pk=models.Subquery(newest.values("pk")[:1]), from_state__in=PASSED)


def _measurable() -> models.Exists:
    """Whether there is an evaluation set for the regulation of the version asked about."""
    return models.Exists(EvaluationSet.objects.filter(regulation_code=models.OuterRef("regulation_code")))


def _measured() -> models.QuerySet[Evaluation]:
    """What was measured of the version asked about, on whichever set."""
    return Evaluation.objects.filter(model_version=models.OuterRef("pk"))
