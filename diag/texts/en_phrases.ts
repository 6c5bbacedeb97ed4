/**
 * The sentences that evidence is told in, in English: the list that every other language follows.
 * @module
 */

/** The sentences that evidence is told in; what stands in braces is filled in. */
export const PHRASES = {
  // the server and its place
  "server-not-running": "No server runs on this data directory",
  "unit-state": "`{unit}` is `{state}`",
  "last-error": "The last thing it complained of: `{error}`",
  "config-fault": "`{where}`, `{path}`: {what}",
  "port-holder": "{transport} `{address}` is held by `{holder}`",
  "listens-on": "The server listens on `{listen}` only",
  "own-addresses": "The addresses of this server: `{addresses}`",
  "name-unknown": "`{name}` has no address: `{error}`",
  "name-leads-to": "`{name}` leads to `{addresses}`",
  "name-here-only":
    "The hosts file of this machine may have answered: ask from another machine, `nslookup {name}`",
  "public-unknown":
    "The public address of this server is not known here: compare with what the provider shows",

  // packets before the server
  "nothing-came": "Nothing came from the phone in `{seconds}` seconds",
  "ports-watched": "The network card was watched on ports `{ports}`",
  "others-came": "Others got through meanwhile, the last one from `{source}`",
  "firewall-open": "The firewall of this server lets SIP in",
  "card-not-watched":
    "The network card could not be watched, which needs root: run `sudo pbx doctor` to be sure",
  "file-tells-little":
    "A file shows only what was recorded: run `pbx doctor` on the server to be sure",
  "sip-at-wrong-port":
    "`{count}` SIP packets came from `{source}` to port `{wrong}`, where nothing listens",
  "connections-at-wrong-port":
    "`{count}` times `{source}` tried to connect to port `{wrong}`, where nothing listens",
  "closed-port-counter":
    "The kernel turned away `{count}` datagrams to closed ports meanwhile",
  "packets-unheard":
    "`{count}` packets came from `{source}` to {transport} port `{port}` of the network card, and none reached the server",
  "connections-unheard":
    "`{count}` times `{source}` tried to connect to TCP port `{port}`, and nothing reached the server",
  "dropping-rule": "The rule that stops them: `{rule}`",
  "rule-counter": "It has stopped `{count}` packets since the watch began",
  "firewall-unreadable":
    "The rules of the firewall could not be read: `{reason}`",
  "firewall-unclear":
    "Which rule it is cannot be told for sure: look at `nft list ruleset`",
  "send-refused":
    "`{count}` answers to `{source}` could not be sent: `{error}`",
  "answers-not-on-card":
    "The server answered `{source}`, but no answer left the network card",
  "nothing-answered":
    "`{count}` requests came from `{source}`, and nothing was answered",
  "socket-drops":
    "The kernel dropped `{count}` datagrams because the server did not take them in time",
  "buffer-limit": "The limit of the receive buffer is `{octets}` octets",
  "fragments-from":
    "Of `{count}` long packets from `{source}` some pieces did not come",
  "fragments-counter":
    "The kernel gave up `{count}` long packets of which some pieces did not come; `sudo pbx doctor` would tell from whom",

  // the server's own door
  "ban-since": "`{source}` is kept out: `{why}`",
  "ban-until": "The ban ends at `{until}`",
  "ban-for-good": "The ban stays until somebody lifts it",
  "ban-numbers": "Numbers that were tried from there: `{numbers}`",
  "tls-offered": "`{source}` began to speak TLS on port `{port}`",
  "tls-port-tried":
    "`{count}` times `{source}` tried to connect to port `{port}`, the port of SIP over TLS",
  "tried-once":
    "A single try can be a stranger's: press Register once more to be sure",
  "connection-refused":
    "`{count}` times `{source}` tried to connect to TCP port `{port}` and was refused",
  "registered-over-tcp":
    "The phone registered over TCP from `{source}`, and that works",
  "stun-seen": "`{count}` STUN questions came from `{source}` to the SIP port",

  // what the phone asked for
  "request-came":
    "The phone asked to register `{number}` from `{source}` over {transport}",
  "malformed-at":
    "A message from `{source}` breaks the rules at octet `{position}`: `{what}` ({rfc})",
  "refused-with": "The server refused `{method}` with `{status}`: `{why}`",
  "refusal-detail": "The value that decided: `{detail}`",
  "domain-asked": "The phone asked for the domain `{domain}`",
  "domains-served": "This server serves `{domains}`",
  "number-unknown": "There is no extension `{number}` on this server",
  "numbers-near": "Similar numbers that exist: `{numbers}`",
  "number-added": "`{number}` exists by now: press Register once more",
  "password-wrong":
    "The phone answered the server's question with a wrong password",
  "passwords-wrong":
    "`{count}` answers of the phone were wrong, also to questions from before a restart",
  "login-was": "The phone logged in as `{login}`, but its number is `{number}`",
  "sender-was":
    "The phone registers `{number}`, but calls its sender something else: `{detail}`",
  "realm-differs":
    "`{count}` answers of the phone were made for another server's question (realm)",
  "clock-jumped": "The clock of the server jumped by `{seconds}` seconds",
  "nonce-stale":
    "`{count}` right answers of the phone came to questions out of their time",
  "limit-reached": "Extension `{number}` has as many phones as it may have",
  "interval-refused":
    "`{count}` times in a row the phone asked for a registration that is too short: `{detail}`",
  "presence-published":
    "`{count}` times the phone wanted to publish whether its user is there",

  // the way back
  "request-repeated":
    "`{count}` times the phone repeated a request that was answered",
  "never-credentials":
    "It never sent its password, so it does not hear the server's question",
  "answers-left": "`{count}` answers to `{source}` left the network card",
  "answered-from":
    "The phone wrote to `{asked}`, but the answers left from `{answered}`",
  "phone-claims":
    "In its first request the phone has the address `{via}` in Via and `{contact}` in Contact",
  "request-source": "The request came from `{source}`",
  "store-cause": "Registrations cannot be stored: `{cause}`",
  "registered-from": "Registered from `{source}` for `{seconds}` seconds",
  "phone-answered": "The phone answered the server after `{milliseconds}` ms",
  "phone-not-asked":
    "The server needs to ask nothing: no router stands between, or a connection is open",
  "phone-not-asked-yet": "The server has not asked yet whether it is there",
  "phone-silent":
    "`{count}` questions of the server to `{source}` went unanswered",
  "phone-port-closed":
    "The network says that nobody listens at `{source}` any more",
  "phone-moved":
    "The phone came back from another port before: first `{from}`, then `{to}`",

  // around it
  "scanners-turned-away":
    "`{tries}` requests from `{hosts}` addresses were turned away",
  "scanners-named": "They call themselves `{names}`",
  "password-awaited":
    "The server asked for the password, and the phone has not answered",
  "answer-missing": "The server has not answered the phone's request",
  "phone-signed-off": "The phone signed off by itself",
  "registration-expired": "The registration ran out and was not renewed",
  "registration-ended": "The server ended the registration: `{why}`",
  "no-sip-came": "`{count}` datagrams came from `{source}`, but no SIP",
  "only-life-signs":
    "Only signs of life came from `{source}`, and no registration",
  "connected-only": "`{source}` connected over TCP and said nothing",
  "watch-again":
    "To see more, run `sudo pbx doctor` and press Register in the phone",

  // calls
  "call-began": "`{number}` called `{callee}`",
  "callee-has-no-phone": "No phone is registered for `{callee}`",
  "callee-stopped-at":
    "The last thing seen of `{callee}`: it stopped at `{stage}`",
  "callee-never-seen": "Nothing was seen of a phone of `{callee}`",
  "invite-challenged":
    "The server asked for the password of the call, and the phone never sent it",
  "invite-octets":
    "The request has `{octets}` octets; above 1300 phones change from UDP to TCP",
  "callee-asked": "The call was sent to `{count}` phones of `{callee}`",
  "callee-said-nothing": "No answer at all came from `{source}`",
  "call-refused": "The call ended with `{status}`",
  "codecs-offered": "`{number}` offers `{codecs}`",
  "codecs-wanted": "`{number}` wants `{codecs}`",
  "encryption-on": "`{number}` sends its sound encrypted (SRTP)",
  "encryption-off": "`{number}` sends its sound unencrypted",
  "answer-repeated":
    "The answer of the call was sent `{count}` times more, because the caller did not confirm it",
  "call-ended-unconfirmed": "The call ended because nobody confirmed it",
  "ice-offered": "`{number}` offers candidates for ICE",
  "sound-none": "No sound came from `{number}` since the call was answered",
  "sound-came": "`{count}` sound packets came from `{number}`",
  "sound-on-card":
    "`{count}` sound packets from `{source}` came to the network card",
  "sound-not-on-card":
    "No sound packet from `{source}` came to the network card",
  "sound-lost": "Of the sound of `{number}`, `{percent}` percent was lost",
  "call-timed-out":
    "The call ended after `{seconds}` seconds because a phone did not renew it",
} as const;
