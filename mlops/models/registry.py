from django.db import models


class ModelVersion(models.Model):
    """A registered model version: one bundle, known by its digest."""

    name = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    digest = models.CharField(max_length=71, unique=True, help_text="sha256: and the digest of the bundle's manifest.")
    manifest = models.JSONField(help_text="The bundle's manifest: metrics, lineage, threshold, files.")
    card = models.TextField(blank=True, help_text="The model card, in Markdown.")
    registered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-registered_at", "-id")
        constraints = (models.UniqueConstraint(fields=("name", "version"), name="model_version_name_version_unique"),)

    def __str__(self) -> str:
        return f"{self.name}:{self.version}"
