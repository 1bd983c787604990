"""More sentence plans: prose that falls into notes and back, and components told apart from others around them.

Slots as in `skeletons`; `ograde`, `ois`, `oadj`, `omat`, `oyear` speak of another thing, drawn anew each time.
"""

from typing import Final

# A sentence, then a note; a note, then a sentence.
MIXED: Final = (
    "{1s} ¶ {Part}, {2n}, {3n}.", "{Part}, {1n}, {2n}. ¶ {3s}", "{Part}, {1n}. ¶ {2s} ¶ {3s}", "{1s} ¶ {2n}, {3n}.",
    "The {part} {1v}. ¶ {2n}, {3n}.", "{Part} {1p}. ¶ {2n}. ¶ {3n}.", "{1n} {part}. ¶ {2s} ¶ {3n}.",
    "{1n} {part}, {2n}. ¶ {It} {3v}.", "{1n} {part}. ¶ {It} {2v} and {3v}.", "{ma} {part} {yp}. ¶ {cs}",
    "{ma} {part}, {yn}. ¶ {cs}", "{ma} {part}, {cn}. ¶ {ys}", "{part} in {ma}, {yn}, {cn}", "{ca} {part}, {mn}. ¶ {ys}",
    "{Part}. ¶ {1n}. ¶ {2n}. ¶ {3n}.", "{Part}: {1n}. ¶ {It} {2v}. ¶ {3n}.", "{1n}, {2n}, and it {3v}: {part}",
    "{1n}, {2n}: {part}, {3n}", "{1n}: {part}, {2n}, {3n}", "{1n}, {part}, {2n}. ¶ {3s}", "{ya} {part}. ¶ {mn}, {cn}.",
    "{ya} {ma} {part}. ¶ {cs}", "{ya} {part} in {ma}, {cn}", "{part}, {yn}: {mn}, {cn}", "{ma} {part} of {ya}, {cn}",
    "Got a {part} here, {1p}, {2p}. ¶ {3s}", "{1s} ¶ That {part} also {2v}. ¶ {3n}.", "{ma} {part} - {yn} - {cn}",
    "{ma} {part} ({yn}), {cn}", "{ma} {part} ({cn}, {yn})", "{part} ({yn}). ¶ {mn}. ¶ {cs}",
    "{part} ({mn}), {yp}, {cn}",
    "{1n}. {2n}. {3n}. That's the {part}.", "{Part} {1p}, {2n}, {3n}", "{Part}, {1p}; {2n}; {3n}",
    "{1n}, {2n}, {3n}", "{1n} / {2n} / {part} / {3n}", "{part} {1n} {2n} {3n}", "{1n} {part} {2n} {3n}",
    "Please [book in|enter|add] one {part}. ¶ {1n}, {2n}, {3n}.", "Pos. {small}: {part}, {1n}, {2n}, {3n}",
    "For the list: {part}, {1n}, {2n}, {3n}. ¶ [Nothing else.|No more to say.|Done.]",
    "{part}, {1n}, {2n}, {3n}, {measure}, {place}",
    "{part}, {1n}, {2n}, {3n}, [tagged|cleaned|weighed|boxed] by {person}",
    "{Part} from {supplier}. ¶ {1n}. ¶ {2n}. ¶ {3n}.", "{Part} off a {vehicle}, {1n}, {2n}, {3n}",
    "Here we have the {part}. ¶ {1n}, {2n}. ¶ {It} {3v}.", "I'd put it down as {cn}. ¶ {Part}, {mn}, {yn}.",
    "The {part} that {person} gave me {1v}. ¶ {It} {2v} and {3v}.", "{Part}. ¶ {ms} ¶ {ys} ¶ I put it down as {cn}.",
    "Part / material / year / condition: {part} / {mn} / {yn} / {cn}", "{part} | {mn} | {yn} | {cn}",
    "material, year, condition, part: {mn}, {yn}, {cn}, {part}", "Object: {part}. ¶ {ms} ¶ {ys} ¶ {cs}",
    "[Unit|Bus|Van|Truck|Fleet no.] {small}, {part}: {1n}, {2n}, {3n}.",
    "[Can we|Could we] take back a {part}? ¶ {1s} ¶ {2s} ¶ {3s}",
    "[Got in today|Just in|In from the van]: {part}. ¶ {1s} ¶ {2s} ¶ {3s}",
    "Me and {person} looked at the {part}. ¶ {1s} ¶ {2s} ¶ {3s}",
    "[Customer|Lady|Man|Driver] at the [counter|gate|door] with a {part}. ¶ {1s} ¶ {2s} ¶ {3s}",
    "[Job|Bay|Ramp] {small}. ¶ {Part}. ¶ {1n}, {2n}. ¶ {3s}", "{part} comma {1n} comma {2n} comma {3n}",
    "Object of the [survey|check|count] is the {part}. ¶ {1s} ¶ {2s} ¶ {3s}",
    "Well, the {part}: {1n}, {2n}, {3n}, what else.",
    "So I had this {part}, right, {1n}, {2n}, and {3n}.", "{Part}? {1n}, {2n}, {3n}.",
    "[Item|Lot|Line] {small}: {part}. {1n}. {2n}. {3n}.",
)  # fmt: skip

