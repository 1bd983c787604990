"""The addresses of the pages."""

from django.contrib.auth import views as auth
from django.urls import path, reverse_lazy

from components.forms import SignInForm
from components.views import account, audit, besides, home, inventory, questions, reviews, switch

urlpatterns = [
    path("", inventory.component_list, name="component-list"),
    path("home/", home.home, name="home"),
    path("components/new/", inventory.component_submit, name="component-submit"),
    path("components/<int:pk>/", inventory.component_detail, name="component-detail"),
    path("components/<int:pk>/edit/", inventory.component_edit, name="component-edit"),
    path("components/<int:pk>/ask/", questions.component_ask, name="component-ask"),
    path("questions/<int:pk>/", questions.question_answer, name="question-answer"),
    path("stop-switch/", switch.stop_switch, name="stop-switch"),
    path("audit/", audit.audit_search, name="audit-search"),
    path("audit/packs/", audit.audit_pack, name="audit-pack"),
    path("audit/<int:position>/", audit.audit_event, name="audit-event"),
    path("decisions/<int:pk>/replay/", audit.decision_replay, name="decision-replay"),
    path("reviews/", reviews.review_queue, name="review-queue"),
    path("reviews/next/", reviews.review_next, name="review-next"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/<int:pk>/words/", besides.review_words, name="review-words"),
    path("reviews/<int:pk>/similar/", besides.review_similar, name="review-similar"),
    path("reviews/<int:pk>/decide/", reviews.review_decide, name="review-decide"),
    path("reviews/<int:pk>/keep/", reviews.review_keep, name="review-keep"),
    path("reviews/<int:pk>/release/", reviews.review_release, name="review-release"),
    path("decisions/<int:pk>/undo/", reviews.decision_undo, name="decision-undo"),
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
