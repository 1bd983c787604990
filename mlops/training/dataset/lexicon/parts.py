"""Vehicle components and where on the vehicle they sit. No name holds a material, a condition or a year."""

from random import Random
from typing import Final

from mlops.training.dataset.patterns import pick

PARTS: Final = (
    "brake caliper", "brake disc", "brake drum", "brake pedal", "brake master cylinder", "brake servo",
    "brake line clip", "brake shoe", "brake hose bracket", "brake pad carrier", "handbrake lever",
    "parking brake cable guide", "oil pan", "oil sump", "oil filter housing", "oil pump", "oil cooler",
    "oil filler cap", "dipstick tube", "bumper", "bumper bracket", "bumper beam", "bumper trim", "bumper cover",
    "alternator", "alternator housing", "alternator bracket", "alternator pulley", "starter motor", "starter housing",
    "battery tray", "battery clamp", "battery cover", "fuse box", "fuse box lid", "wiring harness clip", "cable duct",
    "relay holder", "ECU housing", "sensor mount", "wheel speed sensor bracket", "crankshaft", "crankshaft pulley",
    "camshaft", "camshaft cover", "timing cover", "timing chain guide", "timing belt tensioner", "flywheel",
    "flywheel housing", "clutch plate", "clutch pedal", "clutch fork", "clutch release lever", "gearbox housing",
    "gearbox mount", "gear lever", "gear knob", "gear selector fork", "transfer case", "differential cover",
    "differential housing", "drive shaft", "propeller shaft", "half shaft", "CV joint", "axle beam", "axle bracket",
    "axle stub", "hub", "hub cap", "wheel hub", "wheel rim", "wheel bolt", "wheel nut", "wheel arch liner",
    "wheel bearing carrier", "knuckle", "steering knuckle", "steering rack", "steering column", "steering wheel",
    "steering arm", "tie rod", "tie rod end", "track rod", "control arm", "upper control arm", "lower control arm",
    "wishbone", "trailing arm", "stabiliser bar", "anti-roll bar", "drop link", "leaf spring", "coil spring",
    "spring seat", "spring plate", "shock absorber", "damper top mount", "strut tower brace", "strut mount",
    "subframe", "cross member", "chassis rail", "tow bar", "tow hook", "tow eye", "radiator", "radiator bracket",
    "radiator grille", "radiator fan", "fan shroud", "fan blade", "expansion tank", "coolant reservoir",
    "coolant pipe", "thermostat housing", "water pump", "water pump impeller", "heater core", "heater box",
    "intake manifold", "inlet manifold", "exhaust manifold", "exhaust pipe", "exhaust hanger", "exhaust flange",
    "muffler", "silencer", "catalytic converter shell", "heat shield", "turbocharger housing", "intercooler",
    "air filter box", "air box lid", "air intake duct", "throttle body", "carburettor", "fuel tank", "fuel cap",
    "fuel pump", "fuel rail", "fuel line", "fuel filler neck", "injector holder", "cylinder head", "cylinder liner",
    "cylinder block", "engine block", "engine mount", "engine cover", "valve cover", "rocker cover", "rocker arm",
    "valve guide", "piston", "piston pin", "connecting rod", "bearing cap", "bearing shell", "head gasket",
    "gasket frame", "tappet", "pulley", "idler pulley", "belt tensioner", "door", "door handle", "door hinge",
    "door panel", "door sill", "door latch", "door lock barrel", "window regulator", "window winder", "window frame",
    "tailgate", "tailgate handle", "tailgate strut bracket", "boot lid", "trunk lid", "bonnet", "hood",
    "bonnet hinge", "hood latch", "fender", "fender bracket", "wing", "front wing", "mudguard", "mud flap",
    "side skirt", "rocker panel", "roof rack", "roof rail", "roof panel", "sunroof frame", "spoiler", "rear diffuser",
    "splitter", "fairing", "mirror housing", "mirror cap", "mirror bracket", "wing mirror", "headlight housing",
    "headlamp bracket", "tail light housing", "indicator housing", "fog lamp bezel", "number plate holder",
    "licence plate bracket", "wiper arm", "wiper linkage", "washer tank", "washer nozzle", "dashboard",
    "dashboard panel", "instrument cluster frame", "glove box lid", "centre console", "console bracket", "cup holder",
    "ashtray", "air vent", "seat frame", "seat rail", "seat shell", "seat bracket", "headrest", "armrest",
    "seat belt anchor", "belt buckle housing", "pedal box", "pedal bracket", "footrest", "floor panel",
    "underbody panel", "undertray", "skid plate", "sump guard", "splash shield", "firewall panel", "bulkhead",
    "battery pack casing", "motor housing", "inverter casing", "charging port cover", "junction box",
    "compressor bracket", "compressor housing", "condenser frame", "mounting bracket", "bracket", "mounting plate",
    "support strut", "retaining ring", "clamp", "hose clamp", "hose connector", "flange", "spacer", "bushing", "bush",
    "washer plate", "cover plate", "inspection cover", "end cap", "adapter", "lever", "linkage", "cam follower",
    "housing", "casing", "handle", "hinge", "latch", "trim strip", "sill trim", "badge", "emblem", "ladder frame",
    "roll bar", "roll cage tube", "spare wheel carrier", "jack", "jacking point", "luggage rack", "step board",
    "running board", "bull bar", "fifth wheel plate", "kingpin",
)  # fmt: skip

