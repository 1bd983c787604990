"""The two labels and what they are to each other."""

from mlops.contracts import Label


def test_each_label_is_the_other_of_the_other() -> None:
    assert Label.COMPLIANT.other() is Label.NON_COMPLIANT
    assert Label.NON_COMPLIANT.other() is Label.COMPLIANT
