"""Remarks that have nothing to do with any fact: what people add to a note because it is on their mind."""

from typing import Final

SENTENCES: Final = (
    "{Person} phoned twice about it.", "The phone would not stop ringing.", "I had to move the crane first.",
    "He talks about his holidays every time he comes in.", "The customer wants a price by the weekend.",
    "She will fetch it after lunch.", "We are waiting for the other half of the order.", "The radio was on all day.",
    "Two of us carried it in.", "It took a while to find the right drawer.", "The forklift blocked the way again.",
    "Nobody has asked for it so far.", "{Person} found it behind the compressor.", "I wiped the dust off first.",
    "It had been lying under a blanket.", "Whoever packed it knew what they were doing.", "Weather was wet.",
    "The label came off in my hand.", "I read the stamp with a lamp.", "The tag had to be written anew.",
    "{Person} says hello.", "My colleague agrees.", "We talked it over with {person}.", "There was no hurry.",
    "The lad from {supplier} dropped it off.", "It went through my hands this morning.", "I photographed it twice.",
    "The dog ran off with the cloth.", "It came in with the morning van.", "Somebody had drawn a heart on the crate.",
    "He would also like new wipers and a look at the lights.", "I asked {person} to have a second look.",
    "Nothing else came with it.", "The other papers are with the office.", "We had coffee over it.",
    "A previous owner had scratched his initials into it.", "It was heavier than I thought.",
    "The scales said {weight}.",
    "It will go to {place}.", "The rack is full, so it lies on the floor.", "Please send the form back.",
    "I do not know who brought it.", "{supplier} has promised to call back.", "That is all from me.",
    "The lift is out of order again.", "We will see on Monday.", "It is the {small}th on my list.",
    "I have {small} more to go through.", "{Person} has the key.", "Measured with the long gauge.",
    "It had a price tag of {price} on it.", "The drawer was locked, so I came back later.", "Mind the sharp edges.",
    "It has {n} holes.", "It has a left-hand thread.", "It takes {n} bolts.", "It is painted over in {colour}.",
)  # fmt: skip

FRAGMENTS: Final = (
    "tag {colour}", "{n} holes", "{n} off", "x{n}", "qty {n} pcs", "LH thread", "ask {person}", "for {person}",
    "see photo",
    "counted", "weighed", "cleaned", "washed", "degreased", "box {small}", "row {small}", "hook {small}", "job {small}",
    "card {small}", "labelled", "tagged", "to {place}", "from {supplier}", "needs 2 men", "heavy", "awaiting {person}",
    "checked by {person}", "no comment", "that's it", "thx", "pls confirm", "copy to {person}", "no papers",
    "own stock",
    "loan", "customer's own", "with key", "M{n} thread", "{n} pc", "1 pc", "set of {n}", "entry {small}", "pos {small}",
)  # fmt: skip
