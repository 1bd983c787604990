"""Wiring only: settings, URLs, Celery, health, the servers' entry points and the supervisor of the process group."""

from trey_compliance.celery import app as celery_app

__all__ = ("celery_app",)
