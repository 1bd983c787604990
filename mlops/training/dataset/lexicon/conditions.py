"""What people say of a component's condition, by value and by the place in the sentence.

STATE goes before "condition", "shape" or "order"; IS follows "is"; DOES is a finite predicate; WITH follows "with";
BEFORE_NOUN stands before the component's name; SHORT stands alone in a note.
"""

from typing import Final

Words = dict[str, tuple[str, ...]]

STATE: Final[Words] = {
    "new": (
        "new", "brand-new", "as-new", "mint", "pristine", "factory-new", "perfect", "flawless", "like-new",
        "showroom",
        "brand new", "as new", "unused", "immaculate", "factory fresh", "new", "new", "new",
    ),
    "good": (
        "good", "very good", "excellent", "sound", "fine", "great", "really good", "quite good", "perfectly good",
        "decent",
        "solid", "first-class", "top", "good", "good", "good", "good used", "satisfactory", "healthy", "well-kept",
        "A1",
        "superb", "proper", "good overall", "good general",
    ),
    "fair": (
        "fair", "average", "mediocre", "so-so", "middling", "passable", "only fair", "merely fair",
        "barely acceptable",
        "fair to middling", "fair", "fair", "fair", "fair", "moderate", "no more than fair", "distinctly average",
        "acceptable but worn", "so so", "fairish", "usable but worn", "worn", "just about fair", "indifferent",
        "medium",
    ),
    "poor": (
        "poor", "very poor", "bad", "terrible", "awful", "dreadful", "sorry", "deplorable", "rough", "lousy",
        "appalling",
        "poor", "poor", "poor", "poor", "really bad", "extremely poor", "quite poor", "shocking", "miserable", "bad",
        "dire",
        "atrocious", "shabby", "damaged", "unsafe", "abysmal", "broken", "horrible",
    ),
}  # fmt: skip

