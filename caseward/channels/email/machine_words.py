"""How programs name themselves and what they say when they write mail."""

from __future__ import annotations

import re

DAEMONS = re.compile(
    r"^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|postmaster|mail[-_.]?router|mailerdaemon|"
    r"bounces?(?:[-+=_.].*)?|mail[-_.]?delivery(?:[-_.].*)?|delivery[-_.]?status|undeliverable|"
    r"microsoftexchange[0-9a-f]{20,})$",
    re.IGNORECASE,
)
DAEMON_NAMES = re.compile(
    r"mailer[- _]?daemon|mail delivery|internet mail delivery|delivery (?:system|subsystem|status)|"
    r"mail router|mail administrator|^postmaster|undeliverable|returned mail|non.?delivery|"
    r"mail transfer agent|mail transport agent",
    re.IGNORECASE,
)
ADMINISTRATORS = re.compile(
    r"^(?:admin|administrator|root|daemon|system|mailadmin|smtp|mta|antivirus|exchange|qmail|"
    r"owner-.+|"
    r".+-(?:admin|owner|request)|symantec.*|mail(?:system|master|gateway)?|amavis|virus.*|spam.*)$",
    re.IGNORECASE,
)
NO_REPLY = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|dont[-_.]?reply|auto[-_.]?(?:reply|responder|"
    r"mailer)|"
    r"noreply[-+_.].*|notifications?|newsletters?|alerts?|news|updates?|feedback-?loop|"
    r"listserv|majordomo|mailman|lists?erver)$",
    re.IGNORECASE,
)

BOUNCE_SUBJECT = re.compile(
    r"^\W{0,3}(?:(?:auto(?:matic)?|system|mail|message|e-?mail|delivery|failure|warning|error|"
    r"notice|"
    r"\*+\w*\*+|\[\w+\])\W+){0,3}"
    r"(?:un-?deliver(?:able|ed)|non.?deliver(?:y|able)|return(?:ed|ing)?\W+(?:to sender|mail|"
    r"message)|"
    r"deliver(?:y|ed)?\b.{0,30}\b(?:fail|status|problem|report|notif|error|delay|unsuccess|"
    r"impossible)|"
    r"fail(?:ed|ure)?\W+(?:notice|mail|message|deliver|to deliver|notification|delivery)|"
    r"(?:mail|message)\b.{0,30}\b(?:not\b.{0,15}\bdeliver|undeliver|rejected|refused|bounce|"
    r"returned)|"
    r"could ?n.t (?:be )?(?:send|sent|deliver)|could not (?:be )?(?:send|sent|deliver)|"
    r"can(?:not| not|'t) (?:be )?(?:send|sent|deliver)|not delivered|"
    r"unzustellbar|nicht zustellbar|zustellung|non remis|échec|non distribu|no se (?:puede|pudo|"
    r"ha)|"
    r"devolução|não entregue|mancata consegna|impossibile recapitare|niet bezorg|onbestelbaar|"
    r"недоставлен|не доставлен|kan inte levereras|mail system error|user unknown|mailbox full|"
    r"配信できません|配信エラー|退信|系统退信|無法傳遞|無法寄達|未送达|未傳遞|投递失败|退回|"
    r"전송 실패|배달되지|gagal (?:dihantar|dikirim|penghantaran)|tidak dapat (?:dihantar|dikirim)|"
    r"वितरित नहीं|डिलीवर नहीं|வழங்க முடியவில்லை|வழங்கப்படவில்லை)",
    re.IGNORECASE,
)
BOUNCE_TEXT = re.compile(
    r"this is the qmail-send program|this message was created automatically by mail delivery|"
    r"could not be delivered to|did not reach the following|recipient\(?s?\)? failed|"
    r"the following address(?:es)?(?:\(es\))? (?:failed|had)|permanent fatal errors|"
    r"transcript of session follows|delivery (?:has failed|failed|failure|to the following)|"
    r"was (?:not|un)\s?(?:delivered|deliverable|able to be delivered)|undelivered|undeliverable|"
    r"(?:message|mail) (?:could|can) ?not be delivered|unable to deliver|cannot deliver|"
    r"user unknown|no such user|mailbox (?:is )?(?:full|unavailable)|over quota|"
    r"recipient(?:'s)? address rejected|returned (?:to sender|mail)|delivery status notification|"
    r"(?:reporting-mta|final-recipient|diagnostic-code)\s*:|\b[45]\.\d\.\d{1,3}\b|"
    r"(?:550|551|552|553|554|450|451|452)[ -]\S|konnte nicht zugestellt werden|"
    r"n'a pas pu être remis|"
    r"no (?:se )?(?:pudo|ha podido) (?:ser )?entrega|配信できませんでした|无法送达|無法送達|"
    r"投递失败|退信",
    re.IGNORECASE,
)
# Sentences no requester writes of their own accord; looked for in small letters.
BOUNCE_SENTENCES = (
    "this is the qmail-send program",
    "message was created automatically by mail delivery",
    "could not be delivered to",
    "did not reach the following recipient",
    "did not reach some or all",
    "addresses had permanent fatal errors",
    "transcript of session follows",
    "was not delivered to",
    "wasn't able to deliver your message",
    "was undeliverable",
    "returned to sender",
    "delivery status notification",
    "final-recipient:",
    "diagnostic-code:",
    "delivery to the following recipient",
    "unable to deliver your message",
    "unable to deliver the message",
    "following recipients could not be reached",
    "following address failed",
    "following address(es) failed",
    "recipient address rejected",
    "unknown local part",
    "unknown user:",
    "user unknown",
    "mailbox unavailable",
    "host unknown",
    "this is an automatically generated",
    "this is an automated message",
    "your message was rejected",
    "message has been rejected",
    "you will need to resend",
    "virus was found",
    "contained a virus",
)

