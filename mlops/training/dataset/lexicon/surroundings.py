"""People, places, vehicles and numbers that stand around a component and say nothing of it."""

from random import Random
from typing import Final

from mlops.training.dataset.lexicon.parts import word
from mlops.training.dataset.patterns import pick

PEOPLE: Final = (
    "J. Ford", "Ana", "T. Okafor", "Miriam", "R. Patel", "Sven", "K. Lindqvist", "Dave", "L. Moreau", "Yusuf", "Chen",
    "B. Novak", "Priya", "H. Sato", "Marek", "Olu", "P. Dimas", "Greta", "Ms Weiss", "Mr Hallam", "the foreman",
    "Tomasz",
    "the night shift", "the apprentice", "our supplier", "the customer", "the workshop", "the previous mechanic",
)  # fmt: skip
SUPPLIERS: Final = (
    "Halvorsen Parts", "Brightline Auto", "Norrland Components", "Castellan & Sons", "Quarry Lane Spares",
    "Autoteil Weber",
    "Delmont Supply", "Pinewood Motor Factors", "Ostrava Forge", "Kestrel Automotive", "Tidewater Salvage",
    "Meridian Parts Co.",
    "Vandermeer GmbH", "Rook Street Garage", "Sable Motorworks", "Altamira Recambios", "Fenwick Breakers",
    "Jarrow Castings",
)  # fmt: skip
VEHICLES: Final = (
    "hatchback", "van", "saloon", "pickup", "lorry", "estate car", "coach", "minibus", "coupé", "Golf", "Corolla",
    "Transit",
    "Civic", "Passat", "sedan", "truck", "roadster", "trailer", "delivery van", "city bus", "SUV", "wagon", "taxi",
    "motorcycle",
    "convertible", "tractor", "donor car", "Fiesta", "Octavia", "Hilux", "Polo", "Defender",
)  # fmt: skip
PLACES: Final = (
    "bin {n}", "shelf {n}", "rack B{n}", "depot {n}", "warehouse 3", "bay {n}", "aisle {n}", "the Leeds depot",
    "hall 2",
    "the back room", "locker {n}", "pallet {n}", "row 7 shelf {n}", "store room 4", "the body shop", "crate {n}",
    "slot {n}",
)  # fmt: skip
COLOURS: Final = (
    "black",
    "grey",
    "silver",
    "white",
    "red",
    "blue",
    "gold",
    "green",
    "gray",
    "beige",
    "dark blue",
    "orange",
)
LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"


def person(rng: Random) -> str:
    """Someone by name or by trade; every third name is one that no list holds."""
    if rng.random() < 0.67:
        return pick(rng, PEOPLE)
    return pick(rng, ("", "", "Mr ", "Mrs ", "old ", "our ", "young ", "Dr ")) + word(rng).capitalize()


def yearlike(rng: Random) -> int:
    """A number that looks like a year and is none."""
    return 1950 + int(rng.random() * 80)


def part_number(rng: Random) -> str:
    n, year = int(rng.random() * 900) + 100, yearlike(rng)
    a, b = pick(rng, LETTERS), pick(rng, LETTERS)
    shapes = (
        f"{year}-{n}-{a}", f"{a}{b}-{year}", f"{n}.{year}.{n % 90 + 10}", f"{a}{n}{b}", f"{a}{year}{b}",
        f"{n}-{n + 7}-{a}{b}",
        f"{a}{b}{a}{n}{year}{n % 97:02d}", f"{year}{n}", f"#{n}{n % 53:02d}",
        f"{a}{b} {n} {year % 1000} {b}", f"{a}-{n}/{year % 100:02d}",
    )  # fmt: skip
    return pick(rng, shapes)


def place(rng: Random) -> str:
    return pick(rng, PLACES).replace("{n}", str(yearlike(rng) if rng.random() < 0.5 else int(rng.random() * 99) + 1))


def _figure(rng: Random) -> int:
    return yearlike(rng) if rng.random() < 0.55 else int(rng.random() * 950) + 2


def length(rng: Random) -> str:
    n = _figure(rng)
    return pick(
        rng,
        (f"{n} mm", f"{n}mm", f"{n / 10:.1f} cm", f"{n % 40 + 1}.5 in", f"{n} mm", f"{n % 90 + 3} x {n % 70 + 9} cm"),
    )


def weight(rng: Random) -> str:
    n = _figure(rng)
    return pick(rng, (f"{n} g", f"{n / 1000:.3f} kg", f"{n % 30 + 1} kg", f"{n}g", f"{n % 50 + 1} lbs", f"{n} grams"))


def torque(rng: Random) -> str:
    n = _figure(rng)
    return pick(rng, (f"{n} Nm", f"{n} N", f"{n % 300 + 5} Nm", f"{n} lb-ft"))


def price(rng: Random) -> str:
    n = _figure(rng)
    return pick(rng, (f"€{n}", f"${n}.00", f"£{n}", f"{n} EUR", f"{n % 300 + 5},50 €", f"${n}"))


def distance(rng: Random) -> str:
    n = _figure(rng)
    return pick(rng, (f"{n},{n % 900 + 100} km", f"{n} miles", f"{n}00 km", f"{n % 280 + 3},000 mi", f"{n} hours"))


def measure(rng: Random) -> str:
    """A figure with its unit, half of them with a number that looks like a year."""
    n = _figure(rng)
    others = (
        f"{n} cc",
        f"{n} rpm",
        f"{n} psi",
        f"{n} W",
        f"M{n % 20 + 4}x1.25",
        f"{n % 22 + 3} mm bore",
        f"{n % 22 + 3} pcs",
    )
    return pick(rng, (length(rng), weight(rng), torque(rng), price(rng), distance(rng), *others))
