/**
 * The titles and remedies of the verdicts, in Uzbek (Latin script; oʻ and gʻ with U+02BB). Fields
 * of a phone have the labels of MicroSIP's Russian window, which offices here mostly see.
 * @module
 */

import type { Texts } from "./text.ts";

export const UZ_CODES: Texts["codes"] = {
  // a phone does not register
  "server-down": {
    title: "Server ishlamayapti",
    remedy: "Serverni ishga tushiring va uning oxirgi xatosini koʻring",
  },
  "config-error": {
    title: "Sozlamalarda `{count}` ta xato bor",
    remedy:
      "Bu qatorlarni toʻgʻrilang va serverni qayta ishga tushiring: {faults}",
  },
  "port-in-use": {
    title: "{transport} `{port}`-port boshqa dastur bilan band: `{holder}`",
    remedy:
      "Bu dasturni toʻxtating yoki serverga boshqa port bering va uni har bir telefonga kiriting",
  },
  "bound-to-loopback": {
    title: "Server faqat oʻz mashinasini tinglayapti",
    remedy:
      "Sozlamalarda `{listen}` oʻrniga `sip = {open}` deb yozing va serverni qayta ishga tushiring",
  },
  "dns-no-address": {
    title: "`{name}` nomi hech qayerga olib bormaydi",
    remedy:
      "Domen boshqariladigan joyda `{name}` uchun `{address}` manzilli A yozuvini qoʻshing; ungacha telefonning «SIP-сервер» maydoniga `{server}` deb yozing",
  },
  "dns-wrong-address": {
    title: "`{name}` nomi boshqa serverga olib boradi",
    remedy:
      "Domen boshqariladigan joyda `{name}` nomining A yozuvidagi `{addresses}` oʻrniga `{own}` deb yozing",
  },
  "dns-unusable-aaaa": {
    title:
      "`{name}` nomi IPv6 manziliga ham olib boradi, u yerda hech kim tinglamayapti",
    remedy:
      "Domen boshqariladigan joyda `{addresses}` manzilli AAAA yozuvini oʻchiring yoki server `[::]:5060` manzilida ham tinglaydigan qiling",
  },
  "no-packets": {
    title: "Bu telefondan serverga hech narsa yetib kelmayapti",
    remedy:
      "Telefonning «SIP-сервер» maydonini `{address}` (port `{port}`) bilan harfma-harf solishtiring, telefon yoqilgani va interneti borligini tekshiring; hammasi toʻgʻri boʻlsa, provayderning boshqaruv panelidagi fayrvolda UDP `{port}`-portni oching",
  },
  "wrong-port": {
    title: "Telefon `{wrong}`-portga yozyapti, server esa `{right}`-portda",
    remedy:
      "Telefonning «SIP-сервер» maydonida nom yoki manzildan keyin `:{right}` deb yozing; port yozilmasa, telefon 5060 ni oladi",
  },
  "firewall-blocks-sip": {
    title:
      "Bu serverning fayrvoli SIP paketlarini toʻsyapti ({transport} `{port}`-port)",
    remedy: "Bu serverning fayrvolida {transport} `{port}`-portni oching",
  },
  "receive-buffer-overflow": {
    title:
      "Paketlar server qabul qila oladiganidan koʻp, bir qismi yoʻqolyapti",
    remedy:
      "Qabul buferini oshiring va `pbx trace` orqali qaysi manzildan oqim kelayotganini koʻring",
  },
  "fragments-lost": {
    title: "Telefonning uzun xabarlari boʻlaklanib kelyapti va yoʻqolyapti",
    remedy:
      "Telefonning «Кодеки» (kodeklar) roʻyxatida faqat ikki-uchtasini qoldiring, masalan PCMA va PCMU, yoki «Транспорт» maydonida TCP ni tanlang",
  },
  "banned": {
    title: "`{source}` manzilini serverning oʻzi bloklagan",
    remedy:
      "Telefonda sababini (`{why}`) toʻgʻrilang va `{source}` manzilini blokdan chiqaring",
  },
  "phone-uses-tls": {
    title: "Telefon shifrlangan ulanish soʻrayapti, server esa uni bermaydi",
    remedy:
      "Telefonning «Транспорт» maydonida UDP ni, «Шифрование медиа» maydonida «Отключено» (oʻchirilgan) qiymatini tanlang",
  },
  "phone-uses-tcp": {
    title: "Telefon TCP orqali ishlayapti",
    remedy: "Telefonning «Транспорт» maydonida UDP ni tanlang",
  },
  "malformed-message": {
    title: "Server telefonning xabarlarini qabul qila olmayapti: `{what}`",
    remedy:
      "Telefon dasturini yangilang yoki sozlamalarini boshlangʻich holatga qaytaring; yordam bermasa, telefon yonidagi routerda «SIP ALG» ni oʻchiring",
  },
  "wrong-domain": {
    title: "Telefon `{domain}` domeniga murojaat qilyapti, u bu server emas",
    remedy:
      "Telefonning «SIP-сервер» va «Домен» (domen) maydonlarining ikkalasiga ham `{server}` deb yozing",
  },
  "unknown-extension": {
    title: "`{number}` raqami yoʻq",
    remedy:
      "Telefonning «Имя пользователя» (foydalanuvchi nomi) va «Логин» (login) maydonlarini toʻgʻrilang yoki serverda shu raqamni qoʻshing",
  },
  "login-differs": {
    title: "Telefon `{login}` logini bilan kiryapti, lekin raqami `{number}`",
    remedy:
      "Telefonning «Имя пользователя» (foydalanuvchi nomi) va «Логин» (login) maydonlarining ikkalasiga ham `{number}` deb yozing yoki «Логин» maydonini boʻsh qoldiring",
  },
  "wrong-password": {
    title: "`{number}` raqamining paroli notoʻgʻri",
    remedy:
      "Telefonning «Пароль» (parol) maydoniga parolni qaytadan kiriting: boʻsh joysiz, lotin klaviaturasida, katta harflari qanday berilgan boʻlsa shunday; parolni hech kim bilmasa, serverda yangisini oʻrnating",
  },
  "wrong-realm": {
    title: "Telefon boshqa serverning logini bilan javob beryapti",
    remedy:
      "Telefonning «Домен» (domen) maydonini toʻgʻrilang; yordam bermasa, u yerda `{number}` akkauntini oʻchirib, qaytadan qoʻshing",
  },
  "clock-jump": {
    title: "Serverning soati `{seconds}` soniyaga sakradi",
    remedy: "Serverda aniq vaqt xizmatini yoqing",
  },
  "too-many-phones": {
    title:
      "`{number}` raqamida ruxsat etilgan `{count}` ta telefonning hammasi ulangan",
    remedy:
      "Boshqa telefonlardan birini roʻyxatdan chiqaring yoki bitta raqamga koʻproq telefonga ruxsat bering; yoʻqolgan telefonning joyi oʻzi boʻshaydi",
  },
  "interval-too-brief": {
    title:
      "Telefon server ruxsat berganidan tez-tez roʻyxatdan oʻtmoqchi boʻlyapti",
    remedy:
      "Telefonning «Обновление регистрации» (roʻyxatni yangilash) maydoniga 300 deb yozing",
  },
  "replies-lost": {
    title: "Telefon serverning javoblarini eshitmayapti",
    remedy:
      "Telefon yonidagi routerni qayta yoqing va unda «SIP ALG» ni oʻchiring; hamma telefonda shunday boʻlsa, provayderning boshqaruv panelidagi fayrvolda chiquvchi UDP ni oching",
  },
  "reply-from-other-address": {
    title: "Server telefon yozgan manzildan emas, boshqasidan javob beryapti",
    remedy:
      "Telefonning «SIP-сервер» maydonida `{asked}` oʻrniga `{answered}` deb yozing va bu haqda bizga xabar bering: bunday boʻlmasligi kerak",
  },
  "sip-alg": {
    title: "Router telefonning xabarlarini oʻzgartirib yuboryapti",
    remedy:
      "Telefon yonidagi routerda «SIP ALG» ni oʻchiring; bunday sozlama boʻlmasa, serverga 5060 dan boshqa port bering",
  },
  "store-failed": {
    title: "Server roʻyxatdan oʻtishlarni saqlay olmayapti",
    remedy:
      "Server diskida joy boʻshating va maʼlumotlar katalogiga yozish mumkinligini tekshiring",
  },
  "nat-mapping-expired": {
    title: "Telefon roʻyxatdan oʻtgan, lekin unga endi yetib boʻlmayapti",
    remedy:
      "Telefon yoqilgani va interneti borligini tekshiring; bor boʻlsa, uning «Поддержка соединения» (Keep-Alive) maydoniga 15 deb yozing",
  },
  "scanner": {
    title: "Begonalar `{hosts}` ta manzildan `{tries}` marta kirishga urindi",
    remedy: "Hech narsa qilish shart emas: ular rad etildi",
  },
  "stun-on-sip-port": {
    title: "Telefon bu serverdan STUN sifatida foydalanyapti",
    remedy:
      "Buning zarari yoʻq; tezroq roʻyxatdan oʻtishi uchun telefonning «STUN-сервер» maydonini boʻshating",
  },
  "phone-publishes-presence": {
    title:
      "Telefon foydalanuvchi joyida ekanini eʼlon qilyapti, bu server esa buni saqlamaydi",
    remedy:
      "Buning zarari yoʻq; telefonda «Публиковать присутствие» belgisini olib tashlash mumkin",
  },
  "ok": {
    title: "`{number}` roʻyxatdan oʻtgan",
    remedy: "Hech narsa qilish shart emas",
  },
  "undecided": {
    title: "`{stage}` bosqichida toʻxtab qolyapti, sababi hali aniq emas",
    remedy:
      "Serverda `sudo pbx doctor` buyrugʻini ishga tushiring va u ishlab turganida telefonni yana bir marta roʻyxatdan oʻtkazing",
  },

  // a call does not work
  "callee-not-registered": {
    title: "`{callee}` raqamida roʻyxatdan oʻtgan telefon yoʻq",
    remedy:
      "`{callee}` raqamining telefonini roʻyxatdan oʻtkazing: `pbx doctor {callee}`",
  },
  "no-such-number": {
    title: "`{callee}` raqami yoʻq",
    remedy:
      "Mavjud raqamga qoʻngʻiroq qiling yoki serverda bu raqamni qoʻshing",
  },
  "tcp-switch-blocked": {
    title: "Telefon uzun soʻrov uchun TCP ga oʻtyapti, TCP esa toʻsilgan",
    remedy:
      "Serverning SIP portini TCP uchun ham oching yoki telefonda («Кодеки») faqat ikki-uchta kodek qoldiring",
  },
  "callee-silent": {
    title: "`{callee}` raqamining telefoni qoʻngʻiroqni eshitmayapti",
    remedy:
      "`{callee}` raqamining telefoni yoqilgani va interneti borligini tekshiring; bor boʻlsa, uning «Поддержка соединения» (Keep-Alive) maydoniga 15 deb yozing",
  },
  "no-common-codec": {
    title: "Ikkala telefonda umumiy kodek yoʻq",
    remedy:
      "Ikkala telefonning «Кодеки» (kodeklar) roʻyxatida PCMA va PCMU (G.711) ni yoqing, «Шифрование медиа» maydonida bir xil qiymatni tanlang",
  },
  "srtp-mismatch": {
    title:
      "`{number}` va `{callee}` raqamlaridan faqat bittasi ovozni shifrlamoqchi",
    remedy:
      "Ikkala telefonning «Шифрование медиа» maydonida «Отключено» (oʻchirilgan) qiymatini tanlang",
  },
  "no-ack": {
    title: "`{number}` raqamining telefoni qoʻngʻiroqni tasdiqlamayapti",
    remedy: "Shu telefon yonidagi routerda «SIP ALG» ni oʻchiring",
  },
  "ice-enabled": {
    title: "`{number}` raqamining telefoni ICE dan foydalanyapti",
    remedy:
      "Buning zarari yoʻq; telefonda «ICE» belgisini olib tashlash mumkin",
  },
  "rtp-blocked": {
    title: "Fayrvol qoʻngʻiroq ovozini oʻtkazmayapti",
    remedy:
      "UDP `{range}` portlarini bu serverning fayrvolida va provayderning boshqaruv panelidagi fayrvolda oching",
  },
  "one-way-audio": {
    title: "`{number}` raqamining telefonidan ovoz kelmayapti",
    remedy:
      "`{number}` raqamida mikrofon oʻchirilmaganini va taqiqlanmaganini tekshiring, shu telefon yonidagi routerni qayta yoqing",
  },
  "packet-loss": {
    title: "`{number}` ovozining `{percent}` foizi yoʻqolyapti",
    remedy:
      "Bu telefonni Wi-Fi oʻrniga kabel bilan ulang; u kabelda boʻlsa, internet provayderiga murojaat qiling",
  },
  "session-timeout": {
    title: "Qoʻngʻiroq `{minutes}` daqiqadan keyin uzilib qoldi",
    remedy:
      "Qoʻngʻiroqni yangilamagan telefonni yangilang yoki uning yonidagi routerda «SIP ALG» ni oʻchiring",
  },
};
