import pytest

# The suite that every registry passes is imported by the tests of each: its assertions speak too.
pytest.register_assert_rewrite("tests.registries.conformance")
