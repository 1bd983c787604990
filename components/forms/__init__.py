"""What people type into pages."""

from components.forms.account import SignInForm, StaffSignInForm, TokenForm
from components.forms.inventory import EditForm, SubmitForm
from components.forms.policies import PolicyForm
from components.forms.questions import AnswerForm, AskForm
from components.forms.switch import SwitchForm

__all__ = (
    "AnswerForm",
    "AskForm",
    "EditForm",
    "PolicyForm",
    "SignInForm",
    "StaffSignInForm",
    "SubmitForm",
    "SwitchForm",
    "TokenForm",
)
