"""How contact details, secrets and harmless numbers are written, as patterns for `masking`.

Patterns for numbers expect a text in which `PLAIN` has turned every script's digits into 0-9 and
every kind of hyphen and space into the plain one; it replaces one character by one.
"""

import re

_ZEROS = "٠۰०০੦૦୦௦౦೦൦๐０"
PLAIN = str.maketrans(
    {chr(ord(zero) + n): str(n) for zero in _ZEROS for n in range(10)}
    | dict.fromkeys("\u00a0\u202f\u3000", " ")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\uff0d", "-")
    | {"\uff0b": "+"}
)

# An account name such as 账号@lucky.cat7 is no address. What stands before it is only taken for the
# local part when it is written in ASCII, or when the name ends as domains do.
_LOCAL = r"(?=[._%+-]{0,63}[A-Za-z0-9])[A-Za-z0-9._%+-]{1,64}"
ADDRESS = re.compile(
    rf"(?<![A-Za-z0-9._%+-]){_LOCAL}(?:@|\s?[\[(]at[\])]\s?)"
    r"[A-Za-z0-9-]{1,63}(?:(?:\.|\s?[\[(]dot[\])]\s?)[A-Za-z0-9-]{1,63}){1,8}",
    re.IGNORECASE,
)
_SIGNS = r"\s@•<>()\[\],;:\"/，。、；：！？（）【】《》「」“”।"
_LABEL = rf"[^{_SIGNS}._!?]{{1,63}}"
_ENDING = (
    r"(?:(?:com|org|net|edu|gov|info|biz|[a-z]{2})(?![a-z0-9_-]|\.[a-z0-9])"
    r"|公司|网络|網絡|网址|中国|中國|香港|台湾|台灣|新加坡|在线|中文网"
    r"|(?:भारत|संगठन|कॉम|नेट|இந்தியா|சிங்கப்பூர்|இலங்கை)(?![\u0900-\u0dff]))"
)
ADDRESS_IN_ANY_SCRIPT = re.compile(
    rf"[^{_SIGNS}]{{1,64}}@{_LABEL}(?:\.{_LABEL}){{0,7}}\.{_ENDING}"
    rf"|{_LOCAL}@[^{_SIGNS}\x00-\x7f][^{_SIGNS}]{{0,200}}[^{_SIGNS}.!?]",
    re.IGNORECASE,
)
PAYMENT_NAME = re.compile(rf"{_LOCAL}@[A-Za-z][A-Za-z0-9-]{{1,63}}(?![A-Za-z0-9_])")  # asha@bank

_NAME_OF_WORD = (
    r"pass\s?words?|passwd|pwd|passcode|passphrase|kata\s?laluan|kata\s?sandi"
    r"|पास\s?वर्ड|கடவுச்\s?சொல்|பாஸ்வேர்ட்|密码|密碼|口令"
)
_NAME_OF_CODE = (
    r"otp|pin|cvv2?|cvc|tac|(?:verification|security|login|recovery)\s+code"
    r"|kod\s+(?:pengesahan|keselamatan)|ओटीपी|पिन|ஓடிபி|验证码|驗證碼"
)
_MINE = r"(?:[ \t]+(?:saya|aku|sy))?"
_IS = rf"{_MINE}(?:[ \t]+(?:is|was|adalah|ialah|hai|है)(?![^\s:])|是|为|為)?[ \t]*"
_SIGN = rf"{_IS}[:=：＝][ \t]*"
_ANY_WORD = r"[ \t]+[^\W\d]+[ \t]+"
_ACCOUNT = r"@[a-z]{2,30}[._][a-z0-9._]{1,30}(?![^\s,.;:!?])"  # password @lucky.cat7 is wrong
_MIXED_CHARACTERS = rf"(?!{_ACCOUNT})" + (
    r"(?=\S{0,40}(?:\d\S{0,40}[^\W\d_]|[^\W\d_]\S{0,40}\d|[@#$%^&*+=]\S|\d{4}))"
)
SECRET = re.compile(
    rf"(?<![A-Za-z])((?:{_NAME_OF_WORD})(?:{_SIGN}|{_IS}{_MIXED_CHARACTERS})"
    rf"|(?:{_NAME_OF_CODE})(?:(?:{_SIGN}|{_IS})(?=\d{{3,8}}(?!\d))|{_ANY_WORD}(?=\d{{4,8}}(?!\d))))"
    r"(?![•\s])[^\s,;，。；]+",
    re.IGNORECASE,
)

