"""Whether a file may be opened: what it really is decides, never what it is called."""

from dataclasses import dataclass

from caseward.casework.models import Attachment
from caseward.channels.attachments.pictures import too_many_pixels
from caseward.channels.email.attachments import Risk, inspect

ACTIVE = "It could run a script in the browser of whoever opens it."
TOO_MANY_PIXELS = "It is a picture that unpacks to more than any camera takes, as harmful ones do."
SEALED_HERE = "Attachments of this line of business are never opened on screen."


@dataclass(frozen=True, slots=True)
class Judgement:
    """The state an attachment gets; `note` says why it may not be opened."""

    content_type: str
    state: str
    note: str = ""

    @property
    def is_refused(self) -> bool:
        return self.state == Attachment.State.REFUSED


def judge(
    content: bytes, *, name: str, declared_type: str = "", stays_sealed: bool = False
) -> Judgement:
    """Judge a file by its bytes, then its name.

    Args:
        stays_sealed: The line of business seals what people attach, whatever it is.
    """
    seen = inspect(content, name=name, declared_type=declared_type)
    reasons = list(seen.reasons)
    if seen.risk is Risk.DOWNLOAD_ONLY:
        reasons.append(ACTIVE)
    if too_many_pixels(content):
        reasons.append(TOO_MANY_PIXELS)
    if reasons:
        return Judgement(seen.real_type, Attachment.State.REFUSED, " ".join(reasons)[:200])
    if stays_sealed:
        return Judgement(seen.real_type, Attachment.State.SEALED, SEALED_HERE)
    return Judgement(seen.real_type, Attachment.State.CLEAN)
