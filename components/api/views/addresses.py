"""What is answered at addresses that are no operations."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import resolve
from django.views.decorators.csrf import csrf_exempt

from components.api import problems
from components.api.problems import KINDS, Problem


@csrf_exempt
def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """What a kind of problem means; the address is the `type` of every problem of that kind."""
    if request.method not in ("GET", "HEAD"):
        advice = problems.METHOD_NOT_ALLOWED.advice
        return Problem(problems.METHOD_NOT_ALLOWED, advice, headers={"Allow": "GET, HEAD"}).response()
    kind = KINDS.get(slug)
    if kind is None:
        return not_found(request)
    return JsonResponse({"type": kind.type, "title": kind.title, "status": kind.status, "detail": kind.advice})


@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponse:
    """Any other address below the API's, for every method."""
    if not request.path_info.endswith("/") and resolve(f"{request.path_info}/").func is not not_found:
        detail = f"There is nothing at this address; you may mean {request.path_info}/ with a closing slash."
    else:
        detail = "There is nothing at this address: see /api/v1/docs/ for those there are."
    return Problem(problems.NOT_FOUND, detail).response()
