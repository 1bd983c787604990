"""What admins type about the review policy."""

from typing import Any

from django import forms

from components.models import ReviewPolicy
from components.models.reviews import MAX_REASON_CHARACTERS
from components.services.policies import faults_of

NAMES = ("uncertain_from", "uncertain_to", "audit_share", "blind_share", "second_share")


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """Five numbers from 0 to 1, which begin as they are now, and why they are to change."""

    class Meta:
        model = ReviewPolicy
        fields = (*NAMES, "reason")
        field_classes = dict.fromkeys(NAMES, forms.FloatField)
        widgets = {"reason": forms.Textarea(attrs={"rows": 3, "maxlength": MAX_REASON_CHARACTERS})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is None:
            now = ReviewPolicy.objects.in_force()
            self.initial = {name: getattr(now, name) for name in NAMES}

    def clean(self) -> dict[str, Any]:
        """Each number within 0 and 1, and a band that does not end before it begins."""
        numbers = {name: self.cleaned_data[name] for name in NAMES if name in self.cleaned_data}
        for name, sentence in faults_of(numbers).items():
            self.add_error(name, sentence)
        return self.cleaned_data