# The signed part of a requester's own address: whoever has it may act as they.
OWN_LINK = re.compile(
    r"(/(?:status|survey)/)[A-Za-z0-9-]{1,41}(?:(?:~|%7E)[\w-]+){2}", re.IGNORECASE
)

_AMOUNT = r"(?:₹|\$|€|£|¥|(?:rs\.?|inr|rm|myr|usd|sgd))\s?\d[\d,]*(?:\.\d+)?(?!\d)"
_DATE = (
    r"(?:(?:19|20)\d\d[-/.][01]?\d[-/.][0-3]?\d|[0-3]?\d[-/.][0-3]?\d[-/.](?:19|20)?\d\d)"
    r"(?![-/.]?\d)"
)
_ORDER = (
    r"(?:order|invoice|receipt|txn|transaction|ref|reference|ticket|case|listing|item|utr|id"
    r"|pesanan|invois|transaksi|rujukan|ऑर्डर|लेनदेन|ஆர்டர்|订单|訂單|交易)"
    r"(?:\s?(?:id|no|number|num|nombor|नंबर|எண்|号|號|编号))?\s?[.:#：=-]?\s?(?:#|is\s)?"
    r"\d(?:[\d-]*\d)?(?! ?[\d-])"
)
_SHOP_ORDER = r"\d{3}-\d{7}-\d{7}(?!\d)"

_AADHAAR = r"(?:aadhaar|aadhar|uidai|आधार)\D{0,12}(?P<aadhaar>\d{4}[ -]?\d{4}[ -]?\d{4})(?!\d)"
_MYKAD = r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-\d\d-\d{4}(?!\d)"
_PAN = r"[a-z]{3}p[a-z]\d{4}[a-z](?![a-z0-9])"
_CARD = (
    r"(?:[2-6]\d{3}(?:(?: \d{4}){3}(?: \d{1,3})?|(?:-\d{4}){3}|\d{12}|\d{15})"
    r"|3[47]\d\d(?:[ -]\d{6}[ -]\d{5}|\d{11})|3[068]\d\d(?:[ -]\d{6}[ -]\d{4}|\d{10}))(?!\d)"
)

_PHONE = "|".join(
    (
        r"(?:\+|00(?=[1-9]))[1-9](?:[ ().-]{0,2}\d){7,14}",  # any country, written in full
        r"(?:91[ -]?|0)?[6-9](?:\d{9}|\d{4}[ .-]\d{5}|\d{3}[ -]\d{6}|\d\d[ .-]\d{3}[ .-]\d{4}"
        r"|\d{3}[ .-]\d{3}[ .-]\d{3}|\d(?:[ -]\d\d){4})",  # India, mobile
        r"(?:60[ -]?|\(?0)(?:1\d|[3-9]\d?)\)?[ -]?\d{3,4}[ -]?\d{4}",  # Malaysia
        r"\(?0\d{2,4}\)?[ -](?:\d{6,8}|\d{3,4}[ -]\d{4})|0[1-9]\d{8,9}",  # with a trunk code
        r"(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}",  # North America
        r"(?:86[ -]?)?1[3-9]\d(?:\d{8}|[ -]\d{4}[ -]\d{4})",  # China, mobile
    )
)
_NAMED_PHONE = (
    r"(?:phone|mobile|mob|cell|tel|telefon|telephone|whatsapp|wasap|wa\.me|hp|contact|call"
    r"|फ़ोन|फोन|मोबाइल|தொலைபேசி|மொபைல்|电话|電話|手机|手機|微信)[^\d\n+(]{0,14}"
    rf"(?!{_DATE})(?P<named>{_PHONE}|[+(]{{0,2}}\d(?:[ ().-]{{0,2}}\d){{6,14}})(?![\d:])"
)
NUMBER = re.compile(
    r"(?:(?<![a-z0-9_/#=])(?<![a-z0-9]-)(?<!\d\.)|(?=wa\.me/))"
    rf"(?:(?P<kept>{_AMOUNT}|{_DATE}|{_ORDER}|{_SHOP_ORDER})|{_AADHAAR}"
    rf"|(?P<identity>{_MYKAD}|{_PAN})|(?P<card>{_CARD})|{_NAMED_PHONE}"
    rf"|(?P<phone>(?:{_PHONE})(?![\d:])))",
    re.IGNORECASE,
)