IS: Final[Words] = {
    "new": (
        "new", "brand new", "unused", "as new", "mint", "still sealed in its bag", "fresh from the box",
        "factory new",
        "like new", "pristine", "new old stock", "straight from the factory", "unworn",
        "still in its original packaging",
        "fresh out of the box", "completely new", "immaculate", "box-fresh", "shiny and new", "new and never fitted",
        "in mint state", "spotless and unused", "untouched", "newly delivered and unused", "virtually new",
        "in its original box", "never mounted", "in shrink wrap, unopened", "as it left the factory", "unopened",
        "off the shelf and unused", "never out of its bag", "zero miles, unused", "not yet fitted",
        "brand spanking new", "in unused state", "freshly made and unused",
    ),
    "good": (
        "good", "very good", "sound", "well kept", "in decent shape", "in good nick", "well maintained", "excellent",
        "serviceable",
        "in fine fettle", "in great shape", "fully serviceable", "in good order", "fine", "perfectly fine",
        "still good",
        "well preserved", "clean and sound", "undamaged", "in working order and sound", "intact", "holding up well",
        "in very good shape", "tidy", "in excellent state", "good all round", "as good as can be expected: good",
        "solid", "straight and clean", "in top form", "fit for further use", "fit for service", "healthy",
        "okay to use, good",
        "in good repair", "functional and sound", "clean", "all right, in good shape", "better than most, very good",
        "barely used", "lightly used and good", "hardly worn", "second-hand but sound", "used but good",
        "in perfect working order", "in satisfactory condition", "spotless", "faultless", "free of defects",
        "good as new", "almost like new", "without faults", "nicely kept", "free from rust", "crack-free",
        "rust-free", "in proper order", "no problem at all, good", "sturdy and sound", "ready for reuse, good",
        "in nice condition", "pretty good", "quite alright, good", "good enough for refitting, no wear",
    ),
    "fair": (
        "fair", "average", "so-so", "middling", "moderately worn", "noticeably worn", "somewhat worn", "a bit worn",
        "only fair",
        "in passable shape", "tired", "a little tired", "showing its age", "slightly corroded", "lightly rusted",
        "scuffed and faded", "scratched in places", "acceptable but worn", "usable but worn", "just about acceptable",
        "nothing special, fair at best",
        "weathered", "worn but working", "fair at best", "mediocre", "partly worn", "half worn",
        "visibly used and worn",
        "past its best", "getting worn", "merely fair", "dull and scuffed", "fair, with some wear",
        "worn at the edges",
        "somewhat tatty", "in middling shape", "no more than average", "in so-so shape", "a bit rusty",
        "beginning to rust",
        "OK-ish, worn", "meh", "not great, worn", "middle of the road", "well used, showing wear",
        "due for replacement soon, worn", "so-so at best", "aged and worn", "noticeably used, worn", "slightly bent",
        "slightly damaged", "a little worn", "average at best", "medium, with wear", "a bit beaten up",
        "faded and worn", "somewhat corroded", "in only fair shape", "light wear to moderate wear, fair",
        "starting to fray", "a bit loose and worn",
    ),
    "poor": (
        "poor", "bad", "badly worn", "cracked", "corroded through", "rusty", "bent", "leaking", "beyond repair",
        "falling apart",
        "damaged", "heavily scratched", "in terrible shape", "worn out", "badly corroded", "broken", "shot",
        "in a sorry state",
        "rusted through", "very poor", "split along the seam", "seized", "dented and cracked", "ruined", "unusable",
        "badly pitted",
        "in bad shape", "in awful shape", "completely worn", "warped", "a write-off", "heavily rusted",
        "deeply scored", "torn",
        "full of cracks", "chipped and cracked", "eaten away by rust", "fit for scrap only", "deformed",
        "in a bad way",
        "damaged beyond use", "in tatters", "knackered", "crumbling", "fractured", "faulty and worn out", "defective",
        "battered",
        "badly dented", "unserviceable", "no good", "perforated by rust", "loose, bent and rusty",
        "snapped at one end",
        "on its last legs", "junk", "scrap", "toast", "finished", "had it", "past saving", "mostly rust",
        "hanging by a thread", "dead", "bust", "wrecked", "in pieces", "totalled", "burnt out",
        "stripped and worn out", "smashed", "good for nothing", "leaking at every seal", "severely corroded",
        "in dire condition", "no longer usable", "not usable", "rotten", "crushed", "twisted", "in ruins",
        "unsafe to use", "terminally worn", "mangled", "punctured", "corroded beyond use", "rusted solid", "blown",
        "splitting apart",
    ),
}  # fmt: skip

DOES: Final[Words] = {
    "new": (
        "has never been fitted", "has never been used", "is still in its wrapper", "comes straight from the box",
        "looks brand new", "has zero hours on it", "was never installed", "is fresh from the factory",
        "has yet to be fitted",
        "still has the factory grease on it", "came sealed and unused",
        "still wears its protective film and is unused",
        "is brand new", "has not been used", "arrived new and sealed", "never saw a road",
        "has never been on a vehicle", "comes new from the maker", "has not been fitted yet",
    ),
    "good": (
        "looks good", "is holding up well", "has been well kept", "passes inspection", "has held up nicely",
        "works as it should and looks good",
        "looks sound", "has been looked after", "is good for years to come", "passed the visual check",
        "remains in good order",
        "presents well", "has aged well", "still looks very good", "passed every check", "keeps its shape and finish",
        "has plenty of life left", "meets the condition check", "performs well and is undamaged",
        "shows no wear", "has no faults", "is in good working order", "does its job and is sound",
        "has stood the test of time well", "came out clean and sound", "has only trace marks and is good",
        "gives no cause for complaint", "is good to go",
    ),
    "fair": (
        "shows its age", "shows some wear", "shows noticeable wear", "has seen better days", "has some surface rust",
        "shows moderate wear", "has a few dents and scuffs", "is starting to wear", "looks tired",
        "shows wear on all edges",
        "has picked up its share of scratches", "is only just acceptable", "shows signs of wear",
        "has light corrosion",
        "rates as fair at best", "looks average at best", "has a fair amount of wear", "is beginning to corrode",
        "has some play and wear", "could look better, worn in places", "is wearing thin in places",
        "has lost some of its finish", "has been used hard and shows it", "gets by, but is worn", "has a worn look",
        "is getting tired",
    ),
    "poor": (
        "is falling apart", "leaks badly", "has cracked", "has rusted through", "needs scrapping", "has deep cracks",
        "is beyond saving",
        "failed inspection", "has corroded badly", "looks terrible", "wobbles and is bent", "has a hole in it",
        "is riddled with rust",
        "crumbles when touched", "no longer holds together", "has broken in two", "is bent out of shape",
        "failed the visual check",
        "has major damage", "is coming apart at the seams", "has worn right through", "is cracked from end to end",
        "looks awful",
        "has lost most of its coating to rust", "did not pass the condition check",
        "leaks from the seam", "has snapped off at the lug", "rattles and is cracked", "will not hold any more",
        "is done for", "is rusting away", "has been damaged beyond repair", "is way past its service life",
        "has given up", "broke in two on removal",
    ),
}  # fmt: skip

