"""Labelled descriptions of vehicle components, as people write them, judged by regulation TREY-2019-1.

Own words throughout: nothing is downloaded and nothing is random but by the seed.
"""

from mlops.training.dataset.examples import Example, generate
from mlops.training.dataset.splits import Splits, splits

__all__ = ["Example", "Splits", "generate", "splits"]
