"""Ledgers that no installation has: a plain one to tamper with, and one with every kind of column."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, models
from django.test.utils import isolate_apps

from audit import triggers

with isolate_apps("audit"):

    class Note(models.Model):
        """Notes have unique words, and only one of each group may stand."""

        words = models.TextField(unique=True)
        group = models.IntegerField(default=0)
        stands = models.BooleanField(default=False)
        data = models.JSONField(null=True)

        class Meta:
            app_label = "audit"
            constraints = [
                models.UniqueConstraint(
                    fields=("group",), condition=models.Q(stands=True, group__gt=0), name="note_one_stands"
                )
            ]

        def __str__(self) -> str:
            return self.words

    class Specimen(models.Model):
        number = models.BigIntegerField()
        small = models.SmallIntegerField(null=True)
        share = models.FloatField()
        price = models.DecimalField(max_digits=12, decimal_places=3)
        truth = models.BooleanField()
        word = models.CharField(max_length=200)
        day = models.DateField()
        moment = models.DateTimeField()
        clock = models.TimeField()
        span = models.DurationField()
        key = models.UUIDField()
        data = models.JSONField(null=True)
        blob = models.BinaryField()
        whose = models.ForeignKey(get_user_model(), on_delete=models.PROTECT, related_name="+", null=True)
        made_at = models.DateTimeField(auto_now_add=True)

        class Meta:
            app_label = "audit"

        def __str__(self) -> str:
            return self.word


def make_table(model: type[models.Model], *, guarded: bool = True) -> None:
    """The model's table, in the transaction of the test."""
    # Not entered: SQLite's would refuse to work in a transaction.
    editor: Any = connection.schema_editor(collect_sql=True)
    editor.deferred_sql = []
    sql, _ = editor.table_sql(model)
    with connection.cursor() as cursor:
        for statement in [sql, *editor.deferred_sql]:
            cursor.execute(str(statement))
        if guarded:
            for statement in triggers.create_statements(connection, model._meta.db_table):
                cursor.execute(statement)
