/**
 * What the checks of the self-test say, in Russian.
 * @module
 */

import type { CheckTexts } from "./checks_en.ts";

export const CHECKS_RU: CheckTexts = {
  titles: {
    config: "Конфигурация",
    bind: "Адреса",
    port: "Порт SIP",
    loopback: "Ответ по SIP",
    register: "Регистрация",
    dns: "Доменное имя",
    route: "Маршруты",
    firewall: "Файрвол",
    media: "Порты для звука",
    clock: "Часы",
    disk: "Диск",
  },
  phrases: {
    "broken": "сама проверка не удалась: {cause}",
    "late": "нет результата за {seconds} с",
    "temporary": "сервер не запущен, проверен временный",
    "unasked":
      "работающий сервер нельзя опросить ({cause}), проверен временный",
    "fix-restart":
      "Запустите сервер заново: `{command}`; причина указана в его журнале",
    "config-fault": "{where}: {path}: {what}",
    "config-fix-fault": "{hint}",
    "config-file": "`{file}` прочитан без ошибок",
    "config-defaults":
      "файла конфигурации нет, действуют значения по умолчанию",
    "config-data": "данные в `{directory}`",
    "config-files": "разрешено открытых файлов: {soft}",
    "config-few-files":
      "разрешено открытых файлов всего {soft}, а для TCP-соединений ({connections}) нужно {needed}",
    "config-fix-unit":
      "Поднимите предел: `systemctl edit {unit}`, впишите `[Service]` и `LimitNOFILE={needed}`, затем `systemctl restart {unit}`",
    "config-fix-shell":
      "Поднимите предел перед запуском сервера: `ulimit -n {needed}`",
    "bind-listens": "сервер слушает {listen}, UDP и TCP",
    "bind-could": "сервер не запущен, но может слушать {listen}, UDP и TCP",
    "bind-loopback":
      "{listen} доступен только с этой машины, телефоны снаружи туда не попадут",
    "bind-fix-loopback":
      'Слушайте на всех адресах: `sip = ["{address}"]` в конфигурации или `--sip {address}`; затем перезапустите сервер',
    "bind-in-use": "{transport} `{address}` занят другой программой",
    "bind-no-address":
      "{transport} `{address}` недоступен: у этой машины нет такого адреса",
    "bind-no-right": "{transport} `{address}` недоступен: нет прав",
    "bind-no-family":
      "{transport} `{address}` недоступен: машина не работает с такими адресами",
    "bind-failed": "{transport} `{address}` недоступен: {cause}",
    "bind-fix-in-use": "Посмотрите, какая это программа: `{command}`",
    "bind-fix-no-address":
      "Посмотрите адреса машины: `ip -brief address`; или слушайте на всех: `--sip {address}`",
    "bind-fix-no-right":
      "Порты ниже 1024 требуют root или CAP_NET_BIND_SERVICE; порт SIP - 5060",
    "bind-fix-no-family": "Уберите этот адрес из `sip`",
    "bind-fix-failed": "Исправьте адрес в `sip`",
    "bind-small-buffer":
      "ядро разрешает буфер приёма всего {octets} байт, при наплыве сообщений часть потеряется",
    "bind-fix-buffer":
      "Увеличьте: `sysctl -w net.core.rmem_max=8388608`; чтобы сохранить, впишите эту настройку в /etc/sysctl.d/90-pbx.conf; затем перезапустите сервер",
    "port-ours": "{listen} слушает этот сервер (pid {pid})",
    "port-free": "{listen} свободен, UDP и TCP",
    "port-foreign": "{transport} `{address}` занят программой {holder}",
    "port-unseen":
      "{transport} `{address}` занят программой, которую видит только root",
    "port-hidden": "кем занят {listen}, отсюда не видно",
    "port-fix-stop":
      "Остановите её: `{command}`; или возьмите другой порт: `--sip {other}`",
    "port-fix-look": "Посмотрите, какая это программа: `{command}`",
    "loopback-answered": "{transport} `{address}` ответил за {ms} мс",
    "loopback-silent": "{transport} `{address}` не ответил за {seconds} с",
    "loopback-failed": "{transport} `{address}`: {cause}",
    "register-done":
      "пробный телефон зарегистрировался с паролем и снялся с регистрации за {ms} мс",
    "register-silent": "нет ответа на {step} за {seconds} с",
    "register-refused": "на {step} получен ответ {status} {reason}",
    "register-no-challenge": "пароль запрошен неизвестным нам способом",
    "register-no-contact": "в ответе нет контакта телефона",
    "register-kept": "контакт остался после удаления",
    "register-not-started": "временный сервер не запустился: {cause}",
    "dns-none": "домен не настроен, телефоны используют адрес",
    "dns-right": "`{name}` ведёт сюда ({addresses})",
    "dns-no-address": "у `{name}` нет адреса ({error})",
    "dns-silent": "`{name}` не удаётся найти: {error}",
    "dns-wrong": "`{name}` ведёт на {addresses}, а наш адрес {own}",
    "dns-behind":
      "`{name}` ведёт на {addresses}; у этой машины {own}, а свой внешний адрес она не знает",
    "dns-ipv6":
      "у `{name}` есть адрес IPv6 {addresses}, но сервер на нём не слушает",
    "dns-service":
      "запись SRV для `{name}` указывает {transport} порт {port}, но сервер на нём не слушает",
    "dns-fix-record":
      "Исправьте запись A для `{name}` на {own} там, где управляют доменом; пока вводите в телефоны адрес",
    "dns-fix-make":
      "Создайте запись A для `{name}` с адресом {own} там, где управляют доменом; пока вводите в телефоны адрес",
    "dns-fix-public":
      'Если {addresses} - адрес роутера или облака перед этой машиной: `public_address = "{first}"` в конфигурации; иначе исправьте запись A',
    "dns-fix-ipv6":
      "Удалите запись AAAA для `{name}` или слушайте и на IPv6: `--sip [::]:{port}`",
    "dns-fix-service": "Исправьте в записи SRV порт на {port} или удалите её",
    "dns-fix-resolver":
      "Посмотрите, какой сервер имён опрашивается: `cat /etc/resolv.conf`; проверьте: `getent hosts {name}`",
    "route-internet": "путь в интернет начинается с {host}",
    "route-none": "пути в интернет нет",
    "route-unknown": "маршруты здесь прочитать нельзя",
    "route-phones": "есть путь ко всем телефонам: {count}",
    "route-lost": "нет пути к телефону {number} по адресу {host} ({cause})",
    "route-other":
      "ответы телефону {number} пойдут с {source}, а он пишет на {local}",
    "route-fix-default":
      "В `ip route` нет `default`: добавьте шлюз, который назвал провайдер, `ip route add default via ADDRESS`",
    "route-fix-lost":
      "Посмотрите маршруты: `ip route get {host}`; работает ли VPN или сетевая карта?",
    "route-fix-other": "Укажите в телефоне сервер {source}",
    "firewall-open": "правила не мешают: {flows}",
    "firewall-blocked": "{flow} блокирует правило `{rule}`",
    "firewall-unsure": "проходит ли {flow}, определить нельзя: `{rule}`",
    "firewall-unreadable": "правила прочитать нельзя: {cause}",
    "firewall-fix": "Откройте: `{command}`",
    "media-round":
      "порты {first} и {second} услышали друг друга на {host} за {ms} мс",
    "media-taken": "на {host} нет двух свободных чётных портов из {range}",
    "media-deaf":
      "отправленное с порта {from} на порт {to} адреса {host} не дошло",
    "media-fix-taken":
      'Выберите другой диапазон: `--rtp 20000-29999` или `rtp = "20000-29999"` в конфигурации',
    "media-fix-deaf":
      "Разрешите машине обращаться к самой себе и откройте диапазон: `{command}`",
    "clock-right": "{timeMs}, время сверяет служба",
    "clock-alone": "{timeMs}, но никакая служба время не сверяет",
    "clock-unknown": "{timeMs}",
    "clock-wrong": "{dateMs} - такого быть не может",
    "clock-fix": "Включите службу времени: `timedatectl set-ntp true`",
    "disk-free": "свободно {freeOctets}",
    "disk-write": "файл записан за {ms} мс",
    "disk-sound": "база данных в порядке",
    "disk-little": "свободно всего {freeOctets}",
    "disk-no-files": "места осталось только для файлов: {count}",
    "disk-refuses": "`{directory}` не принимает файлы: {cause}",
    "disk-damaged": "база данных повреждена: {cause}",
    "disk-unmade": "`{directory}` появится при первом запуске",
    "disk-forbidden": "нет прав на `{directory}`",
    "disk-fix-space":
      "Посмотрите, чем он занят: `df -h {directory}`, `du -xh / | sort -h | tail`; журнал можно сократить: `journalctl --vacuum-size=100M`",
    "disk-fix-refuses": "Посмотрите: `df -h {directory}`; `ls -ld {directory}`",
    "disk-fix-damaged":
      "Остановите сервер, сохраните копию `{file}` и положите на её место резервную копию",
    "disk-fix-forbidden": "Запустите от root: `{command}`",
    "summary-fine": "Всё в порядке.",
    "summary-warned": "Работает; предупреждений: {count}.",
    "summary-failed": "Не пройдено проверок: {count} из {all}.",
    "progress": "проверка {done}/{all}: {names}",
  },
  decimal: ",",
  octets: ["кБ", "МБ", "ГБ", "ТБ"],
};
