"""Puts a plan, its clauses and remarks on other things together into one text."""

import re
from dataclasses import dataclass, field
from random import Random
from typing import Final

from mlops.training.dataset import chatter, remarks
from mlops.training.dataset.facts import Dimension, Facts
from mlops.training.dataset.patterns import Pattern, Slot, compile_pattern, pick, render
from mlops.training.dataset.plans import Plan
from mlops.training.dataset.voice import Voice

_AN: Final = re.compile(
    r"(?<![\w./'-])([Aa]) (?=(?:[aeiAEI]|o(?!ne)|O(?!ne)|u(?!s[ei]|ni)|U(?!s[ei]|ni)|8\d|11|18))(?![Aa]nd )"
)
_SEPARATORS: Final = (", ", ", ", ", ", "; ", " / ", " - ", " | ", "\n", ". ", " ", ",", " – ", ";", " + ", "/ ")
_KEY_SEPARATORS: Final = (", ", "; ", "\n", " | ", " / ", "\n- ", ". ", ";")
_FACT_SLOTS: Final = frozenset(which + form for which in "123ycm" for form in "apvsnk")
_SENTENCE_BREAKS: Final = (" ",) * 12 + ("\n", "\n", "  ")
_COLONS: Final = (": ", ": ", ": ", " = ", "=", ":", " - ", " : ")


@dataclass(frozen=True, slots=True)
class Remark:
    pattern: Pattern
    bracketed: bool


def _remarks(sources: tuple[str, ...], *, rival: bool) -> tuple[Remark, ...]:
    return tuple(
        Remark(compile_pattern(source), rival or bool(re.search(r"\{(omat|ois|oadj|ograde)\}", source)))
        for source in sources
    )


PLAIN_REMARKS: Final = {
    "sentence": _remarks(remarks.SENTENCES + chatter.SENTENCES, rival=False),
    "field": _remarks(remarks.FRAGMENTS + chatter.FRAGMENTS, rival=False),
    "key": _remarks(remarks.KEYS, rival=False),
}
RIVAL_REMARKS: Final = {
    "sentence": _remarks(remarks.RIVALS, rival=True),
    "field": _remarks(remarks.RIVAL_FRAGMENTS, rival=True),
    "key": _remarks(remarks.RIVAL_KEYS, rival=True),
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a text is told: facts denied or contrasted, how many remarks stand by, which wordings may be used."""

    modes: dict[Dimension, str] = field(default_factory=dict)
    remarks: int = 0
    rivals: int = 0
    wordings: str = "all"


def compose(plan: Plan, facts: Facts, manner: Manner, seed: int) -> str:
    """The text; the same arguments always give the same one."""
    voice = Voice(facts, plan.order, manner.modes, seed, manner.wordings)
    layout = _layout(plan, manner, voice)
    text = _as_fields(plan, layout, voice) if plan.fields else _as_sentences(layout, voice)
    return _AN.sub(r"\1n ", text.strip())


def _layout(plan: Plan, manner: Manner, voice: Voice) -> list[Pattern | Remark]:
    """The plan's segments with the remarks put in before, between or after them."""
    rng = voice.rest
    layout: list[Pattern | Remark] = list(plan.segments)
    if not manner.remarks and not manner.rivals:
        return layout
    style = "sentence" if not plan.fields else "key" if plan.family == "keyed" else "field"
    chosen = [pick(rng, PLAIN_REMARKS[style]) for _ in range(manner.remarks)]
    chosen += [pick(rng, RIVAL_REMARKS[style]) for _ in range(manner.rivals)]
    for remark in dict.fromkeys(chosen):
        layout.insert(int(rng.random() * (len(layout) + 1)), remark)
    return layout


def _as_sentences(layout: list[Pattern | Remark], voice: Voice) -> str:
    rng = voice.rest
    between = pick(rng, _SENTENCE_BREAKS)
    lower = rng.random() < 0.12
    bare = rng.random() < 0.15
    texts: list[str] = []
    voice.after_other = False
    for segment in layout:
        if isinstance(segment, Remark):
            text = render(segment.pattern, rng, voice.fill)
            if texts or text.startswith("It "):
                text = _about_component(text, voice) if text.startswith("It ") else text
            voice.after_other = True
        else:
            text = _own_sentence(segment, voice)
            voice.after_other = False
        texts.append(text if lower else text[:1].upper() + text[1:])
    joined = [text if text[-1] in ".,!?:;" else text + "." for text in texts[:-1]] + texts[-1:]
    whole = between.join(joined)
    return whole.rstrip(".") if bare and len(texts) == 1 else whole


def _about_component(text: str, voice: Voice) -> str:
    """A remark that says "it" means the component, and says so after another remark or at the start."""
    subject = voice.subject() if voice.after_other or not voice.named else "it"
    return f"{subject[:1].upper()}{subject[1:]}{text[2:]}"


def _own_sentence(segment: Pattern, voice: Voice) -> str:
    """A sentence on the component, with its subject named where the last remark was on another thing."""
    voice.named = False
    text = render(segment, voice.rest, voice.fill)
    if not voice.after_other or voice.named or not _tells_fact(segment):
        return text
    if text.startswith("It "):
        subject = voice.subject()
        return f"{subject[:1].upper()}{subject[1:]}{text[2:]}"
    lead = pick(
        voice.rest,
        (f"The {voice.part}: ", f"{voice.part}: ", "The component itself: ", "Now the component: ", "This component: "),
    )
    return lead + text


def _tells_fact(segment: Pattern) -> bool:
    """True if the segment has a slot for one of the component's facts."""
    return any(isinstance(node, Slot) and node.name[:2] in _FACT_SLOTS for node in segment)


def _as_fields(plan: Plan, layout: list[Pattern | Remark], voice: Voice) -> str:
    rng = voice.rest
    keyed = plan.family == "keyed"
    separator = pick(rng, _KEY_SEPARATORS if keyed else _SEPARATORS)
    texts: list[str] = []
    for index, segment in enumerate(layout):
        if isinstance(segment, Remark):
            text = render(segment.pattern, rng, voice.fill)
            inside = index < len(layout) - 1
            bracketed = segment.bracketed and not keyed and (inside or separator in (" ", ","))
            texts.append(f"({text.strip('()')})" if bracketed else text)
        else:
            texts.append(render(segment, rng, voice.fill))
    if keyed:
        colon = pick(rng, _COLONS)
        texts = [text.replace(": ", colon, 1) for text in texts]
    if separator in (" ", ",") and any("," in text or " " in text for text in texts):
        separator = ", "
    text = separator.join(texts)
    return text if rng.random() < 0.8 else _closed(text, rng)


def _closed(text: str, rng: Random) -> str:
    return text + "." if rng.random() < 0.7 else text[:1].upper() + text[1:]
