"""What every registry must do. One suite, which each adapter passes in a test module of its own.

To plug in an adapter, write a module of tests that imports all of this one, and give it a fixture `place`, which makes
an empty registry of its own for each test:

    from tests.registries.conformance import *  # noqa: F403
    from tests.registries.conformance import MODEL

    class Workspace:  # a `Place`, see below
        ...

    @pytest.fixture
    def place(tmp_path: Path) -> Workspace: ...

A `Place` says how the same things are done to this registry that others than we do to it: archiving, spoiling an
entry, losing files, registering by other means, denying us, giving no answer. tests/registries/test_local.py is the
shortest example. What only this one adapter can get wrong is tested beside, in the same module or the next.

Nothing here needs a database.
"""

from tests.registries.conformance.datasets import *  # noqa: F403
from tests.registries.conformance.entries import *  # noqa: F403
from tests.registries.conformance.place import *  # noqa: F403
from tests.registries.conformance.refusals import *  # noqa: F403
from tests.registries.conformance.registering import *  # noqa: F403
