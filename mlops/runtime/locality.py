"""Whether a tokenizer may be given the beginning of a text alone.

A text of which the model reads the first 128 tokens need not be tokenised to its end, if the tokens of its beginning
do not depend on what follows. That holds at a SEAM, between an ASCII letter or digit and a space, for a tokenizer

1. whose normalizer works on single characters there: nothing it replaces reaches over the letter, and the space
   stays one, so that the normalised beginning ends with the letter and the rest begins with the space;
2. whose pre-tokenizer separates words at spaces, before anything that looks further than one character;
3. whose model then sees each word by itself, as all of them do.
"""

import re
from collections.abc import Mapping

SEAM = re.compile(r"(?<=[0-9A-Za-z]) ")

_LOCAL_NORMALIZERS = {"BertNormalizer", "Lowercase", "NFC", "NFD", "NFKC", "NFKD", "Strip", "StripAccents"}
_WORD_SPLITTERS = {"BertPreTokenizer", "Whitespace", "WhitespaceSplit"}
_SINGLE_CHARACTER_SPLITTERS = {"Digits", "Punctuation"}

# Sets of white space, of the Unicode categories "other", and of literal characters that are neither letters, digits
# nor part of a range, each perhaps repeated: such a pattern cannot match a letter, nor look around itself.
_SET = r"(?:\\s|\[(?:\\[rnts]|\\p\{C[a-z]\}|[^\w\s\\\[\]^-])+\])"
_HARMLESS_PATTERN = re.compile(rf"(?:{_SET}[*+]?)+")
_HARMLESS_LITERAL = re.compile(r"[^\w\s]+")


def reads_forward(tokenizer: Mapping[str, object]) -> bool:
    """Whether the tokens before a SEAM are the same whatever follows it; `tokenizer` is the content of its file.

    False where that cannot be told from the file.
    """
    normalizer, pre_tokenizer = tokenizer.get("normalizer"), tokenizer.get("pre_tokenizer")
    return all(map(_is_local, _steps(normalizer, "normalizers"))) and _splits_words(
        _steps(pre_tokenizer, "pretokenizers")
    )


def _steps(part: object, field: str) -> list[Mapping[str, object]]:
    """The steps of a part of a tokenizer file, sequences laid flat; what is no step becomes an unknown one."""
    if part is None:
        return []
    if not isinstance(part, Mapping):
        return [{}]
    if part.get("type") != "Sequence":
        return [part]
    inner = part.get(field)
    return [step for item in inner for step in _steps(item, field)] if isinstance(inner, list) else [{}]


def _kind(step: Mapping[str, object]) -> str:
    kind = step.get("type")
    return kind if isinstance(kind, str) else ""


def _is_local(step: Mapping[str, object]) -> bool:
    kind = _kind(step)
    return kind in _LOCAL_NORMALIZERS or (kind == "Replace" and _replaces_locally(step))


def _replaces_locally(step: Mapping[str, object]) -> bool:
    match step.get("pattern"), step.get("content"):
        case {"String": str(literal)}, str():
            return bool(_HARMLESS_LITERAL.fullmatch(literal))
        case {"Regex": str(pattern)}, str(content):
            keeps_spaces = content.startswith(" ") or not re.search(r"\\s|\\p", pattern)
            return keeps_spaces and bool(_HARMLESS_PATTERN.fullmatch(pattern))
    return False


def _splits_words(steps: list[Mapping[str, object]]) -> bool:
    for step in steps:
        kind = _kind(step)
        if kind in _WORD_SPLITTERS:
            return True
        if kind == "Metaspace":
            return step.get("split") is True
        if kind == "ByteLevel":
            return step.get("use_regex") is True
        if kind not in _SINGLE_CHARACTER_SPLITTERS:
            return False
    return False
