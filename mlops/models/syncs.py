from typing import Self

from django.conf import settings
from django.db import models


class RegistrySyncQuerySet(models.QuerySet["RegistrySync"]):
    def complete(self) -> Self:
        """Those that could read the registry."""
        return self.filter(outcome=RegistrySync.Outcome.COMPLETE)

    def after(self, sync: "RegistrySync | None") -> Self:
        return self.all() if sync is None else self.filter(pk__gt=sync.pk)

    def older_than_newest(self, count: int) -> Self:
        last_kept = self.order_by("-pk").values("pk")[count - 1 : count]
        return self.filter(pk__lt=models.Subquery(last_kept))

    def not_of_the_outage(self) -> Self:
        """Without the newest good look, and the one that followed it: they say since when it goes wrong."""
        complete = RegistrySync.objects.complete().first()
        beginning = RegistrySync.objects.after(complete).order_by("pk").first()
        return self.exclude(pk__in=[look.pk for look in (complete, beginning) if look is not None])


class RegistrySync(models.Model):
    """One look at the registry. Operational: old rows are removed."""

    class Outcome(models.TextChoices):
        COMPLETE = "complete"
        DENIED = "denied"
        UNAVAILABLE = "unavailable"
        FAILED = "failed"

    registry = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16, choices=Outcome)
    problem = models.TextField(blank=True, help_text="The sentence of the failure.")
    seen = models.PositiveIntegerField(default=0, help_text="Versions that the registry listed.")
    added = models.PositiveIntegerField(default=0, help_text="Versions that were new here.")
    unreadable = models.JSONField(default=list, blank=True, help_text="A sentence for each entry that is none of ours.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = RegistrySyncQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.registry} {self.started_at:%Y-%m-%d %H:%M}: {self.outcome}"
