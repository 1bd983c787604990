"""Which whole numbers have been seen, a bit each."""

_PAGE_BITS = 2**16


class SeenNumbers:
    """A set of whole numbers ≥ 0: 8 KiB for every 65,536 numbers of which one was seen."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, number: int) -> bool:
        """Whether it was new."""
        page, bit = divmod(number, _PAGE_BITS)
        bits = self._pages.setdefault(page, bytearray(_PAGE_BITS // 8))
        byte, mask = bit >> 3, 1 << (bit & 7)
        new = not bits[byte] & mask
        bits[byte] |= mask
        return new

    def __contains__(self, number: int) -> bool:
        page, bit = divmod(number, _PAGE_BITS)
        bits = self._pages.get(page)
        return bits is not None and bool(bits[bit >> 3] & 1 << (bit & 7))