DELAY_TEXT = re.compile(
    r"warning message only|still trying|will (?:keep trying|continue|be retried|retry)|"
    r"has been delayed|delayed|not yet been delivered|temporary failure|mailbox (?:is )?full|"
    r"over quota|"
    r"quota exceeded|greylist|try again later|no action is required",
    re.IGNORECASE,
)
REPLY_OR_FORWARD = re.compile(
    r"^\s*(?:re|fwd?|aw|wg|sv|tr|rv|回复|转发|回覆|轉寄)\s*[:：]", re.IGNORECASE
)

AUTO_SUBJECT = re.compile(
    r"^\W{0,3}(?:auto(?:matic|mated)?[- ]?(?:re(?:ply|sponse)|antwort|generated)|"
    r"auto\s*:|"
    r"autoreply|autosvar|out of (?:the )?office|ooo\s*:|on (?:vacation|holiday|leave)|vacation|"
    r"away from|abwesen|automatische antwort|automatisch antwoord|afwezig|"
    r"réponse automatique|absence|absent|respuesta autom|fuera de (?:la )?oficina|resposta autom|"
    r"risposta automatica|fuori (?:sede|ufficio)|automatiskt svar|automatisk svar|automaattinen|"
    r"autoodpowiedź|odpowiedź automatyczna|автоответ|автоматический ответ|автоматична|"
    r"balasan auto|jawapan automatik|tiada di pejabat|自动回复|自動回覆|自动答复|自動応答|"
    r"不在通知|자동 응답|부재중|"
    r"स्वचालित (?:उत्तर|जवाब)|कार्यालय से बाहर|தானியங்கு பதில்|தானியங்கி பதில்|trả lời tự động|"
    r"thank you for (?:your (?:e?-?mail|message)|contacting)|your (?:e-?mail|"
    r"message) has been received)",
    re.IGNORECASE,
)
AUTO_TEXT = re.compile(
    r"(?:am|will be|is|are) (?:currently )?(?:out of (?:the )?office|on (?:annual |maternity |"
    r"sick )?leave|"
    r"on vacation|on holiday|away)|this is an auto(?:matic|mated)|automatically generated|"
    r"auto-?generated|no longer (?:works?|with|employed|monitored)|"
    r"limited access to (?:my )?e?-?mail|"
    r"do not reply to this|unattended mailbox|bin (?:ich )?(?:derzeit )?nicht im büro|"
    r"je suis (?:actuellement )?absent|estoy fuera|sedang bercuti|tidak berada di pejabat|"
    r"自动回复|休假|छुट्टी पर|விடுப்பில்",
    re.IGNORECASE,
)
