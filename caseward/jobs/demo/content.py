"""What the demo's people work by: a playbook, and help in a crisis.

The helplines of its files are examples, here with a made-up day of verification; whoever uses them
for real has to call them.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from caseward.org.acting import Actor, acting
from caseward.policy.models import CrisisResource, Reason
from caseward.policy.services.playbooks import playbook_from_facts

VERIFIED_BEFORE = timedelta(days=12)
VERIFIED = ("en", "ms")  # the others raise the alarm of a stale entry

HACKED: tuple[dict[str, Any], ...] = (
    {
        "key": "protective-lock",
        "texts": {
            "en": "Ask for a protective lock within 15 minutes; it can be undone.",
            "hi": "15 मिनट के भीतर सुरक्षा लॉक माँगें; इसे हटाया जा सकता है।",
            "ms": "Minta kunci perlindungan dalam 15 minit; ia boleh dibuka semula.",
            "ta": "15 நிமிடங்களுக்குள் பாதுகாப்புப் பூட்டு கோருங்கள்; அதைத் திறக்க முடியும்.",
            "zh": "15 分钟内申请保护性锁定；之后可以解除。",
        },
        "is_gate": True,
        "blocks": ["recovered"],
    },
    {
        "key": "who-asks",
        "texts": {
            "en": "Who asks?",
            "hi": "कौन पूछ रहा है?",
            "ms": "Siapa yang bertanya?",
            "ta": "யார் கேட்கிறார்?",
            "zh": "是谁在询问？",
        },
        "check": "CHOICE",
        "choices": {
            "owner": {"en": "The owner", "ms": "Pemilik", "zh": "账号所有人"},
            "guardian": {"en": "A parent or guardian", "ms": "Ibu bapa atau penjaga"},
            "somebody-else": {"en": "Somebody else", "ms": "Orang lain"},
        },
    },
    {
        "key": "proof",
        "texts": {
            "en": "Climb the proof ladder. Never say which proof was missing.",
            "hi": "प्रमाण की सीढ़ी पूरी करें। कौन-सा प्रमाण कम था, यह कभी न बताएँ।",
            "ms": "Lengkapkan tangga bukti. Jangan sebut bukti mana yang tiada.",
            "ta": "சான்றுகளின் ஏணியை முடியுங்கள். எந்தச் சான்று இல்லை என்று சொல்லாதீர்கள்.",
            "zh": "完成证明阶梯。切勿说明缺少哪项证明。",
        },
        "check": "LADDER",
        "is_gate": True,
        "blocks": ["recovered"],
        "tiers": [2],
    },
    {
        "key": "both-addresses",
        "texts": {
            "en": "Answer to the address from before the takeover and to the new one.",
            "ms": "Balas ke alamat sebelum diceroboh dan ke alamat baharu.",
        },
        "conditions": {"tier": ["2"]},
    },
)


def write(*, now: datetime) -> None:
    """Write what the demo's people work by; writing it again changes nothing."""
    with acting(Actor.system("demo")), transaction.atomic():
        examples = CrisisResource.objects.filter(is_example=True, language__in=VERIFIED)
        examples.update(last_verified_on=(now - VERIFIED_BEFORE).date())
        hacked = Reason.objects.get(lob__key="account-security", key="hacked-account")
        playbook_from_facts(reason=hacked, steps=HACKED)
