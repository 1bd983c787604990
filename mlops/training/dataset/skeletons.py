"""Sentence plans as text: what stands where, whatever the facts and their wording.

Slots: `1p`, `2v`, … the first, second and third fact in one of the plan's orders and in a form (see `clauses`); `yp`,
`ca`, `ma` … a named fact (year, condition, material). `part`, `Part` the component, `it`, `It` a word for it that stays clear
after a remark on another thing. `¶` ends a sentence and `;` between blanks ends a field: there a remark may be put in.
"""

from typing import Final

# Three facts in one sentence, or nearly.
PLAIN: Final = (
    "[This|A|The|One|] {part} {1p}, {2p}, {3p}", "A {part} {1p}, {2p} and {3p}.", "{Part} {1p}, {2p}, {3p}.",
    "The {part} {1v}, {2v} and {3v}.",
    "The {part} {1v} and {2v}; it {3v}.", "A {part} {1p}, {2p}; it {3v}.", "{1p}, {2p}, {3p}: {part}",
    "{1p} and {2p}, the {part} {3v}.",
    "While the {part} {1v}, it {2v} and {3v}.", "The {part}, {1p}, {2v} and {3v}.",
    "The {part}, which {1v}, {2v} and {3v}.", "{Part}, {1p}, {2p}. It {3v}.",
    "{ma} {part} {yp}, {cp}", "{ca} {ma} {part}, {yp}", "[A|This|The|] {ca} {ya} {part}, {mp}.",
    "[A|The|] {ya} {ma} {part}, {cp}.", "{ca} {part} {mp}, {yp}", "[A|This|] {ma} {part}, {yp} and {cp}.",
    "This is a {ca} {ma} {part} {yp}.", "It is a {ma} {part}, {yp}, {cp}.",
    "There is a {ma} {part} {yp} [on the shelf|here|in stock|in the van], {cp}.",
    "We have a {part} here, {1p}, {2p}, {3p}.",
    "{part}: {1p}, {2p}, {3p}.", "{Part} – {1p} – {2p} – {3p}",
    "[Received|Found|Booked in|Removed|Took off|Logged] [today|this morning|just now|]: {part}, {1p}, {2p}, {3p}.",
    "I [inspected|checked|looked at|examined] the {part}: it {1v}, {2v} and {3v}.",
    "The {part} {1v}; it also {2v}, and it {3v}.", "Here is a {part} that {1v}, {2v} and {3v}.",
    "The {ma} {part} {yv} and {cv}.",
    "The {ya} {part} {mv} and {cv}.", "The {ca} {part} {mv} and {yv}.", "The {ca} {ma} {part} {yv}.",
    "The {ya} {ma} {part} {cv}.",
    "[Please note|Note|For the record|FYI|To be entered]: the {part} {1v}, {2v} and {3v}.",
    "This {part} {1v}, [and |]it {2v}, [and|while] it {3v}.", "{Part} that {1v}, {2v} and {3v}",
    "{Part} ({1p}), {2p}, {3p}", "{Part} ({1p}, {2p}), {3p}.", "{Part} {1p} ({2p}; {3p})", "{1p}, {part}, {2p}, {3p}",
    "One {part}. {1p}, {2p} and {3p}.", "[Item|Component|Subject|Object|Part]: {part}, {1p}, {2p}, {3p}",
    "{mp}, {yp}, {cp}", "{yp}, {mp}, {cp}", "{yp} and {mp}, {cp}", "{mp} and {yp}, {cp}.", "{ya} {part}, {ma}, {cp}",
    "{ma} {part}, {ya}, {cp}", "{ca} {ya} {ma} {part}", "{ya} {ma} {part}, {cn}", "{ma} {part} {yp}, condition: {cn}",
    "The {part} in front of me {1v}, {2v} and {3v}.", "What we have is a {part} {1p}, {2p} and {3p}.",
    "[Both papers and plate agree|Checked twice|All verified|Confirmed]: the {part} {1v}, {2v}, {3v}.",
    "The {part} handed in [today|yesterday|this week|by {person}] {1v}, {2v} and {3v}.",
    "In [stock|{place}]: a {part} that {1v}, {2v} and {3v}.", "Regarding the {part}: it {1v}, it {2v}, it {3v}.",
    "Judging by what I see, the {part} {1v}, {2v} and {3v}.", "A {part}, {1p}. Further, it {2v} and {3v}.",
    "The customer brought a {part} that {1v}, {2v} and {3v}.", "On the bench lies a {part}, {1p}, {2p}, {3p}.",
    "My {part} {1v}, {2v}, and {3v}.", "Our {part} {1v}. It {2v} and {3v}.", "The {part}: {1s} {2s} {3s}",
    "[Quick entry|Short version|In brief|Summary]: {part}, {1p}, {2p}, {3p}.",
    "As for the {part}, it {1v} and {2v}, and [what's more|besides|finally] it {3v}.",
    "The {part} is one that {1v}, {2v} and {3v}.",
    "[Delivered|Supplied|Sent in] by {supplier}: {part}, {1p}, {2p}, {3p}.", "{Part} {1p} and {2p}. It {3v}.",
    "No. {small}: {part} {1p}, {2p}, {3p}", "{n}x {part}, {1p}, {2p}, {3p}",
)  # fmt: skip

