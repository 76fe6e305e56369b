"""What `caseward live` serves: live events, and nothing of Django's request stack."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caseward.settings")

from caseward.web.live.app import LiveApp

application = LiveApp()
