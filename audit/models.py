"""The chain of events."""

from django.conf import settings
from django.db import models

from audit.canonical import Plain, digest_of_plain, plain
from audit.exceptions import NotCanonical
from audit.querysets import EventQuerySet

DIGESTS = ("payload_digest", "digest")


class Event(models.Model):
    """One act that changed something, written in the transaction of that change and never altered.

    Each holds the digest of the one before; docs/audit.md says how digests are made.
    """

    class Origin(models.TextChoices):
        PAGE = "page"
        API = "api"
        ADMIN = "admin"
        TASK = "task"
        COMMAND = "command"
        SHELL = "shell"

    position = models.PositiveBigIntegerField(primary_key=True, help_text="1, 2, 3 … without gaps.")
    at = models.DateTimeField()
    action = models.CharField(max_length=80, help_text="What was done: a verb phrase in the past.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="Empty where no person did it.",
    )
    actor_name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=200, blank=True, help_text="The groups of the actor at that time.")
    origin = models.CharField(max_length=10, choices=Origin)
    address = models.CharField(max_length=150, blank=True, help_text="IP address, or name of the task or command.")
    request_id = models.CharField(max_length=64, blank=True)
    subject_type = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    rows = models.JSONField(default=dict, blank=True, help_text="Rows of ledgers that it wrote, each with its digest.")
    payload_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=("subject_type", "subject_id", "position"), name="event_of_subject"),
            models.Index(fields=("at",), name="event_at"),
            models.Index(fields=("action", "position"), name="event_of_action"),
            models.Index(fields=("actor", "position"), name="event_of_actor"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(position__gte=1), name="event_position_from_1"),
            models.CheckConstraint(
                condition=models.Q(origin__in=["page", "api", "admin", "task", "command", "shell"]),
                name="event_origin_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.action}"

    def payload(self) -> dict[str, Plain]:
        """All that it says, in canonical form: every field but the two digests."""
        return {
            field.name: plain(getattr(self, field.attname))
            for field in self._meta.concrete_fields
            if field.name not in DIGESTS
        }

    def says_what_it_said(self) -> bool:
        """Whether its payload is the one that its digest was made of."""
        try:
            return digest_of_plain(self.payload()) == self.payload_digest
        except NotCanonical:
            return False
