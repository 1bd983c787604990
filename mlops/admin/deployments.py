from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from mlops.models import Deployment


@admin.register(Deployment)
class DeploymentAdmin(ReadOnlyAdmin):
    list_display = ("model_version", "role", "started_at", "ended_at", "started_by")
    list_filter = ("role", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("model_version", "started_by")
