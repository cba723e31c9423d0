"""State machines: random steps, each followed by a look whether what must be so is so.

A failure prints its steps as they came; APSO_SHRINK=1 spends some minutes on finding the shortest.
"""

import os

from hypothesis import Phase

PHASES = (Phase.generate, Phase.shrink) if os.environ.get("APSO_SHRINK") else (Phase.generate,)
