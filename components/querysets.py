"""Questions to the database, named for the reader."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from components.exceptions import NoRegulationInForce

if TYPE_CHECKING:
    from components.models import (  # noqa: F401  (named in the bases below)
        Component,
        Decision,
        ReasonCode,
        Regulation,
        Review,
        ReviewPolicy,
        User,
    )

# Written out: SQLite does not see that a parameter meets the condition of the index that the queue is read by.
_OPEN = models.Func(template="'open'", output_field=models.CharField())

OWN_OPINION_RESTS = timedelta(days=1)
"""How long it takes until an officer is asked for a second opinion on an own decision, where no colleague was there."""


class RegulationQuerySet(models.QuerySet["Regulation"]):
    def in_force(self, on: date) -> "Regulation":
        """The regulation that counts on a day: the newest whose effective date has come. Raises NoRegulationInForce."""
        regulation = self.filter(effective_on__lte=on).order_by("-effective_on", "-id").first()
        if regulation is None:
            raise NoRegulationInForce(f"No regulation is in force on {on}: an admin must enter one.")
        return regulation

    def in_force_now(self) -> "Regulation | None":
        """The regulation that counts today, for those who only show it; None where none is in force."""
        try:
            return self.in_force(timezone.localdate())
        except NoRegulationInForce:
            return None


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

    def entered_by(self, person: "User") -> "ComponentQuerySet":
        """What this person entered."""
        return self.filter(entered_by=person)

    def predicted_by(self, prediction_id: int) -> "ComponentQuerySet":
        """The component that a label was predicted for: one, or none where a text alone was labelled."""
        return self.filter(labels__prediction=prediction_id)

    def awaiting_label(self, after: int = 0) -> "ComponentQuerySet":
        """Kept while no champion was serving, the oldest first; those of a higher key than `after`.

        What waits for a person is left to that person.
        """
        return self.filter(label=None, pk__gt=after).exclude(reviews__state__in=("open", "asked")).order_by("pk")

    def search(self, words: str) -> "ComponentQuerySet":
        """Components whose external id or description holds every one of the words, whatever their case."""
        found = self
        for word in words.split():
            anywhere = models.Q()
            for spelling in _spellings(word):
                anywhere |= models.Q(search_text__contains=spelling)
            found = found.filter(anywhere)
        return found


class PolicyQuerySet(models.QuerySet["ReviewPolicy"]):
    def in_force(self) -> "ReviewPolicy":
        """The policy that counts: the newest."""
        return self.order_by("-id")[:1].get()


class ReasonCodeQuerySet(models.QuerySet["ReasonCode"]):
    def on_offer(self) -> "ReasonCodeQuerySet":
        """Those that may be chosen now."""
        return self.filter(models.Q(retired_at=None) | models.Q(retired_at__gt=timezone.now()))


class ReviewQuerySet(models.QuerySet["Review"]):
    def open(self) -> "ReviewQuerySet":
        """Those that wait for a decision, whoever has them in hand."""
        return self.filter(state=_OPEN)

    def unfinished(self) -> "ReviewQuerySet":
        """Those that wait for an officer or for a technician."""
        return self.filter(state__in=("open", "asked"))

    def in_hand(self) -> "ReviewQuerySet":
        """Open, and in somebody's hand at this moment: an expired lease is nobody's."""
        return self.open().filter(leased_until__gt=timezone.now())

    def in_hand_of(self, officer: "User") -> "ReviewQuerySet":
        """What this officer has at this moment."""
        return self.in_hand().filter(holder=officer)

    def free(self) -> "ReviewQuerySet":
        """Open, and in nobody's hand at this moment."""
        return self.open().filter(models.Q(leased_until=None) | models.Q(leased_until__lte=timezone.now()))

    def for_officer(self, officer: "User", now: datetime | None = None) -> "ReviewQuerySet":
        """Those to be offered to this officer.

        Without those about what the officer entered or wrote (`permissions.may_decide`), without those that the
        officer has passed on to a colleague, and without second opinions on what the officer has decided within
        OWN_OPINION_RESTS: a colleague is asked first, and the same eyes only after a while.
        """
        # Not joined: who claims a review locks its row, and no others.
        entered = _rows_of("Component").filter(pk=models.OuterRef("component_id"), entered_by=officer)
        written = _rows_of("Description").filter(pk=models.OuterRef("description_id"), written_by=officer)
        own = _rows_of("Decision").filter(undone_by=None)
        # The sum keeps SQLite from reading all that the officer ever decided, for each review.
        by_officer = own.alias(who=models.F("officer_id") + 0).filter(who=officer.pk)
        passed_on = by_officer.filter(review=models.OuterRef("pk"), outcome="escalate")
        lately = own.filter(officer=officer, decided_at__gt=(now or timezone.now()) - OWN_OPINION_RESTS)
        second = _rows_of("Review").filter(
            state=_OPEN, component__in=lately.values("component_id"), routes__reason="second"
        )
        others = self.filter(~models.Exists(entered), ~models.Exists(written), ~models.Exists(passed_on))
        return others.exclude(pk__in=second.values("pk"))

    def takeable_by(self, officer: "User") -> "ReviewQuerySet":
        """Open, to be offered to this officer, and in no other's hand at this moment."""
        held_by_another = models.Q(leased_until__gt=timezone.now()) & ~models.Q(holder=officer)
        return self.open().for_officer(officer).exclude(held_by_another)

    def in_order(self) -> "ReviewQuerySet":
        """As they are to be worked: passed on first, then by risk, then by uncertainty, then by age."""
        return self.order_by("-escalated", "-risk", "-uncertainty", "id")

    def with_all(self) -> "ReviewQuerySet":
        """All that a review shows, in the same query."""
        return self.select_related(
            "component__entered_by", "component__label", "description", "prediction__model_version", "holder"
        ).defer(
            "component__search_text",
            "prediction__model_version__manifest",
            "prediction__model_version__card",
        )


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> "DecisionQuerySet":
        """Those that give a label and were not undone."""
        return self.filter(outcome__in=("confirm", "override", "label"), undone_by=None)

    def telling_no_label(self) -> "DecisionQuerySet":
        """Those from which nobody can tell a label: what was passed on or asked. An undo tells of what it took back."""
        return self.filter(outcome__in=("escalate", "ask"))

    def about(self, component: "Component") -> "DecisionQuerySet":
        """Those on this component."""
        return self.filter(component=component)

    def questions(self) -> "DecisionQuerySet":
        """What officers asked, with the component and who asks."""
        return self.filter(outcome="ask").select_related("component", "officer", "description")

    def open_questions(self) -> "DecisionQuerySet":
        """Questions that wait for their answer; the oldest first."""
        return self.questions().filter(answer=None, undone_by=None, review__state="asked").order_by("id")

    def asked_of(self, person: "User") -> "DecisionQuerySet":
        """Questions about what this person entered, or had asked to be reviewed."""
        return self.filter(_is_asked(person))

    def answerable_by(self, person: "User") -> "DecisionQuerySet":
        """Questions that this person may answer: those asked of them, and those that they asked themselves."""
        return self.filter(_is_asked(person) | models.Q(officer=person))


def _is_asked(person: "User") -> models.Q:
    wondered = _rows_of("Route").filter(review=models.OuterRef("review_id"), reason="question", by=person)
    return models.Q(component__entered_by=person) | models.Q(models.Exists(wondered))


def _rows_of(name: str) -> models.QuerySet[Any]:
    # By name: models are built on this module.
    rows: models.QuerySet[Any] = apps.get_model("components", name)._default_manager.all()
    return rows


def _spellings(word: str) -> set[str]:
    # SQLite's LOWER leaves letters beyond ASCII as they are, so "Ü" may stand in search_text in either case.
    lower = word.lower()
    return {lower, "".join(letter if letter.isascii() else letter.upper() for letter in lower)}
