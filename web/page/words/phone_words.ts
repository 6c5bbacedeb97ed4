/**
 * The words around what is typed into a phone. The labels of the phones' own windows are not here:
 * see `web/phone/phone_labels.ts`. Menus of desk phones are in English, as on those phones.
 * @module
 */

import type { Language } from "../../../diag/verdict.ts";
import type { PhoneKind } from "../../phone/phone_labels.ts";

export interface PhoneWords {
  readonly title: string;
  readonly kinds: Readonly<Record<PhoneKind, string>>;
  /** Where the fields are. */
  readonly where: Readonly<Record<PhoneKind, string>>;
  /** The value of a field for encryption. */
  readonly off: string;
  readonly unknownPassword: string;
  readonly noPassword: string;
  readonly makePassword: string;
  /** With `{file}`. */
  readonly download: string;
  readonly microsipFile: string;
  readonly linphoneCode: string;
  readonly linphoneLink: string;
  readonly codeAlt: string;
  readonly yealinkLink: string;
  readonly yealinkFile: string;
  /** With `{scheme}`. */
  readonly grandstreamLink: string;
  readonly grandstreamFile: string;
  readonly microsipLink: string;
  readonly baresipLine: string;
  /** Before a time of day, like the next one. */
  readonly once: string;
  readonly until: string;
  readonly plain: string;
  readonly notOutside: string;
  /** With `{file}` and `{port}`. */
  readonly outsideHow: string;
  readonly outsideOnce: string;
  readonly outsideTls: string;
  /** With `{name}`, and `{addresses}` where it leads elsewhere. */
  readonly nameNowhere: string;
  readonly nameElsewhere: string;
  /** With `{name}` and `{server}`. */
  readonly nameMeanwhile: string;
  /** With `{peer}`; the time follows. */
  readonly linkUsed: string;
  readonly linkUsedText: string;
  readonly linkEnded: string;
  readonly newLink: string;
}

