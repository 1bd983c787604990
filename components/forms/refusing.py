"""Forms that show what the domain refused."""

from http import HTTPStatus

from django import forms

from components.exceptions import DomainError
from components.refusals import status_of


class RefusableForm(forms.Form):
    """A form whose wish the domain may refuse when all of its fields are valid."""

    refusal: DomainError | None = None

    def refuse(self, refusal: DomainError) -> None:
        """Show what the domain refused, beside the field that it is about."""
        self.refusal = refusal
        self.add_error(self.field_about(refusal), str(refusal))

    def field_about(self, refusal: DomainError) -> str | None:
        """The name of the field that a refusal is about; None where it is about them all."""
        return None

    @property
    def status(self) -> HTTPStatus:
        """The status of the page that shows the form."""
        if self.refusal is not None:
            return status_of(type(self.refusal))
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.errors else HTTPStatus.OK
