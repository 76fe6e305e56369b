"""How mail programs announce a quotation, a forward or a signature, in many languages."""

from __future__ import annotations

import re

# Stands above the text of our own mails, so that a reply shows where its history begins.
OUR_MARKER = "##- "

_WROTE = (
    r"wrote|writes|a écrit|a ecrit|écrivait|escribió|escribio|escreveu|ha scritto|schrieb|schreef|"
    r"(?:het volgende )?geschreven(?: door)?|skrev|følgende|kirjoitti|napisał\(a\)|napisała?|"
    r"napsala?|"
    r"napísala?|написал(?:\(а\)|а)?|пише|писала?|написа|írta|ezt írta|yazdı|şunu yazdı|menulis|"
    r"telah menulis|tulis|ha escrit|a scris|έγραψε|đã viết|viết|เขียนว่า|ने लिखा(?: है)?|लिखा|"
    r"எழுதினார்|எழுதியது|எழுதியவை|எழுதினாள்|je napisala?|napisao|rašė|rakstīja|kirjutas|"
    r"写道|寫道|写了|님이 작성|작성|のメッセージ|書きました|כתב(?:ה)?|كتبت?|نوشت"
)
WROTE_AT_END = re.compile(rf"(?:{_WROTE})\s*[:：]?[\s*_]*(?:-{{2,}})?[\s*]*$", re.IGNORECASE)
WROTE_BEFORE_DATE = re.compile(rf">\s*(?:{_WROTE})\s.{{0,70}}\d.{{0,30}}[:：]\s*$", re.IGNORECASE)
WROTE_BY_SELF = re.compile(r"\bI (?:\w+ ){0,2}wrote\s*:?\s*$", re.IGNORECASE)
ANGLED_EMAIL = re.compile(r"(?:<|&lt;|\[|\()[^<>\s]{1,80}@[^<>\s]{1,120}(?:>|&gt;|\]|\))")
EMAIL_AT_END = re.compile(r"<[^<>]{0,80}@[^<>]{1,120}>+\s*[:：]?\s*$")
ANY_EMAIL = re.compile(r"[^\s<>]+@[^\s<>]+")
DATE = re.compile(
    r"\d{1,2}[:.h]\d{2}|(?<!\d)(?:19|20)\d{2}(?!\d)|\d{1,2}[./]\d{1,2}[./]|\d+\s*[年月日]"
)
OLD_GMAIL = re.compile(r"^\d{4}-\d\d-\d\d \d{1,2}:\d\d (?:GMT|UTC)[+-]\d\d:\d\d ")
OPENS_ATTRIBUTION = re.compile(
    r"^(?:-+\s*)?(?:On|At|Le|El|Em|Il|In data|Op|Am|Den|W dniu|Dnia|Dne|Pada|Tarikh|Vào|Στις|"
    r"ในวันที่|"
    r"Data|Dana|På|Pe|в|у|在|于|於)(?:[\s,]|(?=\d))",
    re.IGNORECASE,
)

_FROM = (
    r"from|von|van|de|da|fra|från|od|lähettäjä|от|от кого|від|feladó|kimden|gönderen|dari|daripada|"
    r"expéditeur|remitente|发件人|寄件者|寄件人|發件人|差出人|보낸 사람|보낸사람|प्रेषक|द्वारा|से|"
    r"அனுப்புநர்|அனுப்பியவர்|từ|จาก|מאת|من"
)
_DATE = (
    r"date|sent|datum|gesendet|gesendet am|verzonden|envoyé|envoyé le|inviato|data|enviado|"
    r"enviado el|"
    r"enviada em|fecha|dato|sendt|skickat|wysłano|odesláno|lähetetty|päivämäärä|дата|отправлено|"
    r"надіслано|dátum|elküldve|tarih|gönderildi|tarikh|tanggal|dihantar|dikirim|message du|"
    r"发送时间|发送日期|日期|寄件日期|傳送時間|時間|时间|送信日時|日時|날짜|보낸 날짜|दिनांक|"
    r"तारीख|भेजा गया|"
    r"தேதி|அனுப்பிய நாள்|ngày|วันที่|ส่งเมื่อ|תאריך|נשלח|التاريخ"
)
_TO = (
    r"to|an|aan|à|a|para|til|till|do|komu|vastaanottaja|кому|címzett|kime|kepada|ke|cc|kopie|"
    r"copie à|"
    r"kopi|kopia|копия|抄送|副本|收件人|收件者|宛先|받는 사람|받는사람|को|प्रति|प्राप्तकर्ता|"
    r"பெறுநர்|đến|ถึง|אל|إلى"
)
_SUBJECT = (
    r"subject|betreff|onderwerp|objet|oggetto|asunto|assunto|emne|ämne|temat|předmět|aihe|тема|"
    r"tárgy|"
    r"konu|subjek|perkara|perihal|主题|主旨|主題|件名|标题|제목|विषय|பொருள்|chủ đề|หัวเรื่อง|"
    r"เรื่อง|נושא|الموضوع|θέμα"
)
_REPLY_TO = r"reply-to|risposta|répondre à|antwort an|responder a|回复|回覆"
HEADER = re.compile(
    r"^[>\s|]*[*_]{0,2}(?:"
    rf"(?P<sender>{_FROM})|(?P<date>{_DATE})|(?P<to>{_TO})|(?P<subject>{_SUBJECT})|"
    rf"(?P<reply>{_REPLY_TO}))[*_]{{0,2}}[ \t\u00a0]*[:：][*_]{{0,2}}[ \t\u00a0]*(?P<value>.*)$",
    re.IGNORECASE,
)

