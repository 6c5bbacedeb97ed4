/**
 * The sentences that evidence is told in, in Russian. Numbers stand after a colon, where no noun
 * has to agree with them.
 * @module
 */

import type { Texts } from "./text.ts";

export const RU_PHRASES: Texts["phrases"] = {
  // the server and its place
  "server-not-running": "С этим каталогом данных сервер не запущен",
  "unit-state": "Состояние `{unit}`: `{state}`",
  "last-error": "Последняя ошибка сервера: `{error}`",
  "config-fault": "`{where}`, `{path}`: {what}",
  "port-holder": "{transport} `{address}` занят программой `{holder}`",
  "listens-on": "Сервер слушает только `{listen}`",
  "own-addresses": "Адреса этого сервера: `{addresses}`",
  "name-unknown": "У имени `{name}` нет адреса: `{error}`",
  "name-leads-to": "Имя `{name}` ведёт на `{addresses}`",
  "name-here-only":
    "Ответ мог дать файл hosts этой машины: проверьте с другой машины, `nslookup {name}`",
  "public-unknown":
    "Внешний адрес этого сервера здесь неизвестен: сравните с тем, что показывает провайдер",

  // packets before the server
  "nothing-came": "За `{seconds}` с от телефона ничего не пришло",
  "ports-watched": "Порты, за которыми следили на сетевой карте: `{ports}`",
  "others-came":
    "Другие в это время доходили до сервера, последний с адреса `{source}`",
  "firewall-open": "Файрвол этого сервера пропускает SIP",
  "card-not-watched":
    "Следить за сетевой картой не удалось, для этого нужен root: чтобы знать наверняка, запустите `sudo pbx doctor`",
  "file-tells-little":
    "В файле есть только то, что записано: чтобы знать наверняка, запустите на сервере `pbx doctor`",
  "sip-at-wrong-port":
    "С адреса `{source}` на порт `{wrong}`, который никто не слушает, пришло пакетов SIP: `{count}`",
  "connections-at-wrong-port":
    "Попыток подключиться с адреса `{source}` к порту `{wrong}`, который никто не слушает: `{count}`",
  "closed-port-counter":
    "За это время ядро отклонило датаграмм на закрытые порты: `{count}`",
  "packets-unheard":
    "На {transport}-порт `{port}` сетевой карты с адреса `{source}` пришло пакетов: `{count}`, и ни один не дошёл до сервера",
  "connections-unheard":
    "Попыток подключиться с адреса `{source}` к TCP-порту `{port}`: `{count}`, и ни одна не дошла до сервера",
  "dropping-rule": "Их блокирует правило `{rule}`",
  "rule-counter": "С начала наблюдения оно остановило пакетов: `{count}`",
  "firewall-unreadable": "Правила файрвола прочитать не удалось: `{reason}`",
  "firewall-unclear":
    "Какое именно правило, точно сказать нельзя: посмотрите `nft list ruleset`",
  "send-refused":
    "Ответов, которые не удалось отправить на `{source}`: `{count}` (`{error}`)",
  "answers-not-on-card":
    "Сервер ответил `{source}`, но ни один ответ не вышел через сетевую карту",
  "nothing-answered":
    "С адреса `{source}` пришло запросов: `{count}`, и ни на один нет ответа",
  "socket-drops":
    "Сервер не успел принять, и ядро отбросило датаграмм: `{count}`",
  "buffer-limit": "Предел буфера приёма: `{octets}` байт",
  "fragments-from":
    "Длинных пакетов с адреса `{source}`, которые дошли не полностью: `{count}`",
  "fragments-counter":
    "Длинных пакетов, которые дошли не полностью и отброшены ядром: `{count}`; от кого они, покажет `sudo pbx doctor`",

  // the server's own door
  "ban-since": "Адрес `{source}` заблокирован: `{why}`",
  "ban-until": "Блокировка закончится: `{until}`",
  "ban-for-good": "Блокировка останется, пока её не снимут",
  "ban-numbers": "Номера, которые оттуда пробовали: `{numbers}`",
  "tls-offered": "С адреса `{source}` на порт `{port}` обратились по TLS",
  "tls-port-tried":
    "Попыток подключиться с адреса `{source}` к порту `{port}`, то есть к SIP по TLS: `{count}`",
  "tried-once":
    "Одна попытка может быть и чужой: для уверенности зарегистрируйте телефон ещё раз",
  "connection-refused":
    "Отклонённых попыток подключиться с адреса `{source}` к TCP-порту `{port}`: `{count}`",
  "registered-over-tcp":
    "Телефон зарегистрировался по TCP с адреса `{source}`, и это работает",
  "stun-seen":
    "На порт SIP с адреса `{source}` пришло запросов STUN: `{count}`",

  // what the phone asked for
  "request-came":
    "Телефон запросил регистрацию `{number}` с адреса `{source}` по {transport}",
  "malformed-at":
    "Сообщение с адреса `{source}` нарушает правила в байте `{position}`: `{what}` ({rfc})",
  "refused-with": "Сервер отклонил `{method}` с кодом `{status}`: `{why}`",
  "refusal-detail": "Что решило дело: `{detail}`",
  "domain-asked": "Телефон обратился к домену `{domain}`",
  "domains-served": "Этот сервер обслуживает `{domains}`",
  "number-unknown": "Номера `{number}` на этом сервере нет",
  "numbers-near": "Похожие номера, которые есть: `{numbers}`",
  "number-added":
    "Номер `{number}` уже добавлен: зарегистрируйте телефон ещё раз",
  "password-wrong": "Телефон ответил на запрос сервера неверным паролем",
  "passwords-wrong":
    "Неверных ответов телефона, в том числе на запросы до перезапуска: `{count}`",
  "login-was": "Телефон вошёл с логином `{login}`, а его номер `{number}`",
  "sender-was":
    "Телефон регистрирует `{number}`, но отправителем указывает другое: `{detail}`",
  "realm-differs":
    "Ответов телефона на запрос пароля от другого сервера (realm): `{count}`",
  "clock-jumped": "Часы сервера скакнули на `{seconds}` с",
  "nonce-stale":
    "Верных ответов телефона на запросы, срок которых не подходит: `{count}`",
  "limit-reached":
    "У номера `{number}` уже столько телефонов, сколько разрешено",
  "interval-refused":
    "Подряд запросов на слишком короткую регистрацию: `{count}` (`{detail}`)",
  "presence-published":
    "Попыток телефона опубликовать присутствие пользователя: `{count}`",

  // the way back
  "request-repeated":
    "Повторов запроса, на который сервер уже ответил: `{count}`",
  "never-credentials":
    "Пароль телефон так и не прислал, значит, запроса сервера он не слышит",
  "answers-left": "Через сетевую карту на `{source}` вышло ответов: `{count}`",
  "answered-from": "Телефон писал на `{asked}`, а ответы ушли с `{answered}`",
  "phone-claims":
    "В первом запросе телефона указан адрес `{via}` в Via и `{contact}` в Contact",
  "request-source": "Запрос пришёл с адреса `{source}`",
  "store-cause": "Регистрации не удаётся сохранить: `{cause}`",
  "registered-from": "Зарегистрирован с адреса `{source}` на `{seconds}` с",
  "phone-answered": "Телефон ответил серверу через `{milliseconds}` мс",
  "phone-not-asked":
    "Проверять телефон не нужно: роутера на пути нет или соединение открыто",
  "phone-not-asked-yet": "Сервер ещё не проверял, на месте ли телефон",
  "phone-silent":
    "Запросов сервера к `{source}`, оставшихся без ответа: `{count}`",
  "phone-port-closed":
    "Сеть сообщает, что по адресу `{source}` больше никто не слушает",
  "phone-moved":
    "Раньше телефон уже возвращался с другого порта: сначала `{from}`, потом `{to}`",

  // around it
  "scanners-turned-away": "Отклонено запросов: `{tries}`, адресов: `{hosts}`",
  "scanners-named": "Они называют себя `{names}`",
  "password-awaited": "Сервер запросил пароль, телефон ещё не ответил",
  "answer-missing": "Сервер не ответил на запрос телефона",
  "phone-signed-off": "Телефон сам снялся с регистрации",
  "registration-expired": "Срок регистрации истёк, телефон её не продлил",
  "registration-ended": "Регистрацию прекратил сервер: `{why}`",
  "no-sip-came":
    "С адреса `{source}` пришло датаграмм: `{count}`, но это не SIP",
  "only-life-signs":
    "С адреса `{source}` приходят только пакеты поддержки соединения, регистрации нет",
  "connected-only":
    "С адреса `{source}` подключились по TCP и ничего не прислали",
  "watch-again":
    "Чтобы увидеть больше, запустите `sudo pbx doctor` и зарегистрируйте телефон ещё раз",

  // calls
  "call-began": "`{number}` позвонил на `{callee}`",
  "callee-has-no-phone": "Для `{callee}` не зарегистрирован ни один телефон",
  "callee-stopped-at":
    "Последнее, что видно о `{callee}`: остановился на этапе `{stage}`",
  "callee-never-seen": "Телефон номера `{callee}` никак себя не проявил",
  "invite-challenged":
    "Сервер запросил пароль для звонка, телефон его так и не прислал",
  "invite-octets":
    "Размер запроса `{octets}` байт; если больше 1300, телефоны переходят с UDP на TCP",
  "callee-asked":
    "Телефонов `{callee}`, на которые отправлен звонок: `{count}`",
  "callee-said-nothing": "С адреса `{source}` не пришло вообще никакого ответа",
  "call-refused": "Звонок закончился с кодом `{status}`",
  "codecs-offered": "`{number}` предлагает `{codecs}`",
  "codecs-wanted": "`{number}` хочет `{codecs}`",
  "encryption-on": "`{number}` шифрует звук (SRTP)",
  "encryption-off": "`{number}` не шифрует звук",
  "answer-repeated":
    "Звонящий не подтвердил ответ на звонок, повторов ответа: `{count}`",
  "call-ended-unconfirmed":
    "Звонок закончился, потому что его никто не подтвердил",
  "ice-offered": "`{number}` предлагает кандидатов ICE",
  "sound-none": "После ответа на звонок от `{number}` не пришло звука",
  "sound-came": "Пакетов со звуком от `{number}`: `{count}`",
  "sound-on-card":
    "На сетевую карту с адреса `{source}` пришло пакетов со звуком: `{count}`",
  "sound-not-on-card":
    "На сетевую карту с адреса `{source}` не пришло ни одного пакета со звуком",
  "sound-lost": "Потеряно `{percent}` % звука от `{number}`",
  "call-timed-out":
    "Звонок закончился через `{seconds}` с, потому что телефон его не продлил",
};
