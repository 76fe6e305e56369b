"""Words and letter groups that tell English, Malay, romanised Hindi and romanised Tamil apart.

Collected by hand from how people write to support: function words first, as every text has them
and no language borrows them; then the colloquial and clipped forms of chat (`nak`, `xboleh`,
`krdo`). Nouns of the trade (account, password, hack) are used in all four and stand in none.
"""

import re

ENGLISH, MALAY, HINDI, TAMIL = "en", "ms", "hi", "ta"

WORDS = {
    ENGLISH: """
        a about after again already am an and any anyone are as asked at back be because been before
        being but by can cannot cant could did didnt do does doesnt doing dont else every for from
        get getting give got had has have havent having he hello help her here his how i if im in
        into is isnt it its ive just keep keeps know let like made make me more much must my need
        never no not now of off on one only or other our out over own please plz pls really said
        same see she should since so some someone still take thank thanks that the their them then
        there these they thing think this those to told too try trying up us use using very want
        wanted was wasnt we were what when where which who why will with wont would wrong yes yet
        you your somebody says old year years kid child daughter son lost stolen wrote keeps without
        money hi
    """,
    MALAY: """
        ada adakah adalah agar akan akaun aku anak anda apa atas atau awak bagaimana balik banyak
        bantu bantuan baru bayar belum berapa berumur betul bila boleh bole bukan buat cakap cuba
        cara dah dalam dan dapat dari daripada dekat dengan dgn dia diorang ditipu digodam disekat
        dlm duit emel encik esok gambar guna hari harap hendak hilang ialah ini itu jadi jangan je
        jika juga kalau kami kamu kat kata kenapa kepada kerana kita korang laa lagi lah laluan lama
        lepas mahu mak mana masa masih masuk mcm macam mereka minta mohon mengapa nak nama nanti ni
        nombor oleh orang pada pakai pasal penipu penipuan perlu pernah puan pun pulang sahaja saja
        salah saya sebab sebelum sekarang selepas semalam semua seseorang setiap siapa sila sini
        sudah supaya tahu tahun tak takde tapi tarikh tdk telah tengok terima kasih tetapi tiada
        tidak tipu tolong tu tukar umur untuk utk wang xboleh xdpt xleh yang yg bawah ibu bapa ke
    """,
    HINDI: """
        aap aapka aapki aapko aaya ab abhi agar apna apne apni aur bacha bachche baat bahut batao
        batayein bata beta beti bhai bhi bohot bola bolo chahiye chalu chori dekho dijiye diya dost
        doston galat gaya gayi gya haan hai hain hamara hame ho hoga hogaya hogya hota hoti hua hui
        hun hum iska iske isko isse jaldi jana ji jo kab kaise kaha kahan kar kara karna karne karo
        karu kara karke karta kaun ke khata ki kijiye kisi kisine kiya ko koi kr krdo kripya krna
        kuch kya kyo kyon kyu kyun ladka ladki lekin liya log madad maine main mai mein mera mere
        meri mil mila mujhe mujhse nahi nahin naya nhi paisa paise par pe pehle phir raha rahe rahi
        rha rhe sab sahi sakta sakte se shukriya sirf sath tak tha thi toh turant tum uska usne
        wala wale wapas wapis wo woh ya yaar ye yeh yahan dhanyavad umar saal hu
    """,
    TAMIL: """
        aachu aagala aagiduchu aana achu amma anna ana appa avan avanga ayiduchu da edhuku ena
        enaku enakku enna en ennoda eppadi epdi ethuku iruku irukku illa illai inga intha kaasu
        kadavu kandippa kidaikala konjam kudunga maathi maatten mudiyala mudiyathu na naan nalla
        namba nandri neenga oru pa panna pannanga pannunga panren pannitanga panam poiduchu po
        poochu romba seiyunga seri sollunga thayavu thirumba udhavi ungal ungaloda unga vanakkam
        vechu vendum venum vera yaaro yaru yen
    """,
}

# Beginnings, endings and groups that are common in one language and rare in the others.
SHAPES = {
    ENGLISH: re.compile(r"th|wh|ough|tion|ck\b|ing\b|[^aeiou\s]ed\b|ly\b|[^aeiou\s]s\b|'"),
    MALAY: re.compile(
        r"\b(?:me(?:ng|ny|mp|mb|nd)|ber(?=\w{4})|ter(?=\w{4})|pe(?:ng|ny|mb)|di(?=[bghkpstu]\w{4}))"
        r"|(?:kan|nya|lah|kah)\b|ngg|uan\b"
    ),
    HINDI: re.compile(r"aa|[bdgjkp]h(?=[aeiou])|chh|(?:iye|enge|unga|ega|egi|yenge|iyo|on)\b|ee"),
    TAMIL: re.compile(
        r"nn[aiu]|kk[au]|tt[aiu]|zh|(?:nga|ren|chu|thu|dhu|ala|oda|kku|layae?|itten)\b"
    ),
}
