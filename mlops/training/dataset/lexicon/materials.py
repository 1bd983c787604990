"""What people call a material. The first name of each is its plain one and is drawn most often."""

from typing import Final

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "plastic": (
        "plastic", "ABS", "polypropylene", "nylon", "PVC", "polycarbonate", "thermoplastic", "moulded plastic",
        "molded plastic", "injection-moulded plastic", "injection-molded plastic", "ABS plastic", "hard plastic",
        "soft plastic", "black plastic", "grey plastic", "polyethylene", "polyamide", "PA66", "HDPE", "acrylic", "PP",
        "polymer", "polyurethane", "recycled plastic", "cheap plastic", "clear plastic", "PTFE", "perspex",
        "plastics",
        "polystyrene", "vinyl", "PE", "PA6 nylon", "thermoset plastic", "bioplastic", "POM", "acetal",
        "glass-filled nylon", "PBT", "TPU", "plastic resin", "plexiglass",
    ),
    "iron": (
        "iron", "cast iron", "ductile iron", "wrought iron", "grey iron", "gray iron", "nodular iron",
        "malleable iron",
        "cast-iron", "pig iron", "grey cast iron", "raw iron", "solid iron", "plain iron", "spheroidal graphite iron",
        "forged iron", "white iron", "painted iron", "heavy iron", "SG iron", "sheet iron", "pure iron", "C.I.",
    ),
    "carbon fiber": (
        "carbon fiber", "carbon fibre", "carbon-fiber", "carbon-fibre", "CFRP", "carbon composite", "woven carbon",
        "woven carbon fibre", "carbon fiber composite", "carbon-fibre laminate", "dry carbon", "forged carbon",
        "carbon weave", "prepreg carbon fibre", "carbonfibre", "CF", "twill carbon fibre", "carbon laminate",
        "carbon fiber weave",
    ),
    "steel": (
        "steel", "stainless steel", "mild steel", "carbon steel", "high-strength steel", "galvanised steel",
        "galvanized steel", "forged steel", "alloy steel", "sheet steel", "pressed steel", "spring steel",
        "tool steel",
        "stamped steel", "hardened steel", "stainless", "zinc-plated steel", "cast steel", "chromed steel",
        "welded steel",
        "chrome-moly steel", "boron steel", "cold-rolled steel", "structural steel", "painted steel", "304 stainless",
        "inox", "s/s steel",
        "tubular steel", "drawn steel", "billet steel", "high-tensile steel", "coated steel", "heavy-gauge steel",
    ),
    "aluminium": (
        "aluminium", "aluminum", "alloy", "aluminium alloy", "aluminum alloy", "cast aluminium", "cast aluminum",
        "alu",
        "die-cast aluminium", "forged aluminium", "billet aluminum", "anodised aluminium", "anodized aluminum",
        "alum.",
        "light alloy", "6061 aluminum", "extruded aluminium", "pressed aluminium",
    ),
    "brass": ("brass", "solid brass", "machined brass", "nickel-plated brass", "cast brass"),
    "copper": ("copper", "solid copper", "drawn copper", "tinned copper", "Cu"),
    "titanium": ("titanium", "titanium alloy", "grade 5 titanium", "Ti-6Al-4V", "forged titanium"),
    "bronze": ("bronze", "phosphor bronze", "sintered bronze", "cast bronze"),
    "magnesium": ("magnesium", "magnesium alloy", "die-cast magnesium", "cast magnesium"),
    "rubber": ("rubber", "natural rubber", "EPDM rubber", "moulded rubber", "reinforced rubber", "vulcanised rubber"),
    "glass": ("glass", "laminated glass", "toughened glass", "tempered glass", "safety glass"),
    "leather": ("leather", "genuine leather", "full-grain leather", "black leather"),
    "ceramic": ("ceramic", "technical ceramic", "sintered ceramic", "carbon-ceramic"),
    "zinc": ("zinc", "zinc alloy", "die-cast zinc", "zamak"),
    "wood": ("wood", "plywood", "ash wood", "varnished wood", "walnut"),
}  # fmt: skip

# Share of the plain name: "steel" is written more often than all its special kinds together.
PLAIN_SHARE: Final = 0.5
