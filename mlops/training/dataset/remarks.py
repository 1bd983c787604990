"""Remarks on other things: their years, materials and conditions must not move the label.

Slots: `oyear` any year, `earlier`, `later` than the component's; `omat` a material, `ois`, `oadj`, `ograde` a
condition, all of another thing; `opart` that thing; `vehicle`, `person`, `supplier`, `place`, `pn`; `colour`; figures
with their units.
"""

from typing import Final

# Plain distractors: full sentences, each naming whom or what it speaks of.
SENTENCES: Final = (
    "Photos attached.", "Repainted in {later}.", "Overhauled in {later}.", "The warranty ran out in {later}.",
    "Next check due in {later}.", "Last serviced in {later}.", "It has been in stock since {later}.",
    "It was taken off the vehicle in {later}.", "It was repaired in {later}.", "To standard ISO {oyear}.",
    "Tool no. {oyear}.", "The customer is waiting.", "Please confirm.", "Took ten minutes to remove.",
    "Second one this week.",
    "Paint code {pn}.", "Colour: {colour}.", "It is painted {colour}.", "Colour is {colour}.", "I left a tag on it.",
    "Customer pays {price}.",
    "Needs entering by noon.", "Part number {pn}.", "P/N {pn}, S/N {pn}.", "Stored in {place}.",
    "The vehicle is a {oyear} {vehicle}.",
    "Fits {vehicle} from {oyear} on.", "It weighs {weight}.", "Length {length}, width {length}.",
    "Tightened to {torque}.", "Bought from {supplier} in {later}.",
    "{supplier} delivered it in {later}.", "Inspected by {person} in {later}.", "The invoice is dated {later}.",
    "Order no. {pn}, price {price}.", "The {opart} next to it is {omat}.", "The {opart} was made in {oyear}.",
    "The {opart} is {ois}.", "The bolts are {omat}.",
    "It is held by {omat} screws.", "The box is {ois}.", "The packaging is {omat}.",
    "The {vehicle} was first registered in {oyear}.", "The {vehicle} has done {distance}.", "Photo taken in {later}.",
    "The drawing goes back to {earlier}.", "{person} signed for it in {later}.",
    "The {opart} is of {omat} and {ois}.",
    "Also on the shelf: a {omat} {opart} of {oyear}.", "A {omat} {opart} from {oyear} lies beside it.",
    "Batch {pn} of {small}.", "Stock number {oyear}.", "Serial number {oyear}{small}.",
    "The matching {opart} is made of {omat}, built {oyear}.", "Its cover is {omat}.", "Its label is {omat}.",
    "The {opart} is {ois} and will be dealt with later.",
    "The vehicle itself is {ois}.", "The workshop was founded in {earlier}.",
    "The {vehicle} it belongs to is of {oyear}.", "Mounted next to the {omat} {opart}.",
    "It came with a {omat} {opart}.", "It came in a {omat} box.", "Wrapped in {omat} foil.",
    "The {oadj} {opart} goes to {person}.", "Torque {torque}.", "Priced at {price}.",
    "Registered in our system in {later}.", "Last counted in {later}.", "For a {oyear} {vehicle}.",
    "The {opart}, {omat}, is {ois}.", "The paint on the {opart} is {ois}.", "Mileage of the {vehicle}: {distance}.",
    "The shelf is {omat}.", "It is kept in a {omat} crate in {place}.", "Design standard of {earlier}.",
    "Catalogue page {oyear}.",
    "Complies with drawing {pn} of {earlier}.", "{person} wants it by Friday.", "See also ticket {pn}.",
    "The customer drives a {oyear} {vehicle}.", "Two {omat} washers are included.",
    "Fixed with {omat} clips and {omat} tape.", "The {opart} above it dates from {oyear} and is {ois}.",
    "The warranty papers are of {later}.", "Call {person} on ext. {oyear}.",
    "Room {oyear}, {place}.", "The tools used were {ois}.",
    "The {opart} has been ordered in {omat}.", "VIN {vin}.", "Checked against list {pn} of {later}.",
    "Transport damage to the {opart} only; that one is {ois}.", "The supplier also sells a {omat} {opart}.",
    "The garage it came from closed in {later}.",
)  # fmt: skip

# The same in a note.
FRAGMENTS: Final = (
    "{colour}", "col. {colour}", "photo att.", "refurb. {later}", "repainted {later}", "serviced {later}",
    "ISO {oyear}", "warranty to {later}", "next insp. {later}", "rev. {oyear}", "removed {later}", "cust. waiting",
    "urgent", "p/n {pn}", "SN {pn}", "bin {place}",
    "{measure}", "qty {n}", "f. {oyear} {vehicle}", "vehicle {oyear}",
    "veh. MY{oyear}", "{opart} {omat}", "bolts {omat}", "box {ois}", "insp. {later}", "bought {later}",
    "delivered {later}", "{person}", "{supplier}", "order {pn}", "weight {weight}", "torque {torque}",
    "stock {oyear}", "ex {oyear} {vehicle}",
    "next to {omat} {opart}", "{opart}: {omat}, {oyear}", "{opart} {ois}", "packaging {omat}", "drawing of {earlier}",
    "reg. {later}", "price {price}", "see {pn}", "lot {pn}", "vehicle {ois}", "w/ {omat} {opart}", "{omat} screws",
    "cover {omat}", "L={length}", "odo {distance}", "VIN {vin}", "fits {vehicle} {oyear}-", "{opart} of {oyear}",
    "catalogue p. {oyear}",
    "checked {later}", "room {oyear}", "{omat} box", "{opart} (separate entry): {ograde}", "invoice {later}",
    "ext. {oyear}", "shelf {oyear}", "no. {oyear}",
)  # fmt: skip

