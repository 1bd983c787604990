"""What people may do to a model version, each on a page that says first what will happen."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, cast

from celery.contrib.django.task import DjangoTask
from django import forms
from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from kombu.exceptions import OperationalError

from mlops import tasks
from mlops.contracts import VersionState
from mlops.exceptions import ModelError
from mlops.models import ModelVersion
from mlops.services import asking, lifecycle
from mlops.services.asking import Work

ASKED: Final = "Asked for. It takes seconds to some minutes: look again."
NO_QUEUE: Final = "The queue of tasks does not answer: see that it runs, then ask again."
MOST_REASON: Final = 1000


class SureForm(forms.Form):
    """Nothing to fill in: the button is the answer."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text="For those who come after; it stands in the history and in the audit.",
    )


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do to a version: who may, what the page says of it, and how it is done.

    `do` returns what to tell the person. `require_possible` raises ModelError where the version does not admit it: it
    is asked before a button is drawn, and once more before the page is and the act is done.
    """

    name: str
    button: str
    title: str
    form: type[forms.Form]
    do: Callable[[ModelVersion, forms.Form, AbstractBaseUser], str]
    require_possible: Callable[[ModelVersion], None]

    @property
    def permission(self) -> str:
        return f"mlops.{self.name}_modelversion"

    def is_possible(self, version: ModelVersion) -> bool:
        try:
            self.require_possible(version)
        except ModelError:
            return False
        return True


def _asking(work: Work, task: DjangoTask, button: str, title: str = "") -> Act:
    """Work of minutes: who asked is kept, and a task does it."""

    def ask(version: ModelVersion, form: forms.Form, by: AbstractBaseUser) -> str:
        asking.ask_for(work, version, by=by)
        task.delay_on_commit(version.pk, by=by.pk)
        return ASKED

    possible = partial(asking.require_possible, work)
    return Act(work.value, button, title or f"{button} {{}}?", SureForm, ask, possible)


def _ending(name: str, to: VersionState, button: str) -> Act:
    """Done at once, with a reason, and for good."""

    def put(version: ModelVersion, form: forms.Form, by: AbstractBaseUser) -> str:
        lifecycle.move(version, to, reason=form.cleaned_data["reason"], by=by)
        # The next look at the registry would have them ranked as well.
        with suppress(OperationalError):
            tasks.rank_versions.delay_on_commit(by=by.pk)
        return f"{version} is {to}."

    return Act(name, button, f"{button} {{}}?", ReasonForm, put, partial(lifecycle.require_step, to=to))


ACTS: Final = (
    _asking(Work.FETCH, tasks.fetch_version, "Fetch"),
    _asking(Work.VERIFY, tasks.verify_version, "Verify"),
    _asking(Work.EVALUATE, tasks.evaluate_version, "Evaluate and rank", "Evaluate {} and rank all versions?"),
    _ending("reject", VersionState.REJECTED, "Reject"),
    _ending("archive", VersionState.ARCHIVED, "Archive"),
)
"""The words of what will happen stand in templates/admin/mlops/modelversion/, a file for each name."""
SYNC_PERMISSION: Final = "mlops.sync_registry"


def offered(version: ModelVersion, by: AbstractBaseUser) -> list[Act]:
    """The acts that this person may do, and this version admits."""
    return [act for act in ACTS if _may(by, act.permission) and act.is_possible(version)]


def act_page(admin: ModelAdmin, request: HttpRequest, pk: int, *, act: Act) -> HttpResponse:  # type: ignore[type-arg]
    """Say what will happen (GET), do it (POST), and lead back to the version."""
    by = _permitted(request, act.permission)
    version = get_object_or_404(ModelVersion, pk=pk)
    back = reverse("admin:mlops_modelversion_change", args=(version.pk,))
    form = act.form(request.POST) if request.method == "POST" else act.form()
    try:
        act.require_possible(version)
        if form.is_valid():
            messages.success(request, act.do(version, form, by))
            return HttpResponseRedirect(back)
    except ModelError as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(back)
    except OperationalError:
        messages.error(request, NO_QUEUE)
        return HttpResponseRedirect(back)
    context = {
        "title": act.title.format(version),
        "button": act.button,
        "form": form,
        "back": back,
        "version": version,
    }
    return _page(admin, request, act.name, context)


def sync_page(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:  # type: ignore[type-arg]
    """Say what a look at the registry does (GET), ask for one (POST), and lead back to the list."""
    by = _permitted(request, SYNC_PERMISSION)
    back = reverse("admin:mlops_modelversion_changelist")
    if request.method == "POST":
        try:
            asking.ask_for_sync(by=by)
            tasks.sync_registry.delay_on_commit(by=by.pk)
        except OperationalError:
            messages.error(request, NO_QUEUE)
        else:
            messages.success(request, ASKED)
        return HttpResponseRedirect(back)
    context = {
        "title": "Look at the registry now?",
        "button": "Look now",
        "form": SureForm(),
        "back": back,
    }
    return _page(admin, request, "sync", context)


def _page(admin: ModelAdmin, request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:  # type: ignore[type-arg]
    shown = {**admin.admin_site.each_context(request), "opts": admin.opts, "media": admin.media, **context}
    return TemplateResponse(request, f"admin/mlops/modelversion/{name}.html", shown)


def _permitted(request: HttpRequest, permission: str) -> AbstractBaseUser:
    """Who asks; raises PermissionDenied for whoever may not."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return cast(AbstractBaseUser, request.user)


def _may(by: AbstractBaseUser, permission: str) -> bool:
    return cast(PermissionsMixin, by).has_perm(permission)
