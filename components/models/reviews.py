"""What people look at, and why."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from audit.ledgers import ledger
from components.models.users import User
from components.querysets import PolicyQuerySet, ReviewQuerySet

MAX_REASON_CHARACTERS = 500
"""Of what an admin writes beside a policy or the stop switch."""

MAX_BESIDES = 100
"""How many reviews can be named that are not to be claimed next."""

_SHARE = "A share, 0 to 1."


@ledger
class ReviewPolicy(models.Model):
    """How it is decided whether a person looks. Policies are added, never changed: the newest counts."""

    uncertain_from = models.FloatField(help_text="Scores from here …")
    uncertain_to = models.FloatField(help_text="… up to here, both included, are too uncertain to stand alone.")
    audit_share = models.FloatField(help_text=f"How many of all others a person sees, drawn at random. {_SHARE}")
    blind_share = models.FloatField(help_text=f"In how many reviews the model's answer stays hidden. {_SHARE}")
    second_share = models.FloatField(
        help_text=f"How many decided components get a second, independent decision, always blind. {_SHARE}"
    )
    reason = models.CharField(max_length=MAX_REASON_CHARACTERS, help_text="Why the policy was set so.")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty for the policy that the application came with.",
    )
    set_at = models.DateTimeField(auto_now_add=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "review policies"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(uncertain_from__gte=0)
                & models.Q(uncertain_from__lte=models.F("uncertain_to"))
                & models.Q(uncertain_to__lte=1),
                name="policy_band_within_0_and_1",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{name}__gte": 0}) & models.Q(**{f"{name}__lte": 1}),
                    name=f"policy_{name}_between_0_and_1",
                )
                for name in ("audit_share", "blind_share", "second_share")
            ),
        )

    def __str__(self) -> str:
        return f"policy {self.pk}"


class Review(models.Model):
    """One look of a person at one text of a component: whether it is open, and who has it in hand.

    Whoever holds an unexpired lease has it alone. `risk` and `uncertainty` order the queue: see `routing`.
    """

    class State(models.TextChoices):
        OPEN = "open", "to be reviewed"
        ASKED = "asked", "with the technician"
        DECIDED = "decided", "decided"
        WITHDRAWN = "withdrawn", "withdrawn"

    component = models.ForeignKey("components.Component", on_delete=models.PROTECT, related_name="reviews")
    description = models.ForeignKey("components.Description", on_delete=models.PROTECT, related_name="+")
    prediction = models.ForeignKey(
        "mlops.Prediction",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The prediction under review; empty where no model was asked.",
    )
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    blind = models.BooleanField(help_text="Whether the model's answer stays hidden until the decision.")
    escalated = models.BooleanField(default=False, help_text="Whether an officer could not decide it.")
    risk = models.PositiveSmallIntegerField(help_text="What a wrong label could cost, 0 to 3.")
    uncertainty = models.PositiveSmallIntegerField(help_text="How close the score is to the threshold, 0 to 10.")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lease = models.UUIDField(null=True, blank=True, unique=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        default_permissions = ("view",)
        permissions = (
            ("decide_review", "Can decide reviews"),
            ("replay_decision", "Can replay decisions"),
            ("export_audit", "Can export audit packs"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("component",), condition=models.Q(state__in=("open", "asked")), name="review_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(holder=None, lease=None, leased_until=None)
                | models.Q(holder__isnull=False, lease__isnull=False, leased_until__isnull=False),
                name="review_lease_is_whole",
            ),
        )
        indexes = (
            models.Index(
                fields=("-escalated", "-risk", "-uncertainty", "id"),
                condition=models.Q(state="open"),
                name="review_queue",
            ),
        )

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def in_hand(self) -> bool:
        """Whether somebody has it at this moment: an expired lease is nobody's."""
        return self.leased_until is not None and self.leased_until > timezone.now()

    @property
    def in_hand_of(self) -> User | None:
        """Who has it at this moment."""
        return self.holder if self.in_hand else None

    def held_by(self, officer: User) -> bool:
        """Whether this officer has it at this moment."""
        return self.in_hand and self.holder_id == officer.pk

    def held_by_another(self, officer: User) -> bool:
        """Whether somebody else has it at this moment."""
        return self.in_hand and self.holder_id != officer.pk


@ledger
class Route(models.Model):
    """One reason why a person looks, with what it was decided on."""

    class Reason(models.TextChoices):
        UNCERTAIN = "uncertain", "uncertain score"
        AUDIT = "audit", "random audit"
        STOPPED = "stopped", "automatic labelling was stopped"
        QUESTION = "question", "a technician asks"
        SECOND = "second", "second opinion"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="routes")
    reason = models.CharField(max_length=16, choices=Reason.choices)
    policy = models.ForeignKey(ReviewPolicy, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    score = models.FloatField(null=True, blank=True)
    threshold = models.FloatField(null=True, blank=True)
    probability = models.FloatField(
        null=True, blank=True, help_text="With which probability a person was to look, fixed before the draw."
    )
    note = models.CharField(max_length=2000, blank=True, help_text="What was asked.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who asked; empty where the rule decided.",
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.review}: {self.reason}"


@ledger
class Claim(models.Model):
    """A lease on a review, as it was given."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="claims")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lease = models.UUIDField(unique=True)
    claimed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.review} by {self.officer}"


@ledger
class StopSwitch(models.Model):
    """Automatic labelling stopped or resumed. The newest row counts; none means it runs."""

    stopped = models.BooleanField()
    reason = models.CharField(max_length=MAX_REASON_CHARACTERS)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "stop switch"

    def __str__(self) -> str:
        return "stopped" if self.stopped else "resumed"