# The same as keys and values.
KEYS: Final = (
    "colour: {colour}", "overhauled: {later}", "last service: {later}", "warranty until: {later}",
    "next inspection: {later}", "standard: ISO {oyear}", "revision: {oyear}", "color: {colour}", "P/N: {pn}",
    "serial: {pn}", "location: {place}", "weight: {weight}",
    "length: {length}",
    "vehicle: {oyear} {vehicle}", "vehicle year: {oyear}", "inspected: {later}", "purchased: {later}",
    "delivered: {later}", "supplier: {supplier}", "inspector: {person}", "packaging: {omat}", "bolts: {omat}",
    "{opart}: {omat}", "{opart} condition: {ograde}",
    "packaging condition: {ograde}", "first registration: {oyear}", "torque: {torque}", "price: {price}",
    "order no.: {pn}", "stock no.: {oyear}", "drawing date: {earlier}", "qty: {n}", "VIN: {vin}",
    "mileage: {distance}", "fits: {vehicle} {oyear}", "neighbour part: {omat} {opart}", "box: {ograde}",
    "last stocktake: {later}", "vehicle condition: {ograde}",
    "screws: {omat}", "batch: {pn}", "note: {opart} is {omat}",
)  # fmt: skip

# Contrast: the other thing is one that could be taken for the component.
RIVALS: Final = (
    "The {omat} one fitted before was scrapped.", "The {earlier} part it replaces was thrown out.",
    "Its twin on the other side was made in {oyear}.", "The previous owner had fitted a {omat} copy.",
    "Do not confuse it with the {oyear} version.", "The catalogue shows a {omat} version, not this one.",
    "The spare is {ois}.", "The old one was {omat} and {ois}.",
    "The old {omat} {opart} has been removed.", "It is not the {oyear} one.",
    "It is not to be mixed up with the {omat} one.", "The other one, {omat}, was {ois}.",
    "The {oyear} one was sent back to {supplier}.", "The one it replaces was {ois}.",
    "There was a {omat} one before.", "The sister part is {omat}, {ois}.",
    "The one made in {oyear} is not in stock any more.",
    "The original of {earlier} was {omat} and has been scrapped.", "The {vehicle} had a {omat} one until {later}.",
    "The first one delivered was {ois} and went back.", "Not the {oadj} one from {place}, that is another entry.",
    "The {oyear} {opart} was scrapped.", "The {earlier} original is in the museum.",
    "The {omat} sample was returned.", "A {omat} one would have been cheaper.",
    "We no longer stock the {omat} one.", "The {opart} we threw away was of {omat}, made in {oyear}.",
    "The left-hand one is {ois}, but that is not this entry.", "The competitor's one is {omat}.",
    "The replaced one dated from {earlier}.", "The predecessor, built in {earlier}, was {omat}.",
    "Nothing to do with the {oyear} {opart}, which is {ois}.", "Never mind the {omat} {opart}.",
    "The {oadj} one was not kept.",
    "Unlike the {omat} one, it is in this list.",
    "Instead of it, they had sent a {omat} one from {oyear} by mistake.",
)  # fmt: skip

RIVAL_FRAGMENTS: Final = (
    "old one {omat}", "old one: {earlier}, scrapped", "repl. {omat} one", "replaces {earlier} part", "twin: {oyear}",
    "spare {ois}", "not the {oyear} one", "not the {omat} one", "prev. one {ois}", "original {earlier} scrapped",
    "ex. {omat} one binned", "other side: {omat}", "sister part {ois}", "no longer the {omat} one",
    "{oyear} one returned",
    "(old: {omat}, {ois})", "(other: {oyear})", "previous: {omat} / {earlier}", "don't mix up w/ {oyear} version",
    "neighbour {omat}", "LH one {ois}, other entry", "{earlier} one thrown out", "instead of the {omat} one",
    "unlike the {oyear} one",
)  # fmt: skip

RIVAL_KEYS: Final = (
    "replaces: {earlier} {omat} part", "old part: {omat}, {ograde}", "previous part year: {earlier}",
    "old one: scrapped, {omat}", "twin: {omat}, {oyear}", "spare condition: {ograde}",
    "not to be confused with: {oyear} version", "predecessor: {omat}", "other side: {oyear}, {ograde}",
    "removed part: {omat} {earlier}", "not this one: {omat}, {oyear}",
    "returned: the {omat} one", "no longer fitted: {omat} {opart}",
)  # fmt: skip
