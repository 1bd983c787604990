import re
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from audit.admin import SearchableAdmin
from mlops.models import Denial
from mlops.runtime.manifest import DIGEST, NAME, VERSION

_PATTERN = re.compile(f"{DIGEST.pattern}|(?!sha256:){NAME.pattern}:{VERSION.pattern}")


class DenialForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    class Meta:
        model = Denial
        fields = ("pattern", "reason")

    def clean_pattern(self) -> str:
        pattern: str = self.cleaned_data["pattern"]
        if not _PATTERN.fullmatch(pattern):
            raise forms.ValidationError(
                "Write a digest as it is listed (sha256: and 64 hexadecimal digits), or name:version."
            )
        return pattern


@admin.register(Denial)
class DenialAdmin(SearchableAdmin):
    """The deny-list is added to and taken from; a change would be both."""

    form = DenialForm
    list_display = ("pattern", "reason", "created_at")
    search_fields = ("pattern", "reason")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
