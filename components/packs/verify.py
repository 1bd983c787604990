"""Verify an audit pack: python3 verify.py [folder or zip] [--anchors FILE]

Needs nothing but Python 3.9 or newer and the folder verifier beside it. Says what was checked, or names the first thing
that is wrong with exit status 1. README.txt says what that proves, and what it does not.
"""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    # Compiled files would be files that somebody put into the pack.
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    runpy.run_module("verifier", run_name="__main__")
