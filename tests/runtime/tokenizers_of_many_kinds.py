"""Small real tokenizers, in the shapes that published models have."""

from collections.abc import Callable

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
CORPUS = [
    "good condition steel component manufactured in 2012, not plastic",
    "the 1986 part was scrapped; this one is of 2010 and in good condition",
    "iron door-hinge, poor condition, year 1994\nreplaced by carbon fiber",
    "part    year    condition    steel    2012    good    iron    1994    fair",
]


def _finished(tokenizer: Tokenizer, *, ends: str = "[CLS] $A [SEP]") -> Tokenizer:
    ids = [(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(single=ends, special_tokens=ids)
    return tokenizer


def _byte_pairs(pre_tokenizer: object, normalizer: object = None) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.normalizer = normalizer
    trainer = trainers.BpeTrainer(vocab_size=200, special_tokens=SPECIAL, show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return _finished(tokenizer)


def word_pieces() -> Tokenizer:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,;-▁"
    pieces = [*SPECIAL, *letters, *(f"##{letter}" for letter in letters), "steel", "condition", "##ic"]
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return _finished(tokenizer)


def cleaned_byte_pairs() -> Tokenizer:
    cleaning = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"\s*[\r\n]+\s*"), " | "),
            normalizers.Replace(Regex(r"[\p{Cc}\p{Cf}]"), " "),
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.NFD(),
            normalizers.StripAccents(),
            normalizers.Replace(Regex(r"[‐‑‒–—]"), "-"),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )
    splitting = pre_tokenizers.Sequence(
        [pre_tokenizers.Metaspace(), pre_tokenizers.Digits(True), pre_tokenizers.Punctuation()]
    )
    return _byte_pairs(splitting, cleaning)


def bytes_of_words() -> Tokenizer:
    return _byte_pairs(pre_tokenizers.ByteLevel(add_prefix_space=True), normalizers.NFC())


def bytes_of_digits_and_words() -> Tokenizer:
    return _byte_pairs(pre_tokenizers.Sequence([pre_tokenizers.Digits(True), pre_tokenizers.ByteLevel()]))


def words_without_ends() -> Tokenizer:
    tokenizer = _byte_pairs(pre_tokenizers.WhitespaceSplit())
    return _finished(tokenizer, ends="$A")


def one_long_word() -> Tokenizer:
    """Spaces are letters to it, and a word too long is [UNK] as a whole: so the whole must be read."""
    tokenizer = word_pieces()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(split=False)
    return tokenizer


def spaces_removed() -> Tokenizer:
    """Words grow together, so that the end of the beginning is no end: the whole must be read."""
    tokenizer = word_pieces()
    tokenizer.normalizer = normalizers.Replace(Regex(r"\s+"), "")
    return tokenizer


READ_FORWARD: list[Callable[[], Tokenizer]] = [
    word_pieces,
    cleaned_byte_pairs,
    bytes_of_words,
    bytes_of_digits_and_words,
    words_without_ends,
]
READ_WHOLE: list[Callable[[], Tokenizer]] = [one_long_word, spaces_removed]
