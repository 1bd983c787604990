"""Whether this process lives, and whether it can do its work; for orchestrators, without log-in."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mlops import labeler


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and the champion is loaded (its golden samples passed at loading), else 503."""
    problems = [problem for problem in (_database_problem(), labeler.status().problem) if problem]
    body = {"status": "not ready" if problems else "ready", "problems": problems}
    return JsonResponse(body, status=503 if problems else 200)


def _database_problem() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "The database does not answer."
    return ""
