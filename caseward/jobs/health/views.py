"""`GET /healthz`: 200 when every part is well, 503 with the reason when one is not."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caseward.jobs.health.checking import Kept, PartReport, look

kept = Kept(look)


@require_safe
@never_cache
def health(_request: HttpRequest) -> JsonResponse:
    """Name each part, how it is, and how old that news is."""
    report = kept.report()
    parts = {name: _told(part) for name, part in report.parts.items()}
    status = 200 if report.is_well else 503
    told = {"state": report.state, "parts": parts, "notices": report.notices}
    return JsonResponse(told, status=status)


def _told(part: PartReport) -> dict[str, object]:
    told: dict[str, object] = {"well": part.is_well, "says": part.says}
    if part.seconds_ago is not None:
        told["seconds_ago"] = round(part.seconds_ago, 1)
    return told
