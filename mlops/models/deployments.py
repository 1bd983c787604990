from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from mlops import contracts

if TYPE_CHECKING:
    from mlops.models.versions import ModelVersion


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    def active(self) -> "DeploymentQuerySet":
        return self.filter(ended_at=None)

    def champion(self) -> "DeploymentQuerySet":
        """The deployment that says which version should label live traffic: one row, or none."""
        return self.active().filter(role=contracts.Role.CHAMPION).select_related("model_version")

    def active_of(self, version: "ModelVersion") -> "DeploymentQuerySet":
        """What that version does now: none where it does not serve."""
        return self.active().filter(model_version=version)


class Deployment(models.Model):
    """A model version holding a role for a time. These rows are the truth of who should serve."""

    model_version = models.ForeignKey("mlops.ModelVersion", on_delete=models.PROTECT, related_name="deployments")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in contracts.Role])
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty where the installation itself did it.",
    )

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("role",),
                condition=models.Q(role=contracts.Role.CHAMPION.value, ended_at=None),
                name="deployment_one_active_champion",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in contracts.Role]), name="deployment_role_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.model_version} as {self.role}"