ORIGINAL = re.compile(
    r"^[>\s*]*[-_=]{2,}\s*(?:"
    r"original message|reply message|original appointment|urspr[üu]ngliche nachricht|"
    r"originalnachricht|"
    r"message d.origine|message original|mensaje original|mensagem original|messaggio originale|"
    r"oorspronkelijk bericht|origineel bericht|oprindelig besked|oprindelig meddelelse|"
    r"opprinnelig melding|originalmeddelande|ursprungligt meddelande|alkuperäinen viesti|"
    r"oryginalna wiadomość|wiadomość oryginalna|původní zpráva|исходное сообщение|"
    r"оригинальное сообщение|вихідне повідомлення|eredeti üzenet|orijinal ileti|özgün ileti|"
    r"mesej asal|pesan asli|原始邮件|原始郵件|原郵件|原邮件|元のメッセージ|original mail|"
    r"원본 메일|원본 메시지|"
    r"मूल संदेश|अस्ल संदेश|அசல் செய்தி|மூலச் செய்தி|thư gốc|ข้อความต้นฉบับ"
    r")\s*[-_=]{2,}[*\s]*$",
    re.IGNORECASE,
)
FORWARD = re.compile(
    r"^[>\s*]*(?:-{2,}\s*)?(?:"
    r"(?:begin )?forwarded (?:message|by .{1,60})|start of forwarded message|"
    r"(?:anfang der )?weitergeleitete nachricht|message transféré|message transmis|"
    r"début du message (?:réexpédié|transféré)|mensaje reenviado|inicio del mensaje reenviado|"
    r"mensagem (?:encaminhada|reencaminhada)|início da mensagem (?:re)?encaminhada|"
    r"messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|"
    r"begin doorgestuurd bericht|"
    r"videresendt (?:besked|melding)|vidarebefordrat (?:meddelande|mejl)|"
    r"wiadomość przekazana dalej|"
    r"przekazana wiadomość|пересылаемое сообщение|переслане повідомлення|iletilen ileti|"
    r"mesej (?:yang )?dimajukan|mesej terpanjang|pesan terusan|pesan yang diteruskan|"
    r"转发(?:的)?邮件|轉寄(?:的)?郵件|轉寄的信件|转发邮件信息|转发的信息|"
    r"転送(?:された)?メッセージ|전달된 메시지|"
    r"अग्रेषित संदेश|फ़ॉरवर्ड किया गया संदेश|முன்னனுப்பப்பட்ட (?:செய்தி|மின்னஞ்சல்)|"
    r"thư được chuyển tiếp"
    r")\s*[:：]?(?:\s*-{2,})?[*\s]*$",
    re.IGNORECASE,
)
FORWARD_SUBJECT = re.compile(
    r"^\s*(?:fwd?|wg|tr|rv|enc|i|doorst|vs|vb|ilt|转发|轉寄|轉發|fs|pd)\s*[:：]", re.IGNORECASE
)

_DEVICE_STARTS = (
    r"sent (?:from|via|with|using|by|on)|get outlook for|get \[?outlook|"
    r"from my (?:iphone|ipad|android|phone|mobile|samsung)|envoyé (?:de|depuis|à partir|avec|par|"
    r"via)|"
    r"gesendet (?:von|mit|über|aus)|von meinem .{1,40} gesendet|"
    r"diese nachricht wurde von .{1,60} gesendet|"
    r"enviad[oa] (?:desde|do|de|a partir|por|con|com|via|pelo)|inviato (?:da|dal|con|tramite)|"
    r"verzonden (?:met|vanaf|via|vanuit|van)|verstuurd (?:vanaf|met|via)|sendt (?:fra|med|via)|"
    r"skickat (?:från|med)|skickades från|lähetetty|wysłan[eoy] (?:z|za|przy)|odesláno (?:z|ze)|"
    r"отправлено (?:с|из|со)|надіслано (?:з|із)|trimis de pe|elküldve|küldve|gönderildi|"
    r"dihantar (?:dari|daripada|melalui)|dikirim (?:dari|melalui)|gửi từ|được gửi từ|ส่งจาก|"
    r"发自|發自|来自我的|來自我的|寄自|下载 outlook|獲取 outlook|取得 outlook|获取 outlook"
)
DEVICE = re.compile(
    rf"^[\s<(\[_*>-]{{0,4}}(?:(?:{_DEVICE_STARTS}).{{1,70}}|\w{{2,20}} from mobile|"
    r"(?:從|从)我的.{1,40}(?:傳送|发送|發送|寄出)|.{1,40}から送信|.{0,20}에서 보냄|"
    r".{1,50}से भेजा गया|.{1,60}அனுப்பப்பட்டது)[\s>)\]_*.।。]{0,4}$",
    re.IGNORECASE,
)
DEVICE_TYPO_EXCUSE = re.compile(r"excuse|typo|brevity|autocorrect", re.IGNORECASE)
LINKS = re.compile(r"\]?\(?<?https?://\S+[>)]?")

RULE = re.compile(r"^[\s>]*[-_=~#*+—–―─━═ᐧ]+\s*$")
SIGNATURE_MARK = re.compile(r"^(?:--|__|—|–|——|-- ―)\s*$")
SIGNATURE_RULE = re.compile(r"^\s*(?:-{3,}|_{3,}|—{2,}|–{2,}|―{2,}|─{2,}|━{2,})\s*$")
GREETING = re.compile(r"^\W*(?:\S+\W+){0,2}\S+\W*$")
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
