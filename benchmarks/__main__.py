"""`python -m benchmarks`: the rounds and their report. See `run`."""

import sys

from benchmarks.run import main

sys.exit(main())
