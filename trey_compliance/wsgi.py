"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from trey_compliance.charset import text_charsets_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trey_compliance.settings")

application = text_charsets_only(get_wsgi_application())
