"""The ASGI application, for servers that want one; the project itself is synchronous."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trey_compliance.settings")

application = get_asgi_application()
