from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from mlops.models.versions import ModelVersion


class DenialQuerySet(models.QuerySet["Denial"]):
    def of(self, version: "ModelVersion") -> Self:
        """Those that name this version, by its digest or by name:version."""
        return self.filter(pattern__in=[version.digest, str(version)])


class Denial(models.Model):
    """A version that must never be fetched, verified or chosen, whoever registers it: the deny-list."""

    pattern = models.CharField(
        max_length=160, unique=True, help_text="A bundle's digest (sha256:…), or name:version as it is registered."
    )
    reason = models.TextField(help_text="Why, for those who come after.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DenialQuerySet.as_manager()

    class Meta:
        ordering = ("pattern",)

    def __str__(self) -> str:
        return self.pattern
