"""What people type to log in, and for their tokens."""

from datetime import timedelta

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm, UsernameField

from components.forms.refusing import RefusableForm
from components.models import User

EXPIRIES = (("30", "30 days"), ("90", "90 days"), ("365", "1 year"), ("never", "No expiry"))


class SignInForm(AuthenticationForm):
    """Log-in that refuses a name no account can have before anything looks for it or writes it down."""

    username = UsernameField(
        max_length=User._meta.get_field("username").max_length, widget=forms.TextInput(attrs={"autofocus": True})
    )


class StaffSignInForm(SignInForm, AdminAuthenticationForm):
    """The same for the administration."""


class TokenForm(RefusableForm):
    """A new token for the REST API."""

    expires = forms.ChoiceField(label="Expires after", choices=EXPIRIES, initial="90")

    @property
    def expiry(self) -> timedelta | None:
        """How long the token of a valid form is to live; None for ever."""
        wish = self.cleaned_data["expires"]
        return None if wish == "never" else timedelta(days=int(wish))
