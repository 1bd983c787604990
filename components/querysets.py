"""Questions to the database, named for the reader."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models

from components.exceptions import NoRegulationInForce

if TYPE_CHECKING:
    from components.models import Component, Regulation  # noqa: F401  (named in the bases below)


class RegulationQuerySet(models.QuerySet["Regulation"]):
    def in_force(self, on: date) -> "Regulation":
        """The regulation that counts on a day: the newest whose effective date has come. Raises NoRegulationInForce."""
        regulation = self.filter(effective_on__lte=on).order_by("-effective_on", "-id").first()
        if regulation is None:
            raise NoRegulationInForce(f"No regulation is in force on {on}: an admin must enter one.")
        return regulation


class ComponentQuerySet(models.QuerySet["Component"]):
    def with_label(self) -> "ComponentQuerySet":
        """All that is known of the label that counts, in the same query."""
        return self.select_related("entered_by", "label__prediction__model_version", "label__regulation")

    def rows(self) -> "ComponentQuerySet":
        """With their labels, but without the long texts that no row of a list shows."""
        return self.with_label().defer(
            "search_text",
            "label__prediction__text",
            "label__prediction__text_seen",
            "label__prediction__model_version__manifest",
            "label__prediction__model_version__card",
            "label__regulation__text",
        )

    def awaiting_label(self, after: int = 0) -> "ComponentQuerySet":
        """Kept while no champion was serving, the oldest first; those of a higher key than `after`."""
        return self.filter(label=None, pk__gt=after).order_by("pk")

    def search(self, words: str) -> "ComponentQuerySet":
        """Components whose external id or description holds every one of the words, whatever their case."""
        found = self
        for word in words.split():
            anywhere = models.Q()
            for spelling in _spellings(word):
                anywhere |= models.Q(search_text__contains=spelling)
            found = found.filter(anywhere)
        return found


def _spellings(word: str) -> set[str]:
    # SQLite's LOWER leaves letters beyond ASCII as they are, so "Ü" may stand in search_text in either case.
    lower = word.lower()
    return {lower, "".join(letter if letter.isascii() else letter.upper() for letter in lower)}