export const PHONE_WORDS: Readonly<Record<Language, PhoneWords>> = {
  en: {
    title: "What to type into the phone",
    kinds: {
      microsip: "MicroSIP (Windows)",
      linphone: "Linphone (smartphone, computer)",
      yealink: "Yealink (desk phone)",
      grandstream: "Grandstream (desk phone)",
      baresip: "baresip (Linux)",
      other: "Another phone",
    },
    where: {
      microsip:
        "In MicroSIP open the menu (the arrow in the upper right corner), choose Add Account, fill in these fields and press Save. Leave every other field as it is.",
      linphone:
        "In Linphone choose to use a SIP account of another provider (Third-party SIP account) and fill in these fields.",
      yealink:
        "Open the phone's own page in a browser: Account → Register, and fill in these fields.",
      grandstream:
        "Open the phone's own page in a browser: Accounts → Account 1 → General Settings, and fill in these fields.",
      baresip:
        "Add this line to the file ~/.baresip/accounts and start baresip again.",
      other:
        "Any phone for SIP asks for these values, under names like these. STUN, ICE and encryption stay off.",
    },
    off: "Disabled",
    unknownPassword: "shown when it was made",
    noPassword:
      "The password was shown when it was made; the server keeps only a hash of it. A new one can be shown again, and brought into the phone by a file or a QR code.",
    makePassword: "Make a new password",
    download: "Download {file}",
    microsipFile:
      "Or let a file do it: end MicroSIP (also beside the clock), put the file into this folder, and start MicroSIP again. The file replaces the accounts and settings that MicroSIP had.",
    linphoneCode:
      "Or let the phone read it: on the first screen of Linphone choose to scan a QR code, and hold the camera here.",
    linphoneLink:
      "On a computer give Linphone this address as remote configuration:",
    codeAlt: "QR code with the one-time link for Linphone",
    yealinkLink:
      "Or let the phone fetch it: Settings → Auto Provision, write this into Server URL and press Auto Provision Now:",
    yealinkFile: "Or import the file: Settings → Configuration → Import CFG.",
    grandstreamLink:
      "Or let the phone fetch it: Maintenance → Upgrade and Provisioning, choose Config Upgrade Via {scheme}, write this into Config Server Path and restart the phone:",
    grandstreamFile:
      "Or upload the file: Maintenance → Upgrade and Provisioning → Upload Device Configuration.",
    microsipLink:
      "For somebody at another computer: this link gives the file to one address.",
    baresipLine: "If the line has no password, baresip asks for it.",
    once:
      "Each link works for one address, for a minute after the first use. A link that nobody has used ends at",
    until: "The password stays on this page until",
    plain:
      "The page is open without encryption: whoever is on the way can read the password in what a phone fetches. In a network that you do not trust, type it in instead.",
    notOutside:
      "The page can be reached from this server only, so a phone elsewhere cannot fetch its settings by QR code or link. Downloads and typing work.",
    outsideHow:
      "To let phones fetch, write this line into the configuration (`{file}`), restart the server without the option `--http`, and open TCP port {port} in the firewall:",
    outsideOnce: "Or only for now: stop the server, and start it so:",
    outsideTls:
      "Then the page is open to everybody who reaches that port; without a certificate (`[tls]` in the configuration) passwords go over the network unencrypted.",
    nameNowhere: "The name `{name}` leads nowhere: it has no DNS record.",
    nameElsewhere:
      "The name `{name}` leads to another server: its DNS record has `{addresses}`.",
    nameMeanwhile:
      "So `{server}` stands here, and in the files and codes too: phones find the server under it meanwhile. When the DNS record of `{name}` is right, the name comes back here.",
    linkUsed: "This link was used by {peer} at",
    linkUsedText:
      "A minute after the first use it ends. Another phone needs a new one.",
    linkEnded: "This link has ended.",
    newLink: "Make a new link",
  },
  ru: {
    title: "Что ввести в телефон",
    kinds: {
      microsip: "MicroSIP (Windows)",
      linphone: "Linphone (смартфон, компьютер)",
      yealink: "Yealink (настольный телефон)",
      grandstream: "Grandstream (настольный телефон)",
      baresip: "baresip (Linux)",
      other: "Другой телефон",
    },
    where: {
      microsip:
        "В MicroSIP откройте меню (стрелка вверху справа), выберите добавление учётной записи (Add Account), заполните эти поля и сохраните. Остальные поля оставьте как есть.",
      linphone:
        "В Linphone выберите учётную запись SIP другого провайдера (Third-party SIP account) и заполните эти поля.",
      yealink:
        "Откройте в браузере страницу самого телефона: Account → Register, и заполните эти поля.",
      grandstream:
        "Откройте в браузере страницу самого телефона: Accounts → Account 1 → General Settings, и заполните эти поля.",
      baresip:
        "Добавьте эту строку в файл ~/.baresip/accounts и запустите baresip заново.",
      other:
        "Любой телефон для SIP спросит эти значения, поля называются примерно так. STUN, ICE и шифрование не включайте.",
    },
    off: "Отключено",
    unknownPassword: "его показали при создании",
    noPassword:
      "Пароль показали при создании; сервер хранит только его хеш. Новый пароль можно увидеть снова и передать в телефон файлом или QR-кодом.",
    makePassword: "Создать новый пароль",
    download: "Скачать {file}",
    microsipFile:
      "Или файлом: закройте MicroSIP (в том числе возле часов), положите файл в эту папку и запустите MicroSIP снова. Файл заменит учётные записи и настройки, которые были в MicroSIP.",
    linphoneCode:
      "Или QR-кодом: на первом экране Linphone выберите сканирование QR-кода и наведите камеру сюда.",
    linphoneLink:
      "На компьютере укажите в Linphone этот адрес как удалённую конфигурацию (Remote configuration):",
    codeAlt: "QR-код с одноразовой ссылкой для Linphone",
    yealinkLink:
      "Или телефон заберёт настройки сам: Settings → Auto Provision, впишите это в Server URL и нажмите Auto Provision Now:",
    yealinkFile:
      "Или загрузите файл в телефон: Settings → Configuration → Import CFG.",
    grandstreamLink:
      "Или телефон заберёт настройки сам: Maintenance → Upgrade and Provisioning, выберите Config Upgrade Via {scheme}, впишите это в Config Server Path и перезапустите телефон:",
    grandstreamFile:
      "Или загрузите файл в телефон: Maintenance → Upgrade and Provisioning → Upload Device Configuration.",
    microsipLink:
      "Для человека за другим компьютером: по этой ссылке файл можно скачать с одного адреса.",
    baresipLine: "Если в строке нет пароля, baresip спросит его сам.",
    once:
      "Каждая ссылка работает для одного адреса, в течение минуты после первого использования. Неиспользованная ссылка действует до",
    until: "Пароль виден на этой странице до",
    plain:
      "Страница открыта без шифрования: тот, кто находится на пути, может прочитать пароль в том, что забирает телефон. В сети, которой вы не доверяете, лучше ввести его вручную.",
    notOutside:
      "Страница доступна только с самого сервера, поэтому телефон в другом месте не сможет забрать настройки по QR-коду или ссылке. Скачать файл и ввести всё вручную можно.",
    outsideHow:
      "Чтобы телефоны могли забирать настройки, впишите эту строку в конфигурацию (`{file}`), перезапустите сервер без параметра `--http` и откройте в файрволе TCP-порт {port}:",
    outsideOnce:
      "Или только на этот раз: остановите сервер и запустите его так:",
    outsideTls:
      "Тогда страница открыта каждому, кто достаёт до этого порта; без сертификата (`[tls]` в конфигурации) пароли идут по сети без шифрования.",
    nameNowhere: "Имя `{name}` никуда не ведёт: у него нет записи DNS.",
    nameElsewhere:
      "Имя `{name}` ведёт на другой сервер: в его записи DNS стоит `{addresses}`.",
    nameMeanwhile:
      "Поэтому здесь, в файлах и QR-коде стоит `{server}`: пока телефоны найдут сервер так. Когда запись DNS для `{name}` станет верной, имя вернётся сюда.",
    linkUsed: "Эту ссылку уже использовали: {peer},",
    linkUsedText:
      "Через минуту после первого использования она перестаёт работать. Другому телефону нужна новая.",
    linkEnded: "Эта ссылка больше не действует.",
    newLink: "Создать новую ссылку",
  },
  uz: {
    title: "Telefonga nima kiritish kerak",
    kinds: {
      microsip: "MicroSIP (Windows)",
      linphone: "Linphone (smartfon, kompyuter)",
      yealink: "Yealink (stol telefoni)",
      grandstream: "Grandstream (stol telefoni)",
      baresip: "baresip (Linux)",
      other: "Boshqa telefon",
    },
    where: {
      microsip:
        "MicroSIP da menyuni oching (yuqori oʻng burchakdagi strelka), akkaunt qoʻshishni (Add Account) tanlang, shu maydonlarni toʻldiring va saqlang. Qolgan maydonlarga tegmang.",
      linphone:
        "Linphone da boshqa provayderning SIP akkauntini (Third-party SIP account) tanlang va shu maydonlarni toʻldiring.",
      yealink:
        "Telefonning oʻz sahifasini brauzerda oching: Account → Register, va shu maydonlarni toʻldiring.",
      grandstream:
        "Telefonning oʻz sahifasini brauzerda oching: Accounts → Account 1 → General Settings, va shu maydonlarni toʻldiring.",
      baresip:
        "Bu qatorni ~/.baresip/accounts fayliga qoʻshing va baresip ni qayta ishga tushiring.",
      other:
        "Har qanday SIP telefoni shu qiymatlarni soʻraydi, maydonlar taxminan shunday ataladi. STUN, ICE va shifrlashni yoqmang.",
    },
    off: "Отключено",
    unknownPassword: "yaratilganda koʻrsatilgan",
    noPassword:
      "Parol yaratilganda koʻrsatilgan; server faqat uning xeshini saqlaydi. Yangi parolni yana koʻrish va telefonga fayl yoki QR-kod bilan oʻtkazish mumkin.",
    makePassword: "Yangi parol yaratish",
    download: "{file} faylini yuklab olish",
    microsipFile:
      "Yoki fayl bilan: MicroSIP ni yoping (soat yonidagisini ham), faylni shu papkaga qoʻying va MicroSIP ni qayta ishga tushiring. Fayl MicroSIP dagi oldingi akkauntlar va sozlamalar oʻrnini egallaydi.",
    linphoneCode:
      "Yoki QR-kod bilan: Linphone ning birinchi ekranida QR-kodni skanerlashni tanlang va kamerani shu yerga tuting.",
    linphoneLink:
      "Kompyuterda Linphone ga bu manzilni masofaviy sozlama (Remote configuration) sifatida bering:",
    codeAlt: "Linphone uchun bir martalik havola yozilgan QR-kod",
    yealinkLink:
      "Yoki telefon sozlamalarni oʻzi oladi: Settings → Auto Provision, buni Server URL ga yozing va Auto Provision Now ni bosing:",
    yealinkFile:
      "Yoki faylni telefonga yuklang: Settings → Configuration → Import CFG.",
    grandstreamLink:
      "Yoki telefon sozlamalarni oʻzi oladi: Maintenance → Upgrade and Provisioning, Config Upgrade Via {scheme} ni tanlang, buni Config Server Path ga yozing va telefonni qayta yoqing:",
    grandstreamFile:
      "Yoki faylni telefonga yuklang: Maintenance → Upgrade and Provisioning → Upload Device Configuration.",
    microsipLink:
      "Boshqa kompyuterdagi odam uchun: bu havola faylni bitta manzilga beradi.",
    baresipLine: "Qatorda parol boʻlmasa, baresip uni oʻzi soʻraydi.",
    once:
      "Har bir havola bitta manzil uchun, birinchi foydalanishdan keyin bir daqiqa ishlaydi. Foydalanilmagan havolaning muddati:",
    until: "Parol bu sahifada shu vaqtgacha turadi:",
    plain:
      "Sahifa shifrlanmagan holda ochilgan: yoʻldagi odam telefon oladigan narsadagi parolni oʻqiy oladi. Ishonchsiz tarmoqda uni qoʻlda kiriting.",
    notOutside:
      "Sahifa faqat serverning oʻzidan ochiladi, shuning uchun boshqa joydagi telefon sozlamalarni QR-kod yoki havola orqali ola olmaydi. Faylni yuklab olish va qoʻlda kiritish mumkin.",
    outsideHow:
      "Telefonlar sozlamalarni ola olishi uchun bu qatorni sozlamalar fayliga (`{file}`) yozing, serverni `--http` parametrisiz qayta ishga tushiring va fayrvolda TCP {port}-portni oching:",
    outsideOnce:
      "Yoki faqat hozircha: serverni toʻxtating va shunday ishga tushiring:",
    outsideTls:
      "Shunda sahifa shu portga yeta oladigan har kimga ochiq boʻladi; sertifikatsiz (sozlamalardagi `[tls]`) parollar tarmoqda shifrlanmasdan uzatiladi.",
    nameNowhere:
      "`{name}` nomi hech qayerga olib bormaydi: uning DNS yozuvi yoʻq.",
    nameElsewhere:
      "`{name}` nomi boshqa serverga olib boradi: uning DNS yozuvida `{addresses}` turibdi.",
    nameMeanwhile:
      "Shuning uchun bu yerda, fayllarda va QR-kodda `{server}` turibdi: hozircha telefonlar serverni shunday topadi. `{name}` nomining DNS yozuvi toʻgʻrilangach, nom bu yerga qaytadi.",
    linkUsed: "Bu havoladan foydalanilgan: {peer},",
    linkUsedText:
      "Birinchi foydalanishdan bir daqiqa oʻtgach u ishlamaydi. Boshqa telefonga yangisi kerak.",
    linkEnded: "Bu havolaning muddati tugadi.",
    newLink: "Yangi havola yaratish",
  },
};
