"""What tests of the compiled loops need."""

import pytest

from l1gui.core import compiled


@pytest.fixture(scope="session")
def _fusing():
    """Skip where the compiler is off, or makes two roundings of a fused multiply-add for want of the instruction."""
    if compiled.is_switched_off():
        pytest.skip("there is nothing to compare with")
    from l1gui.core.simd_tiles import machine

    if not machine().is_fusing:
        pytest.skip("this processor has no fused multiply-add")
