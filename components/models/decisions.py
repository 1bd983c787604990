"""What officers decided; the ground truth that everything about the model lives on."""

from django.conf import settings
from django.db import models

from audit.ledgers import ledger
from components.querysets import DecisionQuerySet, ReasonCodeQuerySet
from mlops import contracts

MAX_NOTE_CHARACTERS = 2000

MAX_SECONDS = 24 * 60 * 60
"""The longest time that a review counts as having been before the eyes."""


class ReasonCode(models.Model):
    """Why an officer decided otherwise than the model: a list that admins keep. Codes are retired, never deleted."""

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=100)
    retired_at = models.DateTimeField(null=True, blank=True, help_text="From when on nobody may choose it.")

    objects = ReasonCodeQuerySet.as_manager()

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title


@ledger
class Decision(models.Model):
    """What an officer decided on a review. Decisions are added, never changed: an undo is one of its own."""

    class Outcome(models.TextChoices):
        CONFIRM = "confirm", "confirmed"
        OVERRIDE = "override", "overrode"
        LABEL = "label", "labelled"
        ESCALATE = "escalate", "could not decide"
        ASK = "ask", "asked the technician"
        UNDO = "undo", "undid the decision"

    review = models.ForeignKey("components.Review", on_delete=models.PROTECT, related_name="decisions")
    component = models.ForeignKey("components.Component", on_delete=models.PROTECT, related_name="decisions")
    description = models.ForeignKey("components.Description", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    value = models.CharField(
        max_length=16,
        blank=True,
        choices=[(label.value, label.value) for label in contracts.Label],
        help_text="The label given; empty where none was.",
    )
    regulation = models.ForeignKey("components.Regulation", on_delete=models.PROTECT, related_name="+")
    reason_code = models.ForeignKey(ReasonCode, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=MAX_NOTE_CHARACTERS, blank=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=200, help_text="The officer's roles when deciding.")
    blind = models.BooleanField(help_text="Whether the model's answer was hidden until the decision.")
    seconds = models.FloatField(help_text="How long the officer had it before the eyes.")
    decided_at = models.DateTimeField(auto_now_add=True)
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by")
    feedback = models.OneToOneField(
        "mlops.Feedback",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The truth it gave to the prediction under review, or took back.",
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(outcome__in=("confirm", "override", "label"))
                & models.Q(value__in=[label.value for label in contracts.Label])
                | models.Q(outcome__in=("escalate", "ask", "undo"), value=""),
                name="decision_value_follows_from_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="undo", undoes__isnull=False)
                | ~models.Q(outcome="undo") & models.Q(undoes=None),
                name="decision_undo_names_what_it_undoes",
            ),
        )
        indexes = (
            models.Index(fields=("officer", "-decided_at"), name="decision_by_officer"),
            models.Index(fields=("decided_at",), name="decision_by_time"),
            models.Index(fields=("outcome",), name="decision_by_outcome"),
        )

    def __str__(self) -> str:
        return f"decision {self.pk}: {self.outcome}"


@ledger
class Answer(models.Model):
    """What the technician answered to an officer's question."""

    question = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="answer")
    text = models.CharField(max_length=MAX_NOTE_CHARACTERS)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"answer to {self.question}"
