"""What of a regulation may still be corrected."""

from django.db.models import Q

from components.models import Decision, Label, Regulation


def code_is_settled(regulation: Regulation, *, lock: bool = False) -> bool:
    """Whether a label, a decision or the feedback of one names the regulation: its code then stays as it is.

    With `lock`, for which a transaction is needed, the answer holds until that ends.
    """
    if lock:
        # Whoever writes a row that points at it waits, and so does this until such a row is written.
        Regulation.objects.select_for_update().filter(pk=regulation.pk).values_list("pk").first()
    judged = Q(regulation=regulation) | Q(feedback__regulation_code=regulation.code)
    return Label.objects.filter(regulation=regulation).exists() or Decision.objects.filter(judged).exists()
