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
        "PA6", "PA12", "nylon 66", "nylon 6", "GRP", "glass-reinforced plastic", "Bakelite", "phenolic resin",
        "Delrin", "Teflon", "celluloid", "PC/ABS", "PMMA", "PET", "LDPE", "PEEK", "Lexan", "polycarb", "polyprop",
        "polythene", "synthetic resin", "melamine", "duroplast", "thermoplast", "foamed plastic", "PVC-U",
        "soft PVC", "vinyl plastic", "plastic composite", "plastic moulding", "fibre-reinforced plastic",
        "polyester resin", "plas.", "plast.",
    ),
    "iron": (
        "iron", "cast iron", "ductile iron", "wrought iron", "grey iron", "gray iron", "nodular iron",
        "malleable iron",
        "cast-iron", "pig iron", "grey cast iron", "raw iron", "solid iron", "plain iron", "spheroidal graphite iron",
        "forged iron", "white iron", "painted iron", "heavy iron", "SG iron", "sheet iron", "pure iron", "C.I.",
        "GG25", "GGG40", "ductile cast iron", "SG cast iron", "compacted graphite iron", "vermicular iron",
        "chilled iron", "black iron", "galvanised iron", "malleable cast iron", "lamellar graphite iron",
        "iron casting", "EN-GJL-250", "alloyed cast iron", "old iron", "rusty iron",
    ),
    "carbon fiber": (
        "carbon fiber", "carbon fibre", "carbon-fiber", "carbon-fibre", "CFRP", "carbon composite", "woven carbon",
        "woven carbon fibre", "carbon fiber composite", "carbon-fibre laminate", "dry carbon", "forged carbon",
        "carbon weave", "prepreg carbon fibre", "carbonfibre", "CF", "twill carbon fibre", "carbon laminate",
        "carbon fiber weave",
        "carbon", "carbon fabric", "carbon-fibre composite", "carbon fiber sheet", "moulded carbon fibre",
        "2x2 twill carbon", "pre-preg carbon", "c-fibre", "carbon fib.",
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
        "stl", "chromoly", "4130 chromoly", "42CrMo4", "high-carbon steel", "low-alloy steel", "S355 steel",
        "316L", "316 stainless", "A2 stainless", "V2A", "chrome steel", "manganese steel", "nickel steel",
        "steel plate", "steel tube", "steel sheet", "nitrided steel", "case-hardened steel", "blackened steel",
        "rolled steel", "hot-rolled steel", "stainless sheet", "galv. steel", "galv steel", "SS", "st. steel",
        "HSLA steel", "bright steel", "rust-free stainless", "polished stainless", "machined steel",
        "brushed stainless", "steel wire", "bearing steel", "dual-phase steel",
    ),
    "aluminium": (
        "aluminium", "aluminum", "alloy", "aluminium alloy", "aluminum alloy", "cast aluminium", "cast aluminum",
        "alu",
        "die-cast aluminium", "forged aluminium", "billet aluminum", "anodised aluminium", "anodized aluminum",
        "alum.",
        "light alloy", "6061 aluminum", "extruded aluminium", "pressed aluminium",
        "ally", "ali", "duralumin", "dural", "AlSi10Mg", "7075", "7075-T6 aluminium", "6082 aluminium",
        "aircraft aluminium", "aluminium sheet", "aluminium casting", "aluminum plate", "brushed aluminium",
        "silumin", "LM25", "machined aluminium", "welded aluminium", "al. alloy", "aluminium tube",
        "polished aluminum",
    ),
    "brass": (
        "brass", "solid brass", "machined brass", "nickel-plated brass", "cast brass",
        "yellow brass", "naval brass", "turned brass", "plain brass", "brass bar", "chromed brass",
    ),
    "copper": (
        "copper", "solid copper", "drawn copper", "tinned copper", "Cu",
        "copper pipe", "copper sheet", "beryllium copper", "pure copper", "annealed copper", "bare copper",
    ),
    "titanium": (
        "titanium", "titanium alloy", "grade 5 titanium", "Ti-6Al-4V", "forged titanium",
        "Ti", "titanium grade 2", "pure titanium", "Ti alloy", "titanium tube", "machined titanium",
    ),
    "bronze": (
        "bronze", "phosphor bronze", "sintered bronze", "cast bronze",
        "aluminium bronze", "leaded bronze", "bearing bronze", "gunmetal",
    ),
    "magnesium": (
        "magnesium", "magnesium alloy", "die-cast magnesium", "cast magnesium",
        "AZ91", "Mg alloy", "mag alloy", "magnesium casting",
    ),
    "rubber": (
        "rubber", "natural rubber", "EPDM rubber", "moulded rubber", "reinforced rubber", "vulcanised rubber",
        "EPDM", "NBR", "neoprene", "nitrile rubber", "nitrile", "silicone rubber", "silicone", "SBR rubber",
        "Viton", "butyl rubber", "black rubber", "soft rubber", "hard rubber", "foam rubber", "rubberised fabric",
    ),
    "glass": (
        "glass", "laminated glass", "toughened glass", "tempered glass", "safety glass",
        "tinted glass", "heated glass", "clear glass", "float glass",
    ),
    "leather": (
        "leather", "genuine leather", "full-grain leather", "black leather",
        "nappa leather", "cowhide", "stitched leather", "suede",
    ),
    "ceramic": (
        "ceramic", "technical ceramic", "sintered ceramic", "carbon-ceramic",
        "alumina ceramic", "glazed ceramic",
    ),
    "zinc": (
        "zinc", "zinc alloy", "die-cast zinc", "zamak",
        "zinc casting", "Zn alloy",
    ),
    "wood": (
        "wood", "plywood", "ash wood", "varnished wood", "walnut",
        "oak", "beech", "birch plywood", "mahogany", "teak",
    ),
}  # fmt: skip

# Share of the plain name: "steel" is written more often than all its special kinds together.
PLAIN_SHARE: Final = 0.5
