"""Moving a case within one's own order."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caseward.casework.services.arranging import Move, NotInHand, arrange
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.typed import typed


@login_required
@require_POST
def move_case(request: SignedInRequest, reference: str) -> HttpResponse:
    """Move a case up, down, to the top, or back to where its deadline puts it."""
    asked = typed(request, "move")
    move = Move(asked) if asked in set(Move) else Move.BACK
    try:
        arrange(reference=reference, by=request.user, move=move)
    except NotInHand:
        messages.warning(request, _("This case is no longer in your hands. Nothing was moved."))
    return redirect(f"{reverse('my-cases')}?order=mine#row-{reference}")
