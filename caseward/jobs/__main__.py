"""`python -m caseward.jobs`: the `caseward` program by another name, for processes we start."""

import sys

from caseward.jobs.cli import main

if __name__ == "__main__":
    sys.exit(main())
