"""How conditions are put in the workshop: by idiom, by grade and in haste. The forms are those of `conditions`."""

from typing import Final

Words = dict[str, tuple[str, ...]]

STATE: Final[Words] = {
    "new": ("spanking new", "untouched", "virgin", "out-of-the-box", "unissued", "shop-new", "unmarked new"),
    "good": (
        "tip-top", "top-notch", "fault-free", "lovely", "nice", "cracking", "fit", "trouble-free", "grade A",
        "spick-and-span", "neat", "respectable", "smart", "commendable", "fully usable", "problem-free",
    ),
    "fair": (
        "tatty", "tolerable", "run-of-the-mill", "below-average", "jaded", "borderline", "less than ideal",
        "not quite acceptable", "careworn", "somewhat shabby", "half-decent at most", "moderately worn",
    ),
    "poor": (
        "dilapidated", "decrepit", "ropey", "hopeless", "pathetic", "grim", "beaten-up", "wretched", "useless",
        "rotten", "sad", "unacceptable", "ghastly", "ruinous", "neglected", "faulty",
    ),
}  # fmt: skip

IS: Final[Words] = {
    "new": (
        "bang new", "never out of its box", "straight off the production line", "still boxed", "new in its bag",
        "freshly unpacked", "unopened", "never mounted", "never run", "spanking new", "new, never installed",
        "untouched since it left the factory", "still in its grease paper", "unused to this day", "factory sealed",
        "as it left the factory, unused", "new from the dealer", "surplus stock, never used", "deadstock",
        "never seen service", "shelf-fresh", "without a minute of use", "still wrapped in oil paper",
        "not yet unpacked",
    ),
    "good": (
        "in tip-top shape", "up to scratch", "shipshape", "hard to fault", "problem-free", "spot on", "lovely",
        "working perfectly", "running true", "in rude health", "nothing to worry about", "well looked after",
        "as it should be", "doing its job", "in better shape than expected", "top notch", "well within limits",
        "straight and true", "dry and clean", "ready to go back on", "in excellent nick", "perfectly usable",
        "perfectly serviceable", "nice and tight, no play", "fully functional", "smooth and quiet", "fine by me",
        "good for many more years", "refurbished and good", "overhauled and sound", "restored to good condition",
        "repaired and good again", "cleaned up and good", "passed as good", "first class", "in perfect health",
        "as good as the day it left the factory", "right as rain", "solid as a rock", "none the worse for wear",
        "fit as a fiddle", "fighting fit", "good as gold", "in a good way", "holding together nicely",
        "looking the part", "well above average", "not bad at all, quite good", "better than it looks: good",
        "more than adequate", "all good", "good enough to sell", "presentable and sound", "well oiled and working",
    ),
    "fair": (
        "tatty", "the worse for wear", "rough around the edges", "passable", "borderline", "neither good nor bad",
        "usable, just about", "in need of attention", "greying and scuffed", "long in the tooth", "a shade worn",
        "dog-eared", "shop-soiled", "not what it was", "acceptable at best", "half gone", "moderately corroded",
        "due for an overhaul", "pitted here and there", "thin in places", "lightly pitted", "only so-so",
        "getting on", "not at its best", "well past its prime", "between good and poor", "tolerable, no more",
        "mildly corroded", "a little bent", "a bit ragged", "chafed", "slightly warped", "partly corroded",
        "showing the years", "starting to go", "on the way out", "a bit past it", "just hanging on",
        "ready for a refit", "half decent, no more", "between fair and poor", "so-so, no better",
        "a little the worse for wear", "losing its edge", "fading",
    ),
    "poor": (
        "clapped out", "kaput", "dilapidated", "beat up", "banged up", "trashed", "in bits", "ready for the skip",
        "scrap", "rotted through", "rotted away", "holed", "frayed", "perished", "perforated", "brittle",
        "brittle and cracked", "swollen", "delaminated", "peeling", "buckled", "kinked", "burst", "burnt", "scorched",
        "melted", "porous", "jammed", "sheared off", "chewed up", "gouged", "scored", "rubbish", "useless", "a wreck",
        "a mess", "a ruin", "crash-damaged", "flood-damaged", "due for the bin", "dropping to pieces", "oval and loose",
        "worn to nothing", "worn to the limit", "beyond its limits", "split", "crazed all over", "dented",
        "eaten through", "shattered", "torn to shreds", "hopelessly worn", "bent and cracked", "stripped", "leaky",
        "hardly recognisable", "broken off", "squashed", "riddled with holes", "corroded to the core", "condemned",
        "past it", "a basket case", "on borrowed time", "dead as a dodo", "a sorry sight", "gone",
        "good for scrap", "down and out", "beyond economic repair", "ready to fall apart", "ripe for the bin",
        "written off", "unfit for use", "not fit for service", "not roadworthy", "a danger", "in rags",
        "bent double", "full of holes", "wasted", "fatigued and cracked", "rust all over, rotten",
    ),
}  # fmt: skip

