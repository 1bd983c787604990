"""Background work of the domain."""

from celery import shared_task

from components import services
from mlops.exceptions import NotServing


@shared_task
def label_pending() -> int:
    """Label the components that wait for a champion; nothing to do while none is serving."""
    try:
        return services.label_pending()
    except NotServing:
        return 0
