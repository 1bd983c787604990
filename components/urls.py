"""The addresses of the pages."""

from django.contrib.auth import views as auth
from django.urls import path, reverse_lazy

from components.forms import SignInForm
from components.views import account, audit, inventory

urlpatterns = [
    path("", inventory.component_list, name="component-list"),
    path("components/new/", inventory.component_submit, name="component-submit"),
    path("components/<int:pk>/", inventory.component_detail, name="component-detail"),
    path("decisions/<int:pk>/replay/", audit.decision_replay, name="decision-replay"),
    path(
        "login/",
        auth.LoginView.as_view(
            template_name="account/login.html", authentication_form=SignInForm, redirect_authenticated_user=True
        ),
        name="login",
    ),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path(
        "account/password/",
        auth.PasswordChangeView.as_view(
            template_name="account/password.html", success_url=reverse_lazy("password-changed")
        ),
        name="password-change",
    ),
    path(
        "account/password/changed/",
        auth.PasswordChangeDoneView.as_view(template_name="account/password_changed.html"),
        name="password-changed",
    ),
    path("account/tokens/", account.tokens, name="tokens"),
    path("account/tokens/<slug:token_key>/revoke/", account.token_revoke, name="token-revoke"),
]
