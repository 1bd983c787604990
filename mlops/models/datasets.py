from typing import Self

from django.conf import settings
from django.db import models

from audit.ledgers import ledger


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def like(self, *, name: str, version: str, digest: str) -> Self:
        """Those that have this name and version, or this file."""
        return self.filter(models.Q(name=name, version=version) | models.Q(digest=digest))


@ledger
class Dataset(models.Model):
    """A data set that models are trained on, registered so that a version's lineage can point at it."""

    name = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    digest = models.CharField(max_length=71, unique=True, help_text="sha256: of the CSV file.")
    regulation_code = models.CharField(max_length=64, blank=True)
    rows = models.PositiveIntegerField()
    counts = models.JSONField(help_text="Rows by label.")
    recipe = models.JSONField(default=dict, blank=True, help_text="What the generator was told; empty: uploaded.")
    registry = models.CharField(max_length=16, help_text="local, azureml or mlflow.")
    source = models.TextField(help_text="Where the file lies, in the registry's words.")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField(auto_now_add=True)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("name", "version"), name="dataset_name_version_unique"),)

    def __str__(self) -> str:
        return f"{self.name}:{self.version}"