DOES: Final[Words] = {
    "new": ("was never taken out of its box", "still smells of the factory", "has not turned a single hour"),
    "good": (
        "does what it should", "gives no trouble", "leaves nothing to be desired", "has been cared for",
        "runs true and quiet", "measured up fine", "came through the test without a fault", "needs nothing doing",
        "has kept its shape", "could go straight back on",
    ),
    "fair": (
        "has had its day", "wants attention", "has done a lot of miles and shows it", "is on the tired side",
        "will do for a while, no more", "has lost its bloom", "leaves something to be desired", "is half worn out",
    ),
    "poor": (
        "is good for the skip only", "belongs on the scrap heap", "has had it", "has gone to pieces",
        "cannot be saved", "has rotted away", "is not worth repairing", "has perished", "has burst", "has split open",
        "has gone brittle and cracked", "has been written off", "no longer works", "has come apart",
    ),
}  # fmt: skip

SHORT: Final[Words] = {
    "new": (
        "BNIB", "bnew", "brand nw", "still sealed", "new/unused", "never run", "spare, never fitted", "fresh",
        "new from stock", "N", "unus.", "new old stock", "as-new", "never mounted", "brandnew", "boxed",
    ),
    "good": (
        "v good", "v. good", "v.good", "vg", "exc.", "exc", "grade A", "A1", "tip top", "top", "nice", "lovely",
        "perfect", "intact", "no play", "works", "works fine", "runs true", "straight", "usable, good", "gd order",
        "good used", "good nick", "good shape", "cond ok, good", "checked good", "tested good", "pass", "passed",
        "reconditioned, good", "overhauled, good", "gd/used", "fault free", "all ok, good", "fully functional",
    ),
    "fair": (
        "tatty", "passable", "borderline", "f. cond", "fair-ish", "so-so cond", "some rust", "some pitting",
        "half worn", "worn a bit", "mod. wear", "mod wear", "slightly bent", "slt worn", "light pitting", "jaded",
        "usable but worn", "shabby-ish", "weathered", "dull", "scuffs + wear", "avg", "avg.", "aver. cond",
    ),
    "poor": (
        "perished", "brittle", "frayed", "buckled", "burst", "sheared", "beyond use", "no good", "ng", "N/G", "kaput",
        "clapped out", "scrap it", "for scrap", "rotten through", "rusted solid", "bad cond", "p. cond", "poor!!",
        "dmgd", "dam'd", "brkn", "crckd", "bent + rusty", "split/leaking", "unusable", "burnt", "in bits", "bad",
        "v poor", "very bad", "pitted badly", "delaminated", "failed", "fail", "reject", "condemned", "write-off",
    ),
}  # fmt: skip

# Details that go with a grade: fine ones and grim ones, slight ones that change nothing, and what may lie on it.
DETAILS: Final[Words] = {
    "fine": (
        "no play", "welds sound", "the welds are sound", "threads clean", "paint original", "the paint is original",
        "seals dry", "it holds pressure", "pressure tested", "measured and within limits", "flushed", "cleaned",
        "no leaks", "moves freely", "turns smoothly", "runs quietly", "bearings tight", "faces flat", "edges clean",
        "all bolts present", "bore smooth", "no cracks", "balanced", "greased", "tested twice", "spins true",
        "it seals",
        "mounting holes round", "finish intact", "pins straight", "the surface is clean", "gasket faces clean",
    ),
    "grim": (
        "two teeth gone", "threads stripped", "it leaks", "a corner missing", "bearing howls", "seal weeping",
        "holes oval", "surface eaten", "paint gone and metal pitted", "does not hold pressure", "play everywhere",
        "one ear snapped", "weld torn", "edges crumbling", "the seam has opened", "it sticks and grates", "bent twice",
        "deep grooves", "face warped", "half the lugs missing", "cracked right through", "it wobbles badly",
    ),
    "slight": (
        "dusty", "a bit dirty", "oily", "some grease on it", "muddy", "smells of diesel", "needs a wipe", "unpainted",
        "label missing", "stickers on it", "repainted", "a different colour", "old design", "heavy",
    ),
    "dirt": ("the dirt", "the dust", "the old paint", "the missing label", "its age", "the smell", "the torn box"),
}  # fmt: skip
