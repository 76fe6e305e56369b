"""A backlog driven down on purpose: cases to be cleared by a moment, and who works them first."""

from caseward.casework.campaigns.burning import (
    Burn,
    Report,
    burn_of,
    progress_of,
    report_of,
    sizes_of,
)
from caseward.casework.campaigns.choosing import count_fitting, helpers_for, queues_fitting
from caseward.casework.campaigns.leading import (
    CampaignChanged,
    CampaignOver,
    CannotHelp,
    NoCaseFits,
    NoSuchCampaign,
    Plan,
    campaign_of,
    campaigns_seen_by,
    change_campaign,
    pause_campaign,
    resume_campaign,
    start_campaign,
    stop_campaign,
)
from caseward.casework.campaigns.working import (
    campaigns_of,
    macros_first,
    sweep,
    waiting_in_campaigns,
)

__all__ = [
    "Burn",
    "CampaignChanged",
    "CampaignOver",
    "CannotHelp",
    "NoCaseFits",
    "NoSuchCampaign",
    "Plan",
    "Report",
    "burn_of",
    "campaign_of",
    "campaigns_of",
    "campaigns_seen_by",
    "change_campaign",
    "count_fitting",
    "helpers_for",
    "macros_first",
    "pause_campaign",
    "progress_of",
    "queues_fitting",
    "report_of",
    "resume_campaign",
    "sizes_of",
    "start_campaign",
    "stop_campaign",
    "sweep",
    "waiting_in_campaigns",
]