GENERIC: Final = ("component", "part", "item", "piece", "unit", "component", "part", "assembly")

TRAITS: Final = (
    "small", "heavy", "black", "grey", "silver", "short", "long", "threaded", "ribbed", "OEM", "aftermarket",
    "genuine", "two-piece",
    "adjustable", "flat", "curved", "slotted", "painted", "oversized", "lightweight", "left-hand-drive", "heavy-duty",
    "standard",
    "custom", "original", "replacement", "red", "matt black", "polished", "welded", "universal", "hollow", "thin",
)  # fmt: skip

ABBREVIATED: Final = (
    "brkt", "hsg", "cyl head", "alt hsg", "rad grille", "exh manifold", "int manifold", "assy", "diff cover",
    "g/box hsg",
    "brake cal.", "bmpr brkt", "dr handle", "w/pump", "T/stat hsg", "ctrl arm", "susp arm", "strg knuckle",
    "eng mount",
    "tx mount", "rr spoiler", "frt bumper", "whl hub", "mtg plate", "bat tray", "fuel cap assy", "mirror hsg",
    "strut mnt",
)  # fmt: skip

POSITIONS: Final = (
    "front", "rear", "left", "right", "front left", "front right", "rear left", "rear right", "LH", "RH", "upper",
    "lower",
    "inner", "outer", "nearside", "offside", "driver side", "passenger-side", "left-hand", "right-hand", "central",
    "main",
    "left front", "right rear", "rr", "FR", "n/s", "o/s",
)  # fmt: skip

_ONSETS: Final = (
    "b", "br", "c", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "qu", "r", "s",
    "sc", "sk", "sl", "sn", "sp", "st", "str", "sw", "t", "th", "tr", "v", "w", "wh", "y", "z",
)  # fmt: skip
_VOWELS: Final = ("a", "e", "i", "o", "u", "ea", "ee", "oo", "ou", "ai", "oi")
_CODAS: Final = (
    "",
    "b",
    "ck",
    "d",
    "g",
    "l",
    "m",
    "mp",
    "n",
    "nd",
    "ng",
    "nk",
    "p",
    "r",
    "rd",
    "s",
    "sh",
    "st",
    "t",
    "x",
)
_ENDINGS: Final = ("", "", "er", "ing", "le", "et", "or", "ion", "ule", "ock", "age", "eau", "ette", "ine")
_THINGS: Final = (
    "plate", "arm", "rod", "cover", "pipe", "ring", "pin", "block", "cap", "bar", "tube", "valve", "joint", "seat",
    "rail",
    "screw", "box", "gear", "wheel", "frame", "mount", "guide", "shaft", "hose", "clip", "strap", "yoke", "collar",
    "boss",
    "nozzle", "sleeve", "cage", "shim", "cup", "drum", "link", "stay", "stud", "trough", "vane", "spigot", "lug",
)  # fmt: skip


def word(rng: Random) -> str:
    """A word that looks English and means nothing: what nobody has seen says nothing of the rule."""
    syllables = 1 + (rng.random() < 0.55)
    stem = "".join(pick(rng, _ONSETS) + pick(rng, _VOWELS) + pick(rng, _CODAS) for _ in range(syllables))
    return stem + pick(rng, _ENDINGS)


def invented(rng: Random) -> str:
    """The name of a component that no list holds."""
    roll = rng.random()
    if roll < 0.35:
        return f"{word(rng)} {pick(rng, _THINGS)}"
    if roll < 0.6:
        return f"{pick(rng, _THINGS)} {pick(rng, _THINGS)}"
    return f"{word(rng)} {word(rng)}" if roll < 0.75 else word(rng)
