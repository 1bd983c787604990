"""What components are judged by."""

from django.db import models

from components.querysets import RegulationQuerySet


class Regulation(models.Model):
    """A rule that components are judged against from its effective date on."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    text = models.TextField()
    effective_on = models.DateField(unique=True)

    objects = RegulationQuerySet.as_manager()

    class Meta:
        ordering = ("-effective_on",)

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
