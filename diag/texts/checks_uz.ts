/**
 * What the checks of the self-test say, in Uzbek (Latin script; oʻ and gʻ with U+02BB).
 * @module
 */

import type { CheckTexts } from "./checks_en.ts";

export const CHECKS_UZ: CheckTexts = {
  titles: {
    config: "Sozlamalar",
    bind: "Manzillar",
    port: "SIP porti",
    loopback: "SIP javobi",
    register: "Roʻyxatdan oʻtish",
    dns: "Domen nomi",
    route: "Marshrutlar",
    firewall: "Fayrvol",
    media: "Ovoz portlari",
    clock: "Soat",
    disk: "Disk",
  },
  phrases: {
    "broken": "tekshiruvning oʻzi bajarilmadi: {cause}",
    "late": "{seconds} soniyada natija chiqmadi",
    "temporary": "server ishlamayapti, vaqtinchalik server sinab koʻrildi",
    "unasked":
      "ishlayotgan serverdan soʻrab boʻlmaydi ({cause}), vaqtinchalik server sinab koʻrildi",
    "fix-restart":
      "Serverni qayta ishga tushiring: `{command}`; sababi uning jurnalida",
    "config-fault": "{where}: {path}: {what}",
    "config-fix-fault": "{hint}",
    "config-file": "`{file}` xatosiz oʻqildi",
    "config-defaults": "sozlamalar fayli yoʻq, standart qiymatlar ishlatiladi",
    "config-data": "maʼlumotlar `{directory}` ichida",
    "config-files": "ochiq fayllar chegarasi: {soft}",
    "config-few-files":
      "bor-yoʻgʻi {soft} ta ochiq faylga ruxsat bor, {connections} ta TCP ulanish uchun {needed} ta kerak",
    "config-fix-unit":
      "Chegarani oshiring: `systemctl edit {unit}`, unga `[Service]` va `LimitNOFILE={needed}` deb yozing, soʻng `systemctl restart {unit}`",
    "config-fix-shell":
      "Serverni ishga tushirishdan oldin chegarani oshiring: `ulimit -n {needed}`",
    "bind-listens": "server {listen} manzilida tinglayapti, UDP va TCP",
    "bind-could":
      "server ishlamayapti, lekin {listen} manzilida tinglay oladi, UDP va TCP",
    "bind-loopback":
      "{listen} faqat shu mashinaning oʻzi uchun, tashqaridagi telefonlar u yerga kira olmaydi",
    "bind-fix-loopback":
      'Barcha manzillarda tinglang: sozlamalarda `sip = ["{address}"]` yoki `--sip {address}`; soʻng serverni qayta ishga tushiring',
    "bind-in-use": "{transport} `{address}` boshqa dastur bilan band",
    "bind-no-address":
      "{transport} `{address}` ochilmadi: bu mashinada bunday manzil yoʻq",
    "bind-no-right": "{transport} `{address}` ochilmadi: ruxsat yoʻq",
    "bind-no-family":
      "{transport} `{address}` ochilmadi: bu mashina bunday manzillar bilan ishlamaydi",
    "bind-failed": "{transport} `{address}` ochilmadi: {cause}",
    "bind-fix-in-use": "Qaysi dastur ekanini koʻring: `{command}`",
    "bind-fix-no-address":
      "Mashina manzillarini koʻring: `ip -brief address`; yoki hammasida tinglang: `--sip {address}`",
    "bind-fix-no-right":
      "1024 dan kichik portlar uchun root yoki CAP_NET_BIND_SERVICE kerak; SIP porti - 5060",
    "bind-fix-no-family": "Bu manzilni `sip` dan olib tashlang",
    "bind-fix-failed": "`sip` dagi manzilni toʻgʻrilang",
    "bind-small-buffer":
      "yadro qabul buferiga bor-yoʻgʻi {octets} bayt beradi, xabarlar birdan koʻpaysa, bir qismi yoʻqoladi",
    "bind-fix-buffer":
      "Oshiring: `sysctl -w net.core.rmem_max=8388608`; saqlanib qolishi uchun shu sozlamani /etc/sysctl.d/90-pbx.conf fayliga yozing; soʻng serverni qayta ishga tushiring",
    "port-ours": "{listen} shu serverniki (pid {pid})",
    "port-free": "{listen} boʻsh, UDP va TCP",
    "port-foreign": "{transport} `{address}` band, uni {holder} egallagan",
    "port-unseen":
      "{transport} `{address}` band, qaysi dastur ekanini faqat root koʻra oladi",
    "port-hidden": "{listen} kimda ekanini bu yerdan koʻrib boʻlmaydi",
    "port-fix-stop":
      "Uni toʻxtating: `{command}`; yoki boshqa port oling: `--sip {other}`",
    "port-fix-look": "Qaysi dastur ekanini koʻring: `{command}`",
    "loopback-answered": "{transport} `{address}` {ms} ms ichida javob berdi",
    "loopback-silent":
      "{transport} `{address}` {seconds} soniyada javob bermadi",
    "loopback-failed": "{transport} `{address}`: {cause}",
    "register-done":
      "sinov telefoni paroli bilan roʻyxatdan oʻtdi va {ms} ms ichida chiqib ketdi",
    "register-silent": "{step} soʻroviga {seconds} soniyada javob kelmadi",
    "register-refused": "{step} soʻroviga {status} {reason} javobi keldi",
    "register-no-challenge": "parol bizga notanish usulda soʻraldi",
    "register-no-contact": "javobda telefonning kontakti yoʻq",
    "register-kept": "kontakt oʻchirilganidan keyin ham qolgan",
    "register-not-started": "vaqtinchalik server ishga tushmadi: {cause}",
    "dns-none": "domen sozlanmagan, telefonlar manzildan foydalanadi",
    "dns-right": "`{name}` shu yerga olib keladi ({addresses})",
    "dns-no-address": "`{name}` nomining manzili yoʻq ({error})",
    "dns-silent": "`{name}` nomini topib boʻlmadi: {error}",
    "dns-wrong":
      "`{name}` {addresses} manziliga olib boradi, bizning manzil esa {own}",
    "dns-behind":
      "`{name}` {addresses} manziliga olib boradi; bu mashinada {own}, tashqi manzilini esa u bilmaydi",
    "dns-ipv6":
      "`{name}` nomining IPv6 manzili bor ({addresses}), lekin server unda tinglamayapti",
    "dns-service":
      "`{name}` nomining SRV yozuvida {transport} {port}-port koʻrsatilgan, lekin server unda tinglamayapti",
    "dns-fix-record":
      "Domen boshqariladigan joyda `{name}` nomining A yozuvini {own} ga toʻgʻrilang; ungacha telefonlarga manzilni yozing",
    "dns-fix-make":
      "Domen boshqariladigan joyda `{name}` nomi uchun {own} manzilli A yozuvini qoʻshing; ungacha telefonlarga manzilni yozing",
    "dns-fix-public":
      'Agar {addresses} bu mashina oldidagi router yoki bulut manzili boʻlsa: sozlamalarda `public_address = "{first}"`; aks holda A yozuvini toʻgʻrilang',
    "dns-fix-ipv6":
      "`{name}` nomining AAAA yozuvini oʻchiring yoki IPv6 da ham tinglang: `--sip [::]:{port}`",
    "dns-fix-service":
      "SRV yozuvidagi portni {port} ga toʻgʻrilang yoki yozuvni oʻchiring",
    "dns-fix-resolver":
      "Qaysi nomlar serveridan soʻralayotganini koʻring: `cat /etc/resolv.conf`; sinab koʻring: `getent hosts {name}`",
    "route-internet": "internetga yoʻl {host} manzilidan chiqadi",
    "route-none": "internetga yoʻl yoʻq",
    "route-unknown": "bu yerda marshrutlarni oʻqib boʻlmaydi",
    "route-phones": "{count} ta telefonning hammasiga yoʻl bor",
    "route-lost": "{host} manzilidagi {number} telefoniga yoʻl yoʻq ({cause})",
    "route-other":
      "{number} telefoniga javoblar {source} manzilidan ketadi, u esa {local} manziliga yozmoqda",
    "route-fix-default":
      "`ip route` da `default` yoʻq: provayder aytgan shlyuzni qoʻshing, `ip route add default via ADDRESS`",
    "route-fix-lost":
      "Marshrutlarni koʻring: `ip route get {host}`; VPN yoki tarmoq kartasi ishlayaptimi?",
    "route-fix-other": "Telefonda server sifatida {source} ni koʻrsating",
    "firewall-open": "qoidalar bularga toʻsqinlik qilmaydi: {flows}",
    "firewall-blocked": "{flow} ni `{rule}` qoidasi toʻsib qoʻygan",
    "firewall-unsure": "{flow} oʻtish-oʻtmasligini aniqlab boʻlmaydi: `{rule}`",
    "firewall-unreadable": "qoidalarni oʻqib boʻlmadi: {cause}",
    "firewall-fix": "Oching: `{command}`",
    "media-round":
      "{first} va {second} portlari {host} manzilida bir-birini {ms} ms ichida eshitdi",
    "media-taken":
      "{host} manzilida {range} oraligʻidan ikkita boʻsh juft port topilmadi",
    "media-deaf":
      "{host} manzilida {from}-portdan {to}-portga yuborilgani yetib bormadi",
    "media-fix-taken":
      'Boshqa oraliq tanlang: `--rtp 20000-29999` yoki sozlamalarda `rtp = "20000-29999"`',
    "media-fix-deaf":
      "Mashinaga oʻzi bilan aloqa qilishga ruxsat bering va oraliqni oching: `{command}`",
    "clock-right": "{timeMs}, vaqtni xizmat toʻgʻrilab turibdi",
    "clock-alone": "{timeMs}, lekin vaqtni hech qanday xizmat toʻgʻrilamayapti",
    "clock-unknown": "{timeMs}",
    "clock-wrong": "{dateMs} toʻgʻri boʻlishi mumkin emas",
    "clock-fix": "Vaqt xizmatini yoqing: `timedatectl set-ntp true`",
    "disk-free": "{freeOctets} boʻsh",
    "disk-write": "fayl {ms} ms ichida yozildi",
    "disk-sound": "maʼlumotlar bazasi sogʻlom",
    "disk-little": "bor-yoʻgʻi {freeOctets} boʻsh joy qolgan",
    "disk-no-files": "yana faqat {count} ta faylga joy bor",
    "disk-refuses": "`{directory}` fayl qabul qilmayapti: {cause}",
    "disk-damaged": "maʼlumotlar bazasi buzilgan: {cause}",
    "disk-unmade": "`{directory}` birinchi ishga tushirishda yaratiladi",
    "disk-forbidden": "`{directory}` uchun ruxsat yoʻq",
    "disk-fix-space":
      "Nima egallaganini koʻring: `df -h {directory}`, `du -xh / | sort -h | tail`; jurnalni qisqartirish mumkin: `journalctl --vacuum-size=100M`",
    "disk-fix-refuses": "Koʻring: `df -h {directory}`; `ls -ld {directory}`",
    "disk-fix-damaged":
      "Serverni toʻxtating, `{file}` nusxasini saqlab qoʻying va oʻrniga zaxira nusxasini qoʻying",
    "disk-fix-forbidden": "Root sifatida ishga tushiring: `{command}`",
    "summary-fine": "Hammasi joyida.",
    "summary-warned": "Ishlayapti; ogohlantirishlar: {count}.",
    "summary-failed": "Oʻtmagan tekshiruvlar: {all} tadan {count} tasi.",
    "progress": "tekshirilmoqda {done}/{all}: {names}",
  },
  decimal: ",",
  octets: ["kB", "MB", "GB", "TB"],
};