WITH: Final[Words] = {
    "new": (
        "no hours on it", "factory seals unbroken", "protective film still on", "zero use",
        "all tags still attached, unused",
        "the wrapping still on", "not a single mark, never fitted",
    ),
    "good": (
        "no visible wear", "no damage", "hardly any wear", "no defects", "only trace wear, otherwise good",
        "no faults found",
        "no cracks or rust", "nothing to complain about", "no signs of damage", "a good finish and no damage",
        "no rust at all",
        "all functions intact", "barely a mark on it", "no corrosion to speak of", "minimal wear",
        "plenty of life left",
    ),
    "fair": (
        "some wear", "noticeable wear", "moderate wear", "some surface rust", "visible scratches and scuffs",
        "a fair amount of wear",
        "signs of age and wear", "wear marks all over", "light corrosion", "a few dents", "some pitting",
        "average wear for its age",
        "minor dents and some rust", "faded and scuffed surfaces",
    ),
    "poor": (
        "heavy wear", "deep cracks", "severe corrosion", "major damage", "holes rusted through", "a broken lug",
        "bad cracks",
        "extensive rust", "heavy damage", "a crack right across", "stripped threads and bad corrosion",
        "structural damage",
        "serious defects", "deep scoring", "leaks on every side", "severe wear", "broken mounts",
        "half of it missing",
    ),
}  # fmt: skip

BEFORE_NOUN: Final[Words] = {
    "new": (
        "new", "brand-new", "brand new", "unused", "mint", "as-new", "factory-new", "never-fitted", "pristine",
        "new-condition",
        "mint-condition", "new condition", "unworn", "box-fresh", "like-new", "NOS",
    ),
    "good": (
        "good", "good-condition", "good condition", "well-kept", "sound", "very good", "well-maintained", "excellent",
        "serviceable",
        "undamaged", "clean", "decent", "good condition", "excellent-condition", "very good condition",
        "solid, sound", "tidy",
    ),
    "fair": (
        "fair-condition", "fair condition", "worn", "moderately worn", "somewhat worn", "average-condition", "tired",
        "scuffed",
        "weathered", "half-worn", "fair condition", "only fair", "slightly rusty", "tired-looking", "mediocre",
        "middling",
        "average condition",
    ),
    "poor": (
        "poor", "poor-condition", "poor condition", "badly worn", "cracked", "rusty", "bent", "leaking", "damaged",
        "broken", "worn-out",
        "corroded", "bad", "heavily scratched", "rusted-through", "poor condition", "bad-condition", "dented",
        "battered", "warped",
        "very poor condition", "failed", "defective", "knackered", "terrible-condition",
    ),
}  # fmt: skip

