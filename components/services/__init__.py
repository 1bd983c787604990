"""What the domain does, one family of verbs a module; the only place that writes."""

from components.services.submission import label_pending, submit_component

__all__ = ["label_pending", "submit_component"]
