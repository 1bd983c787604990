"""More wordings: trade verbs for making, forms with boxes to tick, one of two told apart, positions left and right.

The slots are those of the dimension's own module; these are added to its wordings.
"""

from typing import Final

from mlops.training.dataset.clauses.year import Table

YEAR: Final[Table] = {
    "plain": {
        "p": (
            "cast {when}", "forged {when}", "pressed {when}", "moulded {when}", "machined {when}", "welded up {when}",
            "originating from {date}", "year of origin {year}", "year {year}", "made [way |]back {when}", "born {when}",
            "out of the {year} production run", "[about|roughly|some] {age} years old when checked in {asof}",
            "from the {year} batch",
        ),
        "v": (
            "was cast {when}", "was forged {when}", "left the press {when}", "came out of the mould {when}",
            "was pressed {when}", "was machined {when}", "was welded up {when}", "originates from {date}",
            "goes back to {date}", "came off the tools {when}", "saw the light of day {when}",
            "left the foundry {when}",
            "belongs to the {year} batch", "was laid down {when}", "was turned on the lathe {when}",
            "left the works {when}",
        ),
        "s": (
            "Cast {when}.", "It left the press {when}.", "Born {when}.", "It comes from the {year} batch.",
            "Year of origin {year}.", "I make it {year}.", "Year? {year}.", "Age: made {when}.",
            "{year}, says the stamp.",
        ),
        "n": ("cast {year}", "forged {year}", "orig. {year}", "batch {year}", "ca {year}", "c. {year}", "circa {year}",
              "YOB {year}", "ex works {year}", "prod {year}", "year={year}"),
        "k": ("origin: {year}", "dated: {date}", "date: {date}", "year made: {year}", "batch year: {year}",
              "when made: {date}", "vintage: {year}", "(yr) {year}"),
    },
    "contrasted": {
        "p": (
            "restored in {later}, [rechromed|replated|resprayed] in {later}, but made {when}",
            "[inspected|tested|counted] {later}, [bought|sold] {later}, manufactured {when}",
            "made {when}, [bought|sold] in {later}, [tested|inspected] in {later}",
            "the older of the two, made {when}, the other {fwhen}", "the one of {year}, not its neighbour of {fyear}",
        ),
        "v": (
            "was restored in {later} and [rechromed|replated|resprayed] in {later}, but left the [press|works] {when}",
            "came to us in {later}, was sold on in {later}, and was made {when}",
            "carries an inspection sticker of {later}, but was made {when}",
            "has a repair stamp of {later} next to the date of manufacture, {year}",
            "belongs on a {fyear} {vehicle} and was made {when}",
        ),
        "s": (
            "Restored {later}, resprayed {later}, made {when}.", "Bought {later}. Made {when}. Tested {later}.",
            "{later} is only when it was fitted; it was made {when}.",
            "Not to be taken for the year: {later}. Made {when}.",
            "The sticker is of {later}, the casting of {year}.", "Repaired in {later}; year of manufacture {year}.",
            "The left one is of {fyear}, the right one of {year}; this is the right one.",
            "Of the two, this is the one of {year}; the other is of {fyear}.",
        ),
        "n": ("bought {later}, made {year}", "made {year}, sold {later}", "tested {later}, made {year}",
              "restored {later} but {year} made", "drawn {earlier}, made {year}"),
        "k": ("fitted: {later}; made: {year}", "tested: {later} / year of manufacture: {year}",
              "made: {year} / restored: {later}"),
    },
}  # fmt: skip

