"""Who may do what through the API, and how often."""

import math
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.metadata import BaseMetadata
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    # The framework imports this module, named in its settings, while it imports its views.
    from rest_framework.views import APIView

logger = structlog.get_logger(__name__)

WINDOW_SECONDS = 60
SECONDS_WITHOUT_CACHE = 10


class HoldsPermission(BasePermission):
    """The person is logged in and holds the codename that the view's `permission_of_method` names for the method.

    A method that the view does not have needs none: it is refused as such.
    """

    message = "Your role may not do this: ask an admin for one that may."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user.is_authenticated:
            return False
        permissions: Mapping[str, str] = getattr(view, "permission_of_method", {})
        codename = permissions.get("GET" if request.method == "HEAD" else str(request.method))
        return codename is None or request.user.has_perm(codename)


class RequestsPerMinute(BaseThrottle):
    """At most API_REQUESTS_PER_MINUTE requests of one person in each minute of the clock; 0 sets no limit.

    Counts by the cache's atomic increment, so that simultaneous requests are all counted; across processes
    where the cache is Redis, else in each process by itself. A cache that does not answer refuses nobody, and is
    left alone for some seconds, so that requests do not wait for it one after the other.
    """

    cache_rests_until = 0.0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        limit = settings.API_REQUESTS_PER_MINUTE
        return bool(limit <= 0 or self._count(request.user.pk) <= limit)

    def wait(self) -> float:
        return WINDOW_SECONDS - time.time() % WINDOW_SECONDS

    def _count(self, user_id: object) -> int:
        if time.time() < self.cache_rests_until:
            return 0
        key = f"api-requests:{user_id}:{math.floor(time.time() / WINDOW_SECONDS)}"
        try:
            first = cache.add(key, 1, timeout=2 * WINDOW_SECONDS)
            return 1 if first else cache.incr(key)
        except ValueError:
            # The cache was full and dropped the count between the two calls.
            return 1
        except RedisError:
            logger.warning("requests_not_counted", exc_info=True)
            type(self).cache_rests_until = time.time() + SECONDS_WITHOUT_CACHE
            return 0


class AllowedMethods(BaseMetadata):
    """What OPTIONS answers; all else that may be known of an operation is in the OpenAPI description."""

    def determine_metadata(self, request: Request, view: "APIView") -> dict[str, list[str]]:
        return {"methods": view.allowed_methods}