# Several sentences.
STORY: Final = (
    "The {part} {1v}. ¶ {It} {2v}. ¶ {It} {3v}.", "{Part}. ¶ {1s} ¶ {2s} ¶ {3s}",
    "[My|Our|This|The] {part} {1v}. ¶ {It} {2v} and {3v}.",
    "[I|We] [inspected|checked|went over] the {part} [today|this morning|yesterday]. ¶ {It} {1v}. ¶ {It} {2v}. ¶ {It} {3v}.",
    "Hi [all|team|Ana|Tom|{person}], ¶ the {part} {1v}. ¶ {It} {2v} and {3v}. ¶ [Thanks|Regards|Best|Cheers], {person}",
    "Hello, ¶ about the {part} [from {place}|you asked for]: ¶ it {1v}. ¶ {It} {2v}, it {3v}. ¶ [Kind regards|BR], {person}",
    "{Part} [handed in|received|delivered|logged] by {person}. ¶ {It} {1v} and {2v}. ¶ {It} {3v}.",
    "[Checked|Examined|Measured|Inspected] one {part}. ¶ {1s} ¶ {2s} ¶ {3s}",
    "The {part} {1v} and {2v}. ¶ {It} {3v}.", "{1s} ¶ {2s} ¶ {3s} ¶ Component: {part}.",
    "[Today|Yesterday|On Monday] a {part} came in. ¶ {It} {1v}. ¶ {It} {2v}; it {3v}.",
    "This {ma} {part} {yv}. ¶ {It} {cv}.", "The {ca} {part} {mv}. ¶ {It} {yv}.", "The {ya} {part} {mv}. ¶ {It} {cv}.",
    "[A|One|] {part} {1p}. ¶ {2s} ¶ {3s}",
    "{Part}, {1p}. ¶ {It} {2v} and {3v}.", "{Part}: ¶ {1s} ¶ {2s} ¶ {3s}",
    "Report on {part}. ¶ {It} {1v}; {2s} ¶ {3s}",
    "I have the {part} on the bench. ¶ {It} {1v}. ¶ {It} {2v} and {3v}. ¶ [That is all.|Please label.]",
    "The {part} was [removed|dismounted|taken out] and cleaned. ¶ {It} {1v}. ¶ {2s} ¶ {It} {3v}.",
    "{1s} ¶ {It} {2v}. ¶ {It} {3v}. ¶ [So much for the {part}.|That's the {part}.|All this about the {part}.]",
    "Took a look at the {part}: {1p}, {2p}. ¶ {It} {3v}.",
    "One more {part} for the list. ¶ {1s} ¶ {It} {2v}. ¶ {3s}", "Entry for a {part}. ¶ {1s} ¶ {2s} ¶ {3s}",
    "Dear colleagues, ¶ please enter a {part} {1p}. ¶ {It} {2v}. ¶ {It} {3v}. ¶ {person}",
    "The {part} {1v}. ¶ {2s} ¶ {3s}",
    "The {part} [meant for|intended for|going to] the {vehicle} {1v}. ¶ {It} {2v}. ¶ {It} {3v}.",
    "[Question from|Reply to|For] {person}: ¶ the {part} {1v}. ¶ {It} {2v}. ¶ {It} {3v}.",
    "Note on the {part}: ¶ {1s} ¶ {It} {2v} and {3v}.", "A {part} {1p} and {2p}. ¶ {It} {3v}.",
    "First, the {part} {1v}. ¶ Second, it {2v}. ¶ Third, it {3v}.",
    "As ordered: one {part}. ¶ {It} {1v}, {2v} and {3v}.",
    "The {part} measures {measure}. ¶ {It} {1v}. ¶ {It} {2v}. ¶ {It} {3v}.",
    "{Part}, part no. {pn}. ¶ {1s} ¶ {2s} ¶ {3s}", "Goods in from {supplier}: a {part}. ¶ {1s} ¶ {It} {2v} and {3v}.",
    "Found this {part} in {place}. ¶ {It} {1v}. ¶ {It} {2v}. ¶ {3s}", "{1s} ¶ {2s} ¶ {3s}",
    "We took the {part} off the {vehicle}. ¶ {It} {1v} and {2v}. ¶ {It} {3v}.",
    "[Listen|Right|OK|So], the {part} {1v}, {2v}, and it {3v}. ¶ [Your call.|Over to you.|Done.|Next.]",
    "{Person} asked me about the {part}. ¶ {It} {1v}. ¶ {It} {2v}. ¶ {It} {3v}.",
    "Visual inspection of {part} done. ¶ {1s} ¶ {2s} ¶ {3s} ¶ [Signed {person}.|End of note.]",
)  # fmt: skip