SHORT: Final[Words] = {
    "new": (
        "new", "brand new", "unused", "NOS", "as new", "mint", "never fitted", "boxed, unused", "new in box", "NIB",
        "cond new", "nw",
        "fresh stock, unused", "zero wear", "unfitted", "new, sealed",
        "never used", "factory sealed", "OE boxed new", "not yet fitted", "new, never mounted", "unopened",
        "shrink-wrapped, new",
    ),
    "good": (
        "good", "good cond", "gd cond.", "very good", "no damage", "ok, good", "sound", "passes check", "vgc", "GC",
        "g/c", "serviceable",
        "excellent", "no visible wear", "looks good", "no issues", "all good", "well kept", "A-OK, good",
        "no defects", "clean", "tidy",
        "no wear", "cond good",
        "barely used", "like new nearly, good", "spotless", "rust free", "gd", "no rust no cracks", "used, good",
        "good order", "ok good", "in good nick", "lightly used, good", "no marks", "fine",
    ),
    "fair": (
        "fair", "fair cond", "some wear", "so-so", "worn", "avg condition", "moderate wear", "average", "shows age",
        "bit rusty",
        "surface rust", "scuffed", "mediocre", "tired", "fair only", "cond fair", "noticeable wear",
        "light corrosion", "part worn",
        "meh", "worn but ok", "so so", "fr", "used, worn", "slight rust", "a bit worn", "fair/worn", "some play",
        "scratched a bit", "well used", "wear visible", "average wear", "light rust",
    ),
    "poor": (
        "poor", "poor cond", "bad", "badly worn", "cracked", "rusty", "bent", "broken", "scrap", "leaks", "worn out",
        "damaged",
        "heavy rust", "corroded", "shot", "failed insp.", "U/S", "knackered", "beyond repair", "cond poor", "v. poor",
        "bad shape",
        "defective", "dented + cracked", "split", "seized",
        "junk", "toast", "n/s, broken", "crack at flange", "rusted out", "leaking", "dead", "unsafe", "wrecked", "pr",
        "badly corroded", "cracks", "rotten", "holed", "heavily worn", "bust", "N.B. cracked", "torn", "warped",
        "threads stripped",
    ),
}  # fmt: skip

GRADES: Final[Words] = {
    "new": ("new", "NEW", "as new", "brand new", "mint", "unused", "New", "pristine"),
    "good": ("good", "GOOD", "very good", "Good", "excellent", "good", "sound", "serviceable"),
    "fair": ("fair", "FAIR", "average", "Fair", "fair, worn", "so-so", "worn", "mediocre", "only fair"),
    "poor": ("poor", "POOR", "bad", "Poor", "very poor", "damaged", "broken", "unserviceable", "terrible"),
}  # fmt: skip

# What is wrong, by how bad it is, and where: joined with SPOTS to say what no list of words could hold.
DAMAGE: Final[Words] = {
    "fair": (
        "light scratches", "some surface rust", "slight pitting", "minor wear", "some play", "a small dent",
        "faded paint", "a few scuffs",
        "slight discolouration and wear", "light scoring", "a bit of rust", "some flaking paint", "moderate wear",
        "chipped paint", "dull spots",
        "superficial rust", "a little corrosion", "worn edges",
    ),
    "poor": (
        "a crack", "deep cracks", "heavy rust", "a hole", "severe pitting", "stripped threads", "a fracture",
        "a broken ear", "bad corrosion",
        "a large dent", "a bad leak", "deep gouges", "heavy scoring", "a split", "rot", "two broken lugs",
        "a nasty crack", "burn marks and cracks",
        "a bent edge and cracks", "excessive wear", "a torn section", "severe wear", "extensive corrosion",
        "advanced rust",
    ),
}  # fmt: skip
SPOTS: Final = (
    "at the flange", "around the bolt holes", "along the seam", "near the edge", "on the underside", "at the weld",
    "on both ends", "in the bore",
    "on the lower half", "at the mounting point", "across the face", "on one side", "at the corner", "on the rim",
    "along the edge", "near the joint",
    "on the inside", "at the bend", "by the hinge point", "on top", "next to the mount", "all round",
    "on the sealing face", "at the base",
)  # fmt: skip

# Words of either side that bear being denied: "not in {…} condition".
GOOD_WORDS: Final = (
    "good", "good", "very good", "sound", "excellent", "decent", "fine", "great", "proper", "satisfactory", "healthy",
    "perfect",
)  # fmt: skip
BAD_WORDS: Final = ("bad", "poor", "worn", "damaged", "broken", "rusty", "poor", "bent", "cracked", "corroded")
