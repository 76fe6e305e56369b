"""What the parts of the soft order are worth now."""

from caseward.core.matching import Weights
from caseward.org.catalogue import kept_per_revision
from caseward.routing.models import Weight


@kept_per_revision
def weights() -> Weights:
    """Return the weights in force; what nobody set is worth what is usual."""
    return Weights(**dict(Weight.objects.values_list("code", "minutes")))
