"""What people type into pages."""

from components.forms.account import SignInForm, StaffSignInForm, TokenForm
from components.forms.inventory import SubmitForm

__all__ = ("SignInForm", "StaffSignInForm", "SubmitForm", "TokenForm")
