"""Background work of the domain."""

from celery import shared_task

from components import services
from mlops import labeler


@shared_task(soft_time_limit=240, time_limit=300)
def label_pending() -> int:
    """Label the components that wait for a champion; nothing to do while none is serving."""
    return services.label_pending() if labeler.is_serving() else 0