# Fields of a note; a blank, a semicolon and a blank between them become the separator.
NOTE: Final = (
    "{part} ; {1n} ; {2n} ; {3n}", "{Part} ; {1n} ; {2n} ; {3n}", "{1n} ; {2n} ; {3n} ; {part}",
    "{1n} ; {part} ; {2n} ; {3n}", "{1n} {part} ; {2n} ; {3n}", "{ma} {part} ; {yn} ; {cn}",
    "{ya} {part} ; {mn} ; {cn}", "{abbr} ; {1n} ; {2n} ; {3n}",
    "{abbr} ; {1n} {2n} ; {3n}", "{part} {1n} ; {2n} ; {3n}", "{n}x {part} ; {1n} ; {2n} ; {3n}",
    "{part} ; {pn} ; {1n} ; {2n} ; {3n}", "{pn} ; {part} ; {1n} ; {2n} ; {3n}", "{1p} ; {2p} ; {3p}",
    "{part} ; {1p} ; {2p} ; {3p}", "{part} ; {1n} ; {2n} ; {measure} ; {3n}",
    "{ma} {abbr} ; {yn} ; {cn}", "{ca} {part} ; {mn} ; {yn}", "{abbr} {1n} ; {2n} ; {3n}", "{1n} ; {2n} ; {3n}",
    "{place} ; {part} ; {1n} ; {2n} ; {3n}", "re {part} ; {1n} ; {2n} ; {3n}",
    "{part} ; qty {n} ; {1n} ; {2n} ; {3n}", "rec'd {part} ; {1n} ; {2n} ; {3n}",
    "insp. {abbr} ; {1n} ; {2n} ; {3n}", "{part} - {1n} ; {2n} ; {3n}", "{part} ({1n}) ; {2n} ; {3n}",
    "{part} ({1n} ; {2n}) ; {3n}", "{part} / {1n} / {2n} / {3n}", "{abbr} | {1n} | {2n} | {3n}",
    "{1n} {2n} {part} ; {3n}", "{part}: {1n} ; {2n} ; {3n}",
    "ref {pn} - {part} ; {1n} ; {2n} ; {3n}",
    "{part} ; {1n} ; {2n} ; {3n} ; [ok to ship?|tbc|see photo|label pls|done|chk'd|end|sgd. {person}|-]",
    "{part} ex {vehicle} ; {1n} ; {2n} ; {3n}", "{part} f. {vehicle} ; {1n} ; {2n} ; {3n}",
)  # fmt: skip

# Keys and values.
KEYED: Final = (
    "component: {part} ; {1k} ; {2k} ; {3k}", "{1k} ; {2k} ; {3k}", "part: {part} ; {1k} ; {2k} ; {3k}",
    "{part} ; {1k} ; {2k} ; {3k}", "Item: {part} ; {1k} ; {2k} ; {3k} ; qty: {n}",
    "ID: {pn} ; name: {part} ; {1k} ; {2k} ; {3k}", "{1k} ; {2k} ; part: {part} ; {3k}",
    "name = {part} ; {1k} ; {2k} ; {3k}", "Description: {part} ; {1k} ; {2k} ; {3k}", "{Part} ({1k} ; {2k} ; {3k})",
    "P/N: {pn} ; part: {part} ; {1k} ; {2k} ; {3k}", "Component: {part} ; {1k} ; {2k} ; {3k} ; location: {place}",
    "object: {part} ; length: {measure} ; {1k} ; {2k} ; {3k}",
    "{part} - {1k} ; {2k} ; {3k}", "{1k} ; {2k} ; {3k} ; component: {part}",
    "Type: {part} ; supplier: {supplier} ; {1k} ; {2k} ; {3k}", "{Part}. {1k} ; {2k} ; {3k}",
    "{ma} {part} ; {yk} ; {ck}", "{part} {1p} ; {2k} ; {3k}",
)  # fmt: skip

# One or two facts only; the other is not told.
PARTIAL: Final = (
    "{Part} {1p}, {2p}", "The {part} {1v} and {2v}.", "{part} ; {1n} ; {2n}", "{1k} ; {2k}", "{1p}, {2p}",
    "A {part} {1p}. ¶ {It} {2v}.", "{Part} {1p}", "The {part} {1v}.", "{part} ; {1n}", "{part} ; {1k} ; {2k}",
    "{1s} ¶ {2s} ¶ The {missing} is [not known|unknown|not stated|illegible|missing].",
    "{part} ; {1n} ; {2n} ; {missing} [unknown|n/a|?|illegible|not noted]", "{Part} {1p}, {2p}, {missing} not given",
    "component: {part} ; {1k} ; {2k} ; {missing}: [unknown|n/a|?|-]", "I checked the {part}: it {1v} and {2v}.",
    "{part} ; {1n} ; {2n} ; [no further data|rest unknown|nothing else known]",
    "The {part} {1v}; nobody knows its {missing}.",
    "[Only this is known of|All we know about] the {part}: it {1v}. ¶ {2s}",
)  # fmt: skip

LAB: Final = (
    "{lab_condition} condition {lab_material} component manufactured in {lab_year}",
    "{lab_material} component manufactured in {lab_year} in {lab_condition} condition",
    "manufactured in {lab_year} made of {lab_material} in {lab_condition} condition",
)
