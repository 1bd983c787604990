"""The migration operation that makes a table append-only."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from audit import triggers


class AppendOnly(Operation):
    """Have the database refuse every UPDATE, DELETE and TRUNCATE of the model's table; reversible.

    It comes after the model's constraints, and again after every later migration that adds a unique constraint or
    that has SQLite make the table anew (most alterations do, and its triggers go with the old one).
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, name: str) -> None:
        self.name = name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """No model changes."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        table = model._meta.db_table
        if schema_editor.connection.vendor == "sqlite":
            _make_indexes(schema_editor, table)
        self._execute(schema_editor, triggers.drop_statements(schema_editor.connection, table))
        self._execute(schema_editor, triggers.create_statements(schema_editor.connection, table))

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = from_state.apps.get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            self._execute(schema_editor, triggers.drop_statements(schema_editor.connection, model._meta.db_table))

    def describe(self) -> str:
        return f"Make {self.name} append-only"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.name.lower()}_append_only"

    def _execute(self, schema_editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
        for statement in statements:
            # None: the percent signs of a condition are no placeholders.
            schema_editor.execute(statement, params=None)


def _make_indexes(schema_editor: BaseDatabaseSchemaEditor | Any, table: str) -> None:
    """Make now what Django leaves to the end of the migration: the triggers must know every unique index."""
    for statement in list(schema_editor.deferred_sql):
        if getattr(statement, "references_table", lambda _: False)(table):
            schema_editor.execute(statement, params=None)
            schema_editor.deferred_sql.remove(statement)


class AdoptRows(Operation):
    """Name, in events of their own, the rows that are older than their ledger; once, however often it is applied."""

    reversible = True
    reduces_to_sql = False

    def __init__(self, name: str) -> None:
        self.name = name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """No model changes."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        # The models of the audit cannot be imported before the apps are loaded, which migrations are read before.
        from audit.adoption import adopt

        model = to_state.apps.get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            adopt(model)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """The rows stay named: no event is ever taken back."""

    def describe(self) -> str:
        return f"Name the rows of {self.name} that are older than its ledger"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.name.lower()}_adopted"
