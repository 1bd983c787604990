"""People, places, vehicles and numbers that stand around a component and say nothing of it."""

from random import Random
from typing import Final

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
LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"


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


def measure(rng: Random) -> str:
    """A length, a weight, a torque or a price, half of them with a number that looks like a year."""
    n = yearlike(rng) if rng.random() < 0.55 else int(rng.random() * 950) + 2
    small = int(rng.random() * 22) + 3
    shapes = (
        f"{n} mm", f"{n}mm", f"{n} g", f"{n / 1000:.3f} kg", f"{n} Nm", f"M{small}x1.25", f"{n},{small:03d} km", f"€{n}",
        f"${n}.00",
        f"{small} mm bore", f"{n} N", f"{n} cc", f"{small} kg", f"{n} rpm", f"{n} miles",
        f"£{n}", f"{small}.5 in", f"{n} psi",
        f"{n} hours", f"{small} x {small + 9} cm", f"{n} W", f"{n / 10:.1f} cm", f"{small} pcs",
    )  # fmt: skip
    return pick(rng, shapes)
