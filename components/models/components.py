"""Things described in free text, and the labels they were given."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Concat, Lower

from audit.ledgers import ledger
from components.querysets import ComponentQuerySet
from components.validators import refuse_unclassifiable, refuse_unseen
from mlops import contracts


class Component(models.Model):
    """One thing of an inventory, described in free text."""

    external_id = models.CharField(
        "external id",
        max_length=100,
        blank=True,
        validators=[refuse_unseen],
        help_text="Its number in your own inventory, if it has one.",
    )
    description = models.TextField(
        validators=[refuse_unclassifiable], error_messages={"blank": contracts.BLANK.sentence}
    )
    description_number = models.PositiveIntegerField(
        default=1, help_text="Which of its descriptions it is: 1 as entered, 2 after the first edit …"
    )
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    label = models.OneToOneField(
        "components.Label",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The label that counts now; empty until the component has been labelled.",
    )
    search_text = models.GeneratedField(
        expression=Lower(
            Concat(models.F("external_id"), models.Value(" "), models.F("description"), output_field=models.TextField())
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = ComponentQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("external_id",),
                condition=~models.Q(external_id=""),
                name="component_external_id_unique",
                violation_error_message="Another component already has this external id.",
            ),
        )
        indexes = (
            # On PostgreSQL only: see the migration.
            GinIndex(fields=("search_text",), opclasses=("gin_trgm_ops",), name="component_search_text_trigrams"),
        )

    def __str__(self) -> str:
        return self.external_id or f"component {self.pk}"


@ledger
class Description(models.Model):
    """What a component was described as, one row for every edit; the newest is the component's description."""

    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="descriptions")
    number = models.PositiveIntegerField(help_text="1 as entered, 2 after the first edit …")
    text = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("component", "number"), name="description_number_once"),)

    def __str__(self) -> str:
        return f"description {self.number} of {self.component}"


@ledger
class Label(models.Model):
    """One labelling of a component. Labels are added, never changed: the history of a component is its labels."""

    class Source(models.TextChoices):
        MODEL = "model", "model"
        OFFICER = "officer", "officer"

    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="labels")
    description = models.ForeignKey(
        Description, on_delete=models.PROTECT, related_name="+", help_text="The text that was labelled."
    )
    value = models.CharField(max_length=16, choices=[(label.value, label.value) for label in contracts.Label])
    source = models.CharField(max_length=16, choices=Source.choices)
    prediction = models.ForeignKey(
        "mlops.Prediction", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.ForeignKey(
        "components.Decision",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The officer's decision that gave it, or that brought it back.",
    )
    regulation = models.ForeignKey("components.Regulation", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(value__in=[label.value for label in contracts.Label]), name="label_value_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(source="model") | models.Q(prediction__isnull=False),
                name="label_of_a_model_has_its_prediction",
            ),
            models.CheckConstraint(
                condition=~models.Q(source="officer") | models.Q(decision__isnull=False),
                name="label_of_an_officer_has_its_decision",
            ),
        )

    def __str__(self) -> str:
        return f"{self.value} by {self.source}"
