"""Whether this process lives, and whether it can do its work; for orchestrators, without log-in."""

from pathlib import Path

from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from components.outages import Outage, outage_of, outage_of_file
from mlops import labeler


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and can write, and the champion is loaded (its golden samples passed), else 503."""
    problems = [problem for problem in (_database_problem(), _model_problem()) if problem]
    body = {"status": "not ready" if problems else "ready", "problems": problems}
    return JsonResponse(body, status=503 if problems else 200)


def _model_problem() -> str:
    # Anybody may ask: files and digests of this machine are for the log and for staff.
    status = labeler.status()
    if not status.serving:
        return "No model is serving in this process; the log says why."
    if status.problem:
        return "The deployed champion cannot be loaded here, and the one before serves on; the log says why."
    return ""


def _database_problem() -> str:
    try:
        with connection.cursor() as cursor:
            outage = _why_not_written(cursor)
    except DatabaseError as error:
        outage = outage_of(error) or Outage.SILENT
    return outage.value if outage else ""


def _why_not_written(cursor: CursorWrapper) -> Outage | None:
    """What keeps the database from being written. The disk of a PostgreSQL server is not to be seen from here."""
    if connection.vendor == "postgresql":
        cursor.execute("SHOW transaction_read_only")
        return Outage.READ_ONLY if cursor.fetchone() == ("on",) else None
    cursor.execute("SELECT 1")
    file = Path(connection.settings_dict["NAME"])
    return outage_of_file(file) if file.is_file() else None
