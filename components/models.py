"""The domain's nouns."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Concat, Lower

from components.querysets import ComponentQuerySet, RegulationQuerySet
from components.validators import refuse_unclassifiable, refuse_unseen
from mlops import contracts


class User(AbstractUser):
    """A person or an API client. What they may do follows from the groups of `components.permissions`."""


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


class Label(models.Model):
    """One labelling of a component. Labels are added, never changed: the history of a component is its labels."""

    class Source(models.TextChoices):
        MODEL = "model", "model"
        OFFICER = "officer", "officer"

    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="labels")
    value = models.CharField(max_length=16, choices=[(label.value, label.value) for label in contracts.Label])
    source = models.CharField(max_length=16, choices=Source.choices)
    prediction = models.ForeignKey(
        "mlops.Prediction", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    regulation = models.ForeignKey(Regulation, on_delete=models.PROTECT, related_name="+")
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
        )

    def __str__(self) -> str:
        return f"{self.value} by {self.source}"
