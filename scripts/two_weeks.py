"""Two weeks of plausible work in an empty installation, for the photographs: done by the services, at its own times."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

PASSWORD = "photographs only"  # noqa: S105 (of an installation that lives for a minute)
SHOWN = "Wiper linkage, steel, 2003, no longer in good condition: pitted at both joints"
SHOWN_ANEW = "Wiper linkage, steel, made in 2003, in fair condition: pitted at both joints, play of 2 mm"
PEOPLE = {
    "tess": ("Tess", "Okafor", "technician"),
    "jonas": ("Jonas", "Lindqvist", "technician"),
    "mei": ("Mei", "Tanaka", "technician"),
    "omar": ("Omar", "Haddad", "officer"),
    "lena": ("Lena", "Vogt", "officer"),
    "ada": ("Ada", "Moreau", "admin"),
    "ruth": ("Ruth", "Adeyemi", "auditor"),
}
DESCRIPTIONS = (
    "Telematics antenna housing, carbon fibre, made in 2016, in good condition",
    "Brake caliper bracket: cast iron, stamped 1998, hardly worn",
    "Door control module cover, plastic, 2011. Good condition, one clip missing",
    "Steering column sleeve of steel, dated 1987, repainted",
    "Infotainment mounting frame (steel), 2019, new in its box",
    "Rear camera bezel made of carbon fiber, 2014, looks new",
    "Battery tray, steel, not plastic as the sheet says; year 2017, good condition",
    "Seat rail bracket, steel, manufactured in 1993 in good condition",
    "Charging port flap in poor condition, steel, 2020",
    "Gateway ECU shield, carbon fiber, year of make 2018, as new",
    "Headlamp levelling arm, plastic, 2008, worn teeth",
    "Roof antenna base; replaced in 2015 by a steel one, good condition",
    "TPMS receiver bracket, iron, 2001, fair",
    "Parking sensor ring, carbon fibre, 2013, good",
    "Instrument cluster frame: steel, 1995, good condition",
    "Instrument cluster frame: steel, 1994, good condition",
    "Heated mirror back plate, steel, 2012, in fair condition after the accident",
    "eCall button housing, plastic, new, 2021",
    "Fuse box lid of steel, 2009, good; the part of 1979 it replaced was plastic",
    "Fuel pump controller tray, carbon fiber, 2010, new condition",
    "Camera washer nozzle, plastic, 1990",
    "Lidar mount, carbon fibre, 2022, good condition, two scratches on the visible side",
    "Tailgate latch, iron, 1985, poor",
    "Wireless charger plate, steel, 2018, good condition",
    "Amplifier bracket of carbon fiber, made in 2006, good",
)
PARTS = (
    *("Rain sensor clip", "Glove box hinge", "Modem heat sink", "Horn bracket", "Airbag sensor plate"),
    *("Cabin fan shroud", "Handbrake lever", "Window lifter rail", "Coolant sensor boss", "Tow hook cover"),
    *("Throttle cable guide", "Sunroof drain elbow"),
)
MANNERS = (
    "{part}, {material}, {year}, {condition}",
    "{part} made of {material} in {year}; {condition} condition, says the shelf card",
    "Shelf B: {part}, {material}. Stamp: {year}. Looks {condition} to me",
)
FACTS = (
    *(("steel", 2014, "good"), ("plastic", 2019, "new"), ("carbon fibre", 2009, "good"), ("iron", 1999, "fair")),
    *(("steel", 1996, "good"), ("steel", 1991, "poor"), ("carbon fibre", 2021, "new")),
)


LEFT = 14
"""Of the newest so many are left undecided, but for those that were shown first."""


@dataclass(frozen=True)
class Scene:
    """What the photographs show: the numbers of a component with a story, a question, two reviews and an event."""

    shown: int
    question: int
    review: int
    blind: int
    event: int


def fill(bundle: Path | None) -> Scene:
    """People, and two weeks of their work, done by the services at the times at which it is said to have happened."""
    import time_machine
    from django.contrib.auth.models import Group
    from django.core.management import call_command

    from components.models import User
    from components.services import policies, routing
    from mlops.services import deployment, installing, serving

    clock = datetime.now().astimezone() - timedelta(days=13)
    chance = random.Random(20)  # noqa: S311 (the same pictures each time)
    routing.draw = chance.random
    with time_machine.travel(clock, tick=True):
        call_command("migrate", verbosity=0)
        for name, (first, last, role) in PEOPLE.items():
            user = User.objects.create_user(username=name, password=PASSWORD, first_name=first, last_name=last)
            user.is_staff = user.is_superuser = role == "admin"
            user.save()
            user.groups.add(Group.objects.get(name=role))
        people = {user.username: user for user in User.objects.all()}
        version = installing.install(bundle or installing.STARTER_BUNDLE)
        deployment.deploy_champion(version, by=people["ada"])
        serving.reconcile()
        shares = {"audit_share": 0.35, "blind_share": 0.35, "second_share": 0.3}
        band = {"uncertain_from": 0.05, "uncertain_to": 0.95}
        policies.set_policy(**band, **shares, reason="More looks while the model is new.", by=people["ada"])
    work(people, clock, chance)
    return last_hours(people)


def drill(admin: Any, clock: datetime) -> None:
    """Labelling was stopped once for some minutes; and the chain was anchored."""
    import time_machine
    from django.conf import settings

    from audit import anchors
    from components.services import stopping

    with time_machine.travel(clock, tick=True):
        stopping.stop_labelling(reason="Drill: everything to people for ten minutes.", by=admin)
    with time_machine.travel(clock + timedelta(minutes=10), tick=True):
        stopping.resume_labelling(reason="The drill is over.", by=admin)
        anchors.take(Path(settings.AUDIT_ANCHORS))


def work(people: dict[str, Any], clock: datetime, chance: random.Random) -> None:
    """Each morning some components are entered; each afternoon officers decide most of what waits."""
    import time_machine

    from components.services import submit_component

    texts = [
        *DESCRIPTIONS,
        *(
            MANNERS[number % 3].format(part=part, material=material, year=year, condition=condition)
            for number, part in enumerate(PARTS * 3)
            for material, year, condition in [FACTS[number % len(FACTS)]]
        ),
    ]
    technicians = [people[name] for name in ("tess", "jonas", "mei")]
    for number, text in enumerate(texts):
        clock += timedelta(hours=5, minutes=chance.randrange(10))
        with time_machine.travel(clock, tick=True):
            external_id = f"TR-{20480 + 7 * number}" if number % 6 else ""
            submit_component(description=text, external_id=external_id, by=chance.choice(technicians))
        if number == LEFT:
            drill(people["ada"], clock + timedelta(hours=2))
        if number % 4 == 3 and number < len(texts) - LEFT:
            for officer in (people["omar"], people["lena"]):
                afternoon(officer, clock + timedelta(hours=1), chance)


def afternoon(officer: Any, clock: datetime, chance: random.Random) -> None:
    """Up to four decisions of one officer."""
    import time_machine

    from components.exceptions import NothingToReview
    from components.services import reviewing

    for number in range(4):
        with time_machine.travel(clock + timedelta(minutes=2 * number), tick=True):
            try:
                claimed = reviewing.claim_next(by=officer)
            except NothingToReview:
                return
            decided(claimed, officer, chance)


def decided(claimed: Any, officer: Any, chance: random.Random, **what: str) -> Any:
    """The officer agrees with the model for the most part, a little less where its answer was hidden."""
    from components.services import deciding

    review = claimed.review
    unseen = review.blind or review.component.label_id is None
    agrees = chance.random() < (0.85 if unseen else 0.8)
    if not what and unseen:
        labels = ("compliant", "non-compliant")
        said = review.prediction.label if review.prediction else labels[0]
        what = {"outcome": "label", "label": said if agrees else labels[said == labels[0]]}
    elif not what:
        what = {"outcome": "confirm" if agrees else "override"}
    if not agrees and what["outcome"] in ("override", "label"):
        what |= {"reason_code": chance.choice(("misread-condition", "negation", "other-thing"))}
    return deciding.decide(
        review_id=review.pk,
        lease=claimed.lease,
        number=review.description.number,
        seconds=round(chance.uniform(4, 31), 1),
        by=officer,
        **what,
    )


def last_hours(people: dict[str, Any]) -> Scene:
    """What waits now: a component with a long story, a question, and reviews of both kinds in an officer's hand."""
    import time_machine
    from django.utils import timezone

    from audit.models import Event
    from components.models import Review
    from components.services import policies, questions, reviewing, submit_component
    from components.services.editing import edit_description

    now, chance = timezone.now(), random.Random(4)  # noqa: S311
    tess, omar, lena = people["tess"], people["omar"], people["lena"]
    everything = {"uncertain_from": 0, "uncertain_to": 1, "audit_share": 0, "second_share": 0}

    def hand(component: Any, officer: Any) -> Any:
        return reviewing.claim(review_id=component.reviews.get(state="open").pk, by=officer)

    with time_machine.travel(now - timedelta(hours=3), tick=True):
        policies.set_policy(**everything, blind_share=0, reason="A day of looking at everything.", by=people["ada"])
        asked = "The sheet says 2003, I read 2008 on the stamp. Does it matter?"
        shown = submit_component(description=SHOWN, external_id="TR-20917", question=asked, by=tess)
        question = decided(hand(shown, omar), omar, chance, outcome="ask", note="How much play is there at the joints?")
    with time_machine.travel(now - timedelta(hours=2), tick=True):
        questions.answer(decision_id=question.pk, text="About 2 mm, at both.", by=tess)
        decided(hand(shown, lena), lena, chance, outcome="confirm", note="Worn; the year does not matter here.")
        edit_description(component_id=shown.pk, number=1, description=SHOWN_ANEW, by=tess)
        decided(hand(shown, omar), omar, chance, outcome="confirm")
        event = Event.objects.filter(action="component_edited").last_first()[0].position
        open_ = submit_component(description="Cabin air sensor clip, plastic, 2016, good condition", by=tess)
        decided(hand(open_, lena), lena, chance, outcome="ask", note="Is the clip itself plastic, or only its cover?")
    with time_machine.travel(now - timedelta(minutes=40), tick=True):
        plain = submit_component(
            description="Power steering hose bracket, galvanised steel, 2007; was in poor condition, now good as new",
            external_id="TR-20931",
            question="It was straightened and galvanised last week.",
            by=people["mei"],
        )
        policies.set_policy(**everything, blind_share=1, reason="A blind hour.", by=people["ada"])
        blind = submit_component(description="Fog lamp frame of carbon fiber, 2011, good", by=people["jonas"])
        usual = {"uncertain_from": 0.1, "uncertain_to": 0.9, "audit_share": 0.05, "second_share": 0.02}
        policies.set_policy(**usual, blind_share=0.3, reason="Back to the usual.", by=people["ada"])
    for component in (plain, blind):
        hand(component, omar)
    waits = open_.reviews.get(state=Review.State.ASKED).decisions.get(outcome="ask")
    return Scene(shown.pk, waits.pk, plain.reviews.get().pk, blind.reviews.get().pk, event)
