"""Figures in words: the same in the reasons of a ranking and on the pages that show them."""


def percent(share: float) -> str:
    """A share with one decimal of a percent; what is not quite all or nothing is never rounded to it."""
    if 0.9995 <= share < 1:
        return "> 99.9 %"
    if 0 < share < 0.0005:
        return "< 0.1 %"
    return f"{share * 100:.1f} %"


def megabytes(count: int) -> str:
    """Bytes in millions, small ones in thousands."""
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1_000:.1f} kB"


def milliseconds(value: float) -> str:
    """A time with two decimals, from ten upwards with one."""
    return f"{value:.2f} ms" if value < 10 else f"{value:.1f} ms"