# Other things stand close by, and a few words say which one is meant.
TOLD_APART: Final = (
    ("I have two {part}s [here|on the bench]. ¶ The {omat} one [goes in the bin|goes back|is not ours]. ¶ The {ma} "
    "one, which is what [I am entering|we enter] here, {yv} and {cv}."),
    "Two {part}s, one {ois}. ¶ The other, [the one on this line|the one I mean], {1v}, {2v} and {3v}.",
    ("{Opart} {ograde}. {Opart} {ograde}. {Opart} new in {later}. ¶ What I am [on about|writing about|here for]: "
    "the {part}, {1p}, {2p}, {3p}."),
    "Of this [heap|lot] the {opart} is {ois} and the {opart} {omat}; only the {part} is mine: {1n}, {2n}, {3n}.",
    ("{Part}: {1n}, {2n}, {3n}. ¶ Afterwards we also [changed|did|looked at] the {opart} ({omat}, {ograde}) and the "
    "{opart} of {oyear}."),
    "{1s} ¶ {2s} ¶ {3s} ¶ That was the {part}. ¶ The {opart} is another story: {ois}, {omat}.",
    "On the [bus|car|trailer] of {oyear} everything is {ois} bar the {part}: {1n}, {2n}, {3n}.",
    ("{opart} {ograde}, {opart} {ograde}, {opart} from {oyear}. ¶ The [thing|one|part] I am writing about, the {part}, "
    "{1v}, {2v} and {3v}."),
    "[Everything|All] else on this {vehicle} is {ois}. ¶ The {part} [in question|at hand|itself] {1v}, {2v}, {3v}.",
    "Everything around it is {ois}, the {part} [in question|itself] {1v}, {2v} and {3v}.",
    ("{Part}, {1n}, {2n}, {3n}; [sits|lies|stood] between a {omat} {opart} and a {oadj} {omat} {opart}, "
    "[neither of them|none of which is] part of this entry."),
    "{Part}, {1n}, {2n}, {3n}. ¶ [Goes|Came|Comes|Used|Sold] with a {omat} {opart} ({ograde}, {oyear}).",
    "{Part}, {1n}, {2n}, {3n}; both {opart}s {ograde}.",
    "{Part}, {1n}, {2n}, {3n}. ¶ The {opart}s beside it: {ograde}.",
    "Of the two, one is {ois} and {omat}; the {part} [I enter here|this is about|meant here] {1v}, {2v} and {3v}.",
    ("[Two|A pair of] {opart}s came in. ¶ One is {ois}. ¶ The other, [the one entered here|this one], is a {part} "
    "{1p}, {2p}, {3p}."),
    "Left one {ograde}. ¶ This entry is for the right one: {part}, {1n}, {2n}, {3n}.",
    "Right-hand one {ograde}, {omat}. ¶ This note is for the left-hand {part}: {1n}, {2n}, {3n}.",
    "The front one is {ois} and has its own [card|entry|note]; the rear {part} here {1v}, {2v}, {3v}.",
    "[Other|Most|Some] [shops|garages|makers] fit the {omat} [version|kind|one], ours is a {ma} {part}, {yn}, {cn}.",
    "Where others use {omat}, this {part} {1v}; {it} {2v} and {3v}.",
    "We [ordered|asked for|expected] {omat} and got {ma}: {part}, {yn}, {cn}",
    "We wanted a {omat} one. ¶ What came {1v}, {2v}, {3v}.",
    "[Ordered|Expected]: {omat}. ¶ [Got|Received|Delivered]: {part}, {1n}, {2n}, {3n}.",
    "{Part}, {1n}. ¶ {2s} ¶ {3s} ¶ The one it [replaces|came in for|follows] was {omat}, of {earlier}, and {ois}.",
    ("{Part}, {1n}, {2n}. ¶ The predecessor dated from {earlier}, [leaked all over|failed twice|fell apart] and was "
    "{ois}; this one, on the other hand, {3v}."),
    "The old {part} was {ois}. ¶ This one, [on the other hand|by contrast|however], {1v}, {2v} and {3v}.",
    "{Part} for a {oyear} {vehicle}, {1n}, {2n}, {3n}",
    ("{Part} for the {omat} {opart} of a {oyear} {vehicle}: "
    "{1n}, {2n}, {3n}"),
    "{Part} fits the {omat} {opart}s of {oyear} to {later}. ¶ {1s} ¶ {2s} ¶ {3s}",
    "{Part}, {1n}, {2n}, {3n}. ¶ It fits {omat} {opart}s from {oyear} and comes with {n} {omat} screws.",
    "{Part}, {1n}, {2n}, {3n}. ¶ With it {n} {omat} bolts and a {omat} sleeve in a bag of {later}.",
    "[Delivery|Drawing|Invoice|Tooling] {oyear}, [box|label|paper] {later}, {part} {1p}, {2p}, {3p}.",
    "Drawing of {earlier}, tool of {earlier}, the actual {part} {1v}. ¶ {It} {2v}. ¶ {3s}",
    "Bought {later}, [inspected|tested] {later}: {part}, {1n}, {2n}, {3n}",
    "{Part}, {1n}, {2n}, {3n}, [bought|delivered|tested|repainted] in {later}",
    ("[Inspection|Check] of {later}: {opart} {ograde}, {opart} {ograde}, {opart} {omat}. ¶ "
    "The {part}, which [is what|is the one] we record here, {1v}, {2v}, {3v}."),
    ("The {vehicle} is a {oyear} one and {ois}, [yet|but|still] the {part} [I list here|on this line|entered here] "
    "{1v}, {2v} and {3v}."),
    "Not the {oadj} {oyear} {omat} one [sold|sent off|used up] last week but the {part} {1p}, {2p}, {3p}.",
    ("{Part}. ¶ {1s} ¶ {2s} ¶ {3s} ¶ The {opart} next to it is {ois}, the {opart}s of {oyear} are {ois}; they go on "
    "other cards."),
    "I looked at the {omat} {opart} first, which is {ois}. ¶ Then at the {part}: {1n}, {2n}, {3n}.",
    "While the [box|label|card] says {omat}, {oyear}, {ograde}, the {part} inside {1v}, {2v} and {3v}.",
    "On the card: {omat}, {oyear}. ¶ In [truth|reality|fact]: {part}, {1n}, {2n}, {3n}.",
    ("It [looks|passes for|was sold as] {omat}, {oyear}, but [is in fact|is really|proves to be] a {part} "
    "{1p}, {2p}, {3p}."),
    "The {part} is [not to be judged|not to be mistaken] for its {oadj} {omat} box: it {1v}, {2v}, {3v}.",
    ("In the [boot|rack|crate]: a {oadj} {opart}, a {omat} {opart} of {oyear} and the {part} to enter, {1p}, {2p}, "
    "{3p}."),
    "This {part} {1v} and {2v}. ¶ {It} {3v}. ¶ The {omat} one of {earlier} went in the bin.",
    "{opart}: {ograde}, no matter. ¶ {Part}: {1n}, {2n}, {3n}.",
    ("Leave the {oadj} {opart} out of it: the {part} "
    "{1v}, {2v} and {3v}."),
    "[Shelf|Hook|Board] is {omat} and {ois}; on it one {part}, {1p}, {2p}, {3p}.",
    "{part}, {1n}, {2n}, {3n} ({opart} {ograde}, {omat}, {oyear})", "{part} {1n} {2n} {3n}, {opart} {ograde}",
    "{part} ex {oyear} {vehicle}, {1n}, {2n}, {3n}", "{part} ({opart} is {omat}): {1n}, {2n}, {3n}",
    "pn {oyear}-{small} {part} {1n} {2n} {3n}", "{part} {oyear} mm, {1n}, {2n}, {3n}",
    "{part}, {oyear} g, {1n}, {2n}, {3n}",
    "{part}, {1n}, {2n}, {3n}, [reg|inv|insp|recv|del] {later}",
)  # fmt: skip