CONDITION: Final[Table] = {
    "plain": {
        "p": ("{grade}", "{grade} I'd say", "{grade} all told", "[honestly|frankly] {is}", "{is}, as far as I can see",
              "{is} throughout", "- {is}"),
        "v": ("strikes me as {is}", "counts as {grade}", "passes as {grade}", "comes out as {grade}",
        "I'd call {grade}",
              "has to be put down as {grade}", "gets a {grade} from me", "was marked {grade}"),
        "s": ("Condition? {grade}.", "{grade}, if you ask me.", "Verdict: {grade}.", "I give it a {grade}.",
              "Honestly, it is {is}.", "Marked {grade}.", "Quality {grade}.", "State of it: {is}.",
              "Looks {state} to me.",
              "State of preservation: {grade}.", "Graded as {grade}."),
        "n": ("({grade})", "= {grade}", "{grade}!", "-> {grade}", "verdict {grade}", "looks {grade}", "{grade} imo",
              "call it {grade}", "status {grade}", "qual. {grade}"),
        "k": (
            "condition (new/good/fair/poor): {grade}", "state (new, good, fair, poor): {grade}", "verdict: {grade}",
            "condition on arrival: {grade}", "state of preservation: {grade}", "result: {grade}", "assessment: {grade}",
            "condition code: {grade}", "looks: {is}", "how is it: {is}",
        ),
    },
    "negated": {
        "p": ("[nothing|not] special and {is}, so not {fis}", "not exactly {fstate}, rather {state}"),
        "s": ("Can't call it {fgrade}, it's {grade}.", "{fgrade}? I wish. {grade}.", "{fgrade}? Hardly. It is {is}.",
              "I would love to say {fgrade}, but it is {is}.", "Not {fgrade}, not by a long way: {grade}."),
        "n": ("{fgrade} no, {grade} yes", "not {fgrade} / {grade}", "{fgrade} ( ) {grade} (x)",
        "(x) {grade} ( ) {fgrade}"),
        "k": ("condition: ( ) {fgrade} (x) {grade}", "condition: (x) {grade} ( ) {fgrade}",
        "{fgrade}: no / {grade}: yes",
              "{grade}: yes / {fgrade}: no"),
    },
    "contrasted": {
        "p": (
            "{is}, [its|the] twin {fis}", "{is} ([the other side|the spare|its mate]: {fis})",
            "the {fadj} one's better-known twin, {is} itself", "once {fadj}, these days {is}",
        ),
        "v": (
            "is {is}, [the other one|its mate|the second one] {fis}",
            "was {fis} before the [overhaul|accident|job], now it is {is}",
            "would have been {fgrade} ten years ago; today it is {is}",
        ),
        "s": (
            "Right-hand one {fgrade}, left-hand one {grade}. This entry is for the left-hand one.",
            "The left-hand one is {is}, the right-hand one {fis}; this entry is for the left-hand one.",
            "The left one is {fis} and the right one {is}. We enter the right one here.",
            "The right one is {is}, the left one {fis}. This is the right one.",
            "Front one {grade}, rear one {fgrade}; this is the front one.",
            "Front one {fgrade}, rear one {grade}; this is the rear one.",
            "Of the two, one is {fis}; this is the other, and it is {is}.",
            "All the rest is {fis}, only this one is {is}.", "Everything else is {fis}. Not this: it is {is}.",
            "Ten years ago I'd have said {fgrade}; today it is {is}.", "Before the repair {fgrade}, after it {grade}.",
            "I had feared {fgrade}, but found it {is}.", "They wrote {fgrade}. Make that {grade}.",
        ),
        "n": ("LH {fgrade}, RH {grade}, this is RH", "LH {grade}, RH {fgrade}, this = LH",
        "rest {fgrade}, this {grade}",
              "before {fgrade}, after {grade}", "{fgrade} on the card, {grade} in the hand",
              "box {fgrade}, item {grade}"),
        "k": ("before: {fgrade} / after: {grade}", "left: {fgrade} / right (this one): {grade}",
              "this one: {grade} / the other: {fgrade}"),
    },
}  # fmt: skip

MATERIAL: Final[Table] = {
    "plain": {
        "p": ("cast in {mat}", "turned from {mat}", "pressed from {mat}", "out of {mat}", "{mat}", "{mat}, the lot",
              "{mat} through and through", "in plain {mat}"),
        "v": ("was cast in {mat}", "was turned from {mat}", "is {mat} through and through", "has been made from {mat}",
              "is simply {mat}", "was pressed from {mat}", "is the {mat} sort"),
        "s": ("It's {mat}.", "Made out of {mat}.", "{mat}, I checked.", "Material? {mat}.",
        "{mat}, by the look and weight of it.",
              "This is the {mat} sort.", "By the magnet and the file: {mat}.", "Stuff it's made of: {mat}."),
        "n": ("({mat})", "= {mat}", "m: {mat}", "{mat} one", "{mat} item", "mat={mat}", "type {mat}", "{mat} part"),
        "k": ("material (steel/iron/plastic/other): {mat}", "stuff: {mat}", "what of: {mat}", "m: {mat}",
        "made in: {mat}",
              "medium: {mat}", "matter: {mat}"),
    },
    "negated": {
        "n": ("{fmat} no, {mat} yes", "{fmat} ( ) {mat} (x)", "(x) {mat} ( ) {fmat}"),
        "k": ("material: ( ) {fmat} (x) {mat}", "material: (x) {mat} ( ) {fmat}", "{fmat}: no / {mat}: yes"),
        "s": ("{fmat}? No chance, it's {mat}.", "You'd think {fmat}. It's {mat}.",
        "Nobody made these in {fmat}; it is {mat}."),
    },
    "contrasted": {
        "p": ("of {mat} and not the {fmat} one", "in {mat}, the [other|second|spare] one in {fmat}"),
        "s": (
            "We have two: the {fmat} one goes in the bin, the {mat} one is what I enter here.",
            "There are two. This is the {mat} one, the other is {fmat}.",
            "The {fmat} one stays with the customer; this entry is the {mat} one.",
            "Of the two, this is the {mat} one, not the {fmat} one.",
            "The left is {fmat}, the right {mat}; this is the right.",
            "Looked like {fmat} until I scraped off the paint: {mat}.", "Other makers use {fmat}, this one is {mat}.",
            "They promised {fmat} and sent {mat}.",
        ),
        "n": ("ordered {fmat}, got {mat}", "LH {fmat}, RH {mat}, this is RH", "others {fmat}, ours {mat}",
              "{mat} under {fmat} paint", "spare {fmat}, this {mat}"),
        "k": ("ordered: {fmat} / delivered: {mat}", "this one: {mat} / the other: {fmat}"),
    },
}  # fmt: skip
