"""What pages of the administration say of model versions and their registry."""

from django import template

from mlops.services.syncing import Standing, standing

register = template.Library()


@register.simple_tag
def registry_standing() -> Standing:
    """How it stands with the registry now."""
    return standing()
