/**
 * The sentences that evidence is told in, in Uzbek (Latin script; oʻ and gʻ with U+02BB). A value
 * takes no suffix: the noun after it does.
 * @module
 */

import type { Texts } from "./text.ts";

export const UZ_PHRASES: Texts["phrases"] = {
  // the server and its place
  "server-not-running": "Bu maʼlumotlar katalogi bilan server ishlamayapti",
  "unit-state": "`{unit}` holati: `{state}`",
  "last-error": "Serverning oxirgi xatosi: `{error}`",
  "config-fault": "`{where}`, `{path}`: {what}",
  "port-holder": "{transport} `{address}` band, uni `{holder}` egallagan",
  "listens-on": "Server faqat `{listen}` manzilida tinglayapti",
  "own-addresses": "Bu serverning manzillari: `{addresses}`",
  "name-unknown": "`{name}` nomining manzili yoʻq: `{error}`",
  "name-leads-to": "`{name}` nomi `{addresses}` manziliga olib boradi",
  "name-here-only":
    "Javobni bu mashinaning hosts fayli bergan boʻlishi mumkin: boshqa mashinadan tekshiring, `nslookup {name}`",
  "public-unknown":
    "Bu serverning tashqi manzili bu yerda nomaʼlum: provayder koʻrsatadigan manzil bilan solishtiring",

  // packets before the server
  "nothing-came": "`{seconds}` soniya ichida telefondan hech narsa kelmadi",
  "ports-watched": "Tarmoq kartasida kuzatilgan portlar: `{ports}`",
  "others-came":
    "Bu vaqtda boshqalar serverga yetib keldi, oxirgisi `{source}` manzilidan",
  "firewall-open": "Bu serverning fayrvoli SIP paketlarini oʻtkazadi",
  "card-not-watched":
    "Tarmoq kartasini kuzatib boʻlmadi, buning uchun root kerak: aniq bilish uchun `sudo pbx doctor` buyrugʻini ishga tushiring",
  "file-tells-little":
    "Faylda faqat yozib olinganlari bor: aniq bilish uchun serverda `pbx doctor` buyrugʻini ishga tushiring",
  "sip-at-wrong-port":
    "`{source}` manzilidan `{wrong}`-portga `{count}` ta SIP paketi keldi, bu portni hech kim tinglamayapti",
  "connections-at-wrong-port":
    "`{source}` manzilidan `{wrong}`-portga `{count}` marta ulanishga urinildi, bu portni hech kim tinglamayapti",
  "closed-port-counter":
    "Shu vaqtda yadro yopiq portlarga kelgan `{count}` ta datagrammani rad etdi",
  "packets-unheard":
    "Tarmoq kartasining {transport} `{port}`-portiga `{source}` manzilidan `{count}` ta paket keldi, lekin birortasi ham serverga yetmadi",
  "connections-unheard":
    "`{source}` manzilidan TCP `{port}`-portga `{count}` marta ulanishga urinildi, lekin serverga hech narsa yetmadi",
  "dropping-rule": "Ularni toʻsayotgan qoida: `{rule}`",
  "rule-counter": "Kuzatuv boshlangandan beri u `{count}` ta paketni toʻxtatdi",
  "firewall-unreadable": "Fayrvol qoidalarini oʻqib boʻlmadi: `{reason}`",
  "firewall-unclear":
    "Aynan qaysi qoida ekanini aniq aytib boʻlmaydi: `nft list ruleset` natijasini koʻring",
  "send-refused":
    "`{source}` manziliga `{count}` ta javobni yuborib boʻlmadi: `{error}`",
  "answers-not-on-card":
    "Server `{source}` manziliga javob berdi, lekin tarmoq kartasidan birorta javob chiqmadi",
  "nothing-answered":
    "`{source}` manzilidan `{count}` ta soʻrov keldi, birortasiga ham javob berilmadi",
  "socket-drops":
    "Server oʻz vaqtida ololmagani uchun yadro `{count}` ta datagrammani tashlab yubordi",
  "buffer-limit": "Qabul buferining chegarasi: `{octets}` bayt",
  "fragments-from":
    "`{source}` manzilidan kelgan `{count}` ta uzun paketning ayrim boʻlaklari yetib kelmadi",
  "fragments-counter":
    "Ayrim boʻlaklari kelmagani uchun yadro `{count}` ta uzun paketni tashlab yubordi; ular kimdan ekanini `sudo pbx doctor` koʻrsatadi",

  // the server's own door
  "ban-since": "`{source}` manzili bloklangan: `{why}`",
  "ban-until": "Blok tugaydigan vaqt: `{until}`",
  "ban-for-good": "Blok kimdir olib tashlaguncha qoladi",
  "ban-numbers": "U yerdan sinab koʻrilgan raqamlar: `{numbers}`",
  "tls-offered":
    "`{source}` manzilidan `{port}`-portga TLS orqali murojaat qilindi",
  "tls-port-tried":
    "`{source}` manzilidan `{port}`-portga, yaʼni TLS orqali SIP portiga, `{count}` marta ulanishga urinildi",
  "tried-once":
    "Bitta urinish begonaniki boʻlishi ham mumkin: ishonch hosil qilish uchun telefonni yana bir marta roʻyxatdan oʻtkazing",
  "connection-refused":
    "`{source}` manzilidan TCP `{port}`-portga `{count}` marta ulanishga urinildi va rad etildi",
  "registered-over-tcp":
    "Telefon `{source}` manzilidan TCP orqali roʻyxatdan oʻtdi va bu ishlayapti",
  "stun-seen":
    "SIP portiga `{source}` manzilidan `{count}` ta STUN soʻrovi keldi",

  // what the phone asked for
  "request-came":
    "Telefon `{source}` manzilidan {transport} orqali `{number}` raqamini roʻyxatdan oʻtkazishni soʻradi",
  "malformed-at":
    "`{source}` manzilidan kelgan xabarning `{position}`-baytida qoida buzilgan: `{what}` ({rfc})",
  "refused-with":
    "Server `{method}` soʻrovini `{status}` kodi bilan rad etdi: `{why}`",
  "refusal-detail": "Hal qilgan qiymat: `{detail}`",
  "domain-asked": "Telefon `{domain}` domeniga murojaat qildi",
  "domains-served": "Bu server xizmat koʻrsatadigan domenlar: `{domains}`",
  "number-unknown": "Bu serverda `{number}` raqami yoʻq",
  "numbers-near": "Serverda bor oʻxshash raqamlar: `{numbers}`",
  "number-added":
    "`{number}` raqami endi bor: telefonni yana bir marta roʻyxatdan oʻtkazing",
  "password-wrong":
    "Telefon serverning soʻroviga notoʻgʻri parol bilan javob berdi",
  "passwords-wrong":
    "Telefonning `{count}` ta javobi notoʻgʻri chiqdi, jumladan qayta ishga tushirishdan oldingi soʻrovlarga ham",
  "login-was":
    "Telefon `{login}` logini bilan kirdi, lekin uning raqami `{number}`",
  "sender-was":
    "Telefon `{number}` raqamini roʻyxatdan oʻtkazyapti, lekin joʻnatuvchi deb boshqasini koʻrsatyapti: `{detail}`",
  "realm-differs":
    "Telefonning `{count}` ta javobi boshqa serverning parol soʻroviga (realm) berilgan",
  "clock-jumped": "Serverning soati `{seconds}` soniyaga sakradi",
  "nonce-stale":
    "Telefonning `{count}` ta toʻgʻri javobi vaqti mos kelmaydigan soʻrovlarga berilgan",
  "limit-reached":
    "`{number}` raqamida ruxsat etilgan miqdordagi telefonlar allaqachon bor",
  "interval-refused":
    "Telefon ketma-ket `{count}` marta haddan tashqari qisqa muddatga roʻyxatdan oʻtishni soʻradi: `{detail}`",
  "presence-published":
    "Telefon foydalanuvchisi joyida ekanini `{count}` marta eʼlon qilmoqchi boʻldi",

  // the way back
  "request-repeated":
    "Telefon javob berilgan soʻrovni `{count}` marta takrorladi",
  "never-credentials":
    "U parolni umuman yubormadi, demak serverning soʻrovini eshitmayapti",
  "answers-left":
    "Tarmoq kartasidan `{source}` manziliga `{count}` ta javob chiqib ketdi",
  "answered-from":
    "Telefon `{asked}` manziliga yozdi, javoblar esa `{answered}` manzilidan ketdi",
  "phone-claims":
    "Telefonning birinchi soʻrovida Via ichida `{via}`, Contact ichida `{contact}` manzili yozilgan",
  "request-source": "Soʻrov `{source}` manzilidan keldi",
  "store-cause": "Roʻyxatdan oʻtishlarni saqlab boʻlmayapti: `{cause}`",
  "registered-from":
    "`{source}` manzilidan `{seconds}` soniyaga roʻyxatdan oʻtgan",
  "phone-answered":
    "Telefon serverga `{milliseconds}` ms dan keyin javob berdi",
  "phone-not-asked":
    "Telefonni tekshirish shart emas: oraliqda router yoʻq yoki ulanish ochiq",
  "phone-not-asked-yet":
    "Server telefon joyida ekanini hali tekshirib koʻrmadi",
  "phone-silent":
    "Serverning `{source}` manziliga yuborgan `{count}` ta soʻrovi javobsiz qoldi",
  "phone-port-closed":
    "Tarmoq xabariga koʻra, `{source}` manzilida endi hech kim tinglamayapti",
  "phone-moved":
    "Telefon avval ham boshqa portdan qaytib kelgan: oldin `{from}`, keyin `{to}`",

  // around it
  "scanners-turned-away":
    "`{hosts}` ta manzildan kelgan `{tries}` ta soʻrov rad etildi",
  "scanners-named": "Ular oʻzini shunday ataydi: `{names}`",
  "password-awaited": "Server parolni soʻradi, telefon hali javob bermadi",
  "answer-missing": "Server telefonning soʻroviga javob bermadi",
  "phone-signed-off": "Telefon roʻyxatdan oʻzi chiqdi",
  "registration-expired": "Roʻyxat muddati tugadi, telefon uni yangilamadi",
  "registration-ended": "Roʻyxatni server toʻxtatdi: `{why}`",
  "no-sip-came":
    "`{source}` manzilidan `{count}` ta datagramma keldi, lekin ular SIP emas",
  "only-life-signs":
    "`{source}` manzilidan faqat aloqani ushlab turuvchi paketlar keldi, roʻyxatdan oʻtish boʻlmadi",
  "connected-only":
    "`{source}` manzilidan TCP orqali ulanildi, lekin hech narsa yuborilmadi",
  "watch-again":
    "Koʻproq maʼlumot uchun `sudo pbx doctor` buyrugʻini ishga tushiring va telefonni yana bir marta roʻyxatdan oʻtkazing",

  // calls
  "call-began": "`{number}` raqami `{callee}` raqamiga qoʻngʻiroq qildi",
  "callee-has-no-phone": "`{callee}` raqamida roʻyxatdan oʻtgan telefon yoʻq",
  "callee-stopped-at":
    "`{callee}` haqida oxirgi maʼlumot: `{stage}` bosqichida toʻxtagan",
  "callee-never-seen":
    "`{callee}` raqamining telefonidan hech narsa koʻrinmadi",
  "invite-challenged":
    "Server qoʻngʻiroq uchun parol soʻradi, telefon uni yubormadi",
  "invite-octets":
    "Soʻrov hajmi `{octets}` bayt; 1300 dan oshsa, telefonlar UDP dan TCP ga oʻtadi",
  "callee-asked":
    "Qoʻngʻiroq `{callee}` raqamining `{count}` ta telefoniga yuborildi",
  "callee-said-nothing": "`{source}` manzilidan umuman javob kelmadi",
  "call-refused": "Qoʻngʻiroq `{status}` kodi bilan tugadi",
  "codecs-offered": "`{number}` taklif qilayotgan kodeklar: `{codecs}`",
  "codecs-wanted": "`{number}` xohlayotgan kodeklar: `{codecs}`",
  "encryption-on": "`{number}` ovozni shifrlab yuboradi (SRTP)",
  "encryption-off": "`{number}` ovozni shifrlamasdan yuboradi",
  "answer-repeated":
    "Qoʻngʻiroq qilgan telefon tasdiqlamagani uchun qoʻngʻiroq javobi yana `{count}` marta yuborildi",
  "call-ended-unconfirmed": "Hech kim tasdiqlamagani uchun qoʻngʻiroq tugadi",
  "ice-offered": "`{number}` ICE nomzodlarini taklif qilyapti",
  "sound-none":
    "Qoʻngʻiroqqa javob berilgandan beri `{number}` raqamidan ovoz kelmadi",
  "sound-came": "`{number}` raqamidan `{count}` ta ovoz paketi keldi",
  "sound-on-card":
    "Tarmoq kartasiga `{source}` manzilidan `{count}` ta ovoz paketi keldi",
  "sound-not-on-card":
    "Tarmoq kartasiga `{source}` manzilidan birorta ham ovoz paketi kelmadi",
  "sound-lost": "`{number}` ovozining `{percent}` foizi yoʻqoldi",
  "call-timed-out":
    "Telefon qoʻngʻiroqni yangilamagani uchun u `{seconds}` soniyadan keyin tugadi",
};
