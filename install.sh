#!/bin/sh
# Installs, upgrades or removes pbx, a telephone exchange in one file, on Linux with systemd:
#
#     curl -fsSL https://github.com/pbx-server/pbx/releases/latest/download/install.sh | sudo sh
#
# Nothing is changed before the new binary has passed its trial run. What fails after that, or is
# interrupted, is taken back: the version that was here before runs again. All is done by functions
# that the last line calls, so that a download that was cut off does nothing.

# The public key of who signs releases; while it is empty, nothing that is downloaded is trusted.
SIGNER=''
RELEASES=https://github.com/pbx-server/pbx/releases
FOLDER=/usr/local/bin
BINARY=$FOLDER/pbx
UNITS=/etc/systemd/system
SETTINGS=/etc/pbx
DATA=/var/lib/pbx
# Commands that opened the firewall, so that these are taken back and no others.
OPENED=$SETTINGS/firewall
NFT_FILE=/etc/nftables.conf
NEEDED_MB=400
ARGUMENTS=$#

print_help() {
  cat <<END
Installs pbx, or upgrades it: the same line again.

    curl -fsSL $RELEASES/latest/download/install.sh | sudo sh
    curl -fsSL $RELEASES/latest/download/install.sh | sudo sh -s -- OPTION

Options:
    --dry-run     print what would be done, change nothing; needs no root
    --uninstall   remove the program and what it opened in the firewall; data and settings stay
    --purge       the same, and data and settings are deleted
    --version     print which version would be installed, and which is
    --help        print this

Environment (behind sudo: curl ... | sudo PBX_VERSION=v0.2.0 sh):
    PBX_VERSION   a version such as v0.2.0; otherwise the latest
    PBX_BASE_URL  where releases are; otherwise $RELEASES
    PBX_FILE      a binary on this machine: no network is used, no signature is asked for
    PBX_FIREWALL  no: leave the firewall alone
END
}

say() { printf '%s\n' "$*" 2>/dev/null || true; }

warn() { say "${yellow}warning:${plain} $*" >&2; }

# complain WHAT [FIX]
complain() {
  is_told=yes
  say "${red}error:${plain} $1" >&2
  [ -z "${2:-}" ] || say "  fix: $2" >&2
}

# die WHAT [FIX [CODE]]
die() { complain "$@" && exit "${3:-1}"; }

# Ends an installation; a dry run goes on and names what else stands in the way.
refuse() {
  [ -n "$dry" ] || die "$@"
  complain "$@" && is_refused=yes
}

choose_colours() {
  red='' yellow='' plain=''
  if [ -t 2 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    red=$(printf '\033[31m') yellow=$(printf '\033[33m') plain=$(printf '\033[0m')
  fi
}

# The line to type with the rights of root.
print_root_line() {
  settings=''
  for name in PBX_VERSION PBX_BASE_URL PBX_FILE PBX_FIREWALL; do
    eval "value=\${$name:-}"
    [ -z "$value" ] || settings="$settings$name=$value "
  done
  case $0 in
    *.sh) feed='' shell="sh $0${*:+ $*}" ;;
    *) feed="curl -fsSL $base/latest/download/install.sh | " shell="sh${*:+ -s -- $*}" ;;
  esac
  if has sudo; then say "${feed}sudo $settings$shell"; else say "su -c '$feed$settings$shell'"; fi
}

has() { command -v "$1" >/dev/null 2>&1; }

read_arguments() {
  action=install dry='' is_told='' is_refused='' is_unfinished='' changes='' work=''
  for argument in "$@"; do
    case $argument in
      --dry-run) dry=yes ;;
      --uninstall) [ "$action" = purge ] || action=uninstall ;;
      --purge) action=purge ;;
      --version) action=version ;;
      --help | -h) action=help ;;
      *) die "there is no option $argument" "--help prints those that there are" 2 ;;
    esac
  done
  local_file=${PBX_FILE:-} base=${PBX_BASE_URL:-$RELEASES} wanted=${PBX_VERSION:-latest}
  base=${base%/}
  case $base in
    https://*) schemes='=https' ;;
    http://*) schemes='=http,https' ;;
    *) die "PBX_BASE_URL is no address of the web: $base" "it begins with https://" 2 ;;
  esac
  case $wanted in
    *[!A-Za-z0-9.+-]*) die "PBX_VERSION is no version: $wanted" "write it as v0.2.0" 2 ;;
    latest | v[0-9]*) ;;
    [0-9]*) wanted=v$wanted ;;
    *) die "PBX_VERSION is no version: $wanted" "write it as v0.2.0, or latest" 2 ;;
  esac
}

check_platform() {
  machine=$(uname -m) loader=''
  case $machine in
    x86_64 | amd64) machine=x86_64 loader=ld-linux-x86-64.so.2 ;;
    aarch64 | arm64) machine=aarch64 loader=ld-linux-aarch64.so.1 ;;
  esac
  asset=pbx-linux-$machine
  if [ "$(uname -s)" != Linux ] || [ -z "$loader" ]; then
    refuse "pbx does not run on $(uname -s) $machine" "use Linux on x86_64 or aarch64" && return
  fi
  if [ -e "/lib64/$loader" ] || [ -e "/lib/$loader" ]; then return 0; fi
  set -- /lib/ld-musl-*
  [ ! -e "$1" ] ||
    refuse "this system has musl, pbx needs glibc" "apk add gcompat libstdc++, then this line again"
  [ -e "$1" ] ||
    refuse "there is no 64-bit glibc here ($loader)" "use a 64-bit system with glibc"
}

check_rights() {
  [ "$(id -u)" -ne 0 ] || return 0
  [ -n "$dry" ] || die "this needs the rights of root" "$(print_root_line "$@")"
  say "To do it, type: $(print_root_line "$@")"
}

check_surroundings() {
  if [ ! -d /run/systemd/system ] || ! has systemctl; then
    refuse "systemd does not run this machine" \
      "start the binary by what starts services here: ${local_file:-pbx} serve"
  fi
  [ "$action" = install ] || return 0
  if [ -z "$local_file" ] && ! has curl && ! has wget; then
    refuse "neither curl nor wget is here" "apt-get install curl, dnf install curl or apk add curl"
  fi
  if ! has sha256sum && ! has shasum; then
    refuse "neither sha256sum nor shasum is here" "install coreutils"
  fi
  if [ -z "$local_file" ] && [ -z "$SIGNER" ]; then
    refuse "this install.sh knows no signer's key, so it trusts nothing that it downloads" \
      "take install.sh from a release, or install a binary of yours: PBX_FILE=./pbx sh install.sh"
  fi
}

# A folder of root's that is gone in the end. It is beside the binary, because /tmp may be mounted
# noexec, and may be another file system.
open_workplace() {
  umask 022
  began=$(date +%s)
  trap leave EXIT
  trap 'exit 130' HUP INT PIPE TERM
  if [ -n "$dry" ]; then
    work=$(mktemp -d "${TMPDIR:-/tmp}/pbx-install.XXXXXX") && return
  fi
  if has flock; then
    exec 9>/run/pbx-install.lock
    flock -n 9 || die "pbx is being installed by somebody else" "wait until that has ended"
  fi
  mkdir -p "$FOLDER"
  work=$(mktemp -d "$FOLDER/.pbx-install.XXXXXX")
  for place in "$FOLDER"/.pbx-install.*; do
    [ "$place" = "$work" ] || adopt "$place"
  done
}

# A run that was killed left its folder. What it had found is what to go back to, unless what it
# installed works.
adopt() {
  is_unfinished=yes
  if [ -d "$1/previous" ] && { is_outdated || ! is_answering; }; then
    changes=pbx.socket
    rm -rf "$work/previous"
    mv "$1/previous" "$work/previous"
  fi
  rm -rf "$1"
}

leave() {
  status=$?
  trap '' HUP INT PIPE TERM
  trap - EXIT && set +eu
  [ "$status" -eq 0 ] || [ -n "$is_told$is_refused" ] || complain "broken off"
  if [ -n "$work" ]; then
    [ ! -d "$work/previous" ] || take_back
    rm -rf "$work"
  fi
  exit "$status"
}

# fetch FILE: from the release into the workplace
fetch() {
  address=$base/download/$wanted/$1
  [ "$wanted" != latest ] || address=$base/latest/download/$1
  if has curl; then
    progress=--silent
    if [ -t 2 ] && [ "$1" = "$asset" ]; then progress=--progress-bar; fi
    curl --fail --location --show-error "$progress" --proto "$schemes" --retry 3 \
      --connect-timeout 15 --speed-limit 1000 --speed-time 60 --output "$work/$1" "$address"
  else
    # That of busybox may be made without the option -T.
    case $(wget --help 2>&1) in *'-T'*) set -- "$1" -T 60 ;; esac
    file=$work/$1 && shift
    wget -q "$@" -O "$file" "$address"
  fi || die "$address cannot be downloaded" "look at the network, PBX_VERSION and PBX_BASE_URL"
}

print_hash() {
  if has sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -c 1-64
}

# Whether the installed binary is the one that is asked for.
is_installed() {
  [ -x "$BINARY" ] && [ "$(print_hash "$BINARY")" = "$expected" ]
}

# Sets `expected`: the SHA-256 of the binary to install.
find_expected() {
  if [ -n "$local_file" ]; then
    [ -f "$local_file" ] || die "PBX_FILE is no file: $local_file"
    expected=$(print_hash "$local_file") && return
  fi
  fetch SHA256SUMS
  fetch SHA256SUMS.sig
  # Before OpenSSH 8.1, ssh-keygen knows no signatures of files.
  case $(ssh-keygen -Y verify 2>&1) in
    *namespace*)
      say "release namespaces=\"pbx-release\" $SIGNER" >"$work/signers"
      ssh-keygen -Y verify -f "$work/signers" -I release -n pbx-release \
        -s "$work/SHA256SUMS.sig" <"$work/SHA256SUMS" >/dev/null 2>&1 ||
        die "the signature of SHA256SUMS is wrong" "do not install this; tell who runs $base"
      ;;
    *) say "ssh-keygen cannot check the signature here: pbx does, before it takes over" ;;
  esac
  expected=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$asset\$/\1/p" "$work/SHA256SUMS")
  [ -n "$expected" ] || die "this release has no $asset" "choose another: PBX_VERSION=v0.2.0"
}

# Sets `new`: the binary to install; the installed one where it is the same.
get_binary() {
  find_expected
  new=$BINARY
  ! is_installed || return 0
  new=$work/$asset
  free_mb=$(df -Pk "$work" | { read -r _ && read -r _ _ _ kb _ && echo $((kb / 1024)); })
  [ "$free_mb" -ge "$NEEDED_MB" ] ||
    die "there is too little room in $FOLDER: $free_mb MB" "make room for $NEEDED_MB MB"
  if [ -n "$local_file" ]; then
    cp "$local_file" "$new"
  else
    say "Downloading $asset ($wanted)"
    fetch "$asset"
  fi
  [ "$(print_hash "$new")" = "$expected" ] ||
    die "$asset is not what SHA256SUMS lists: cut off, or exchanged" "try again"
  chmod 755 "$new"
  [ -n "$local_file" ] || verify_by_pbx
}

# The installed binary is trusted already. A new one that vouches for itself is no proof: it is
# asked where nothing else can check the signature, and its checksum is right by now.
verify_by_pbx() {
  set -- verify --sums "$work/SHA256SUMS" --signature "$work/SHA256SUMS.sig"
  case $(ask "$BINARY" "$@" --json 2>/dev/null) in
    '' | *'"unset"'*) verifier=$new ;;
    *) verifier=$BINARY ;;
  esac
  must "pbx does not trust the release" "do not install this; tell who runs $base" \
    "$verifier" "$@" "$new"
}

# Runs a binary as the service would: without the environment of who installs it.
ask() {
  env -i PATH="$PATH" HOME=/root LANG="${LANG:-C}" NO_COLOR=1 "$@" 9>&-
}

# must WHAT FIX COMMAND...: asks; where that fails, prints what was said and ends
must() {
  what=$1 fix=$2
  shift 2
  said=$(ask "$@" 2>&1) || { say "$said" >&2 && die "$what" "$fix"; }
}

print_version() {
  ask "$1" version 2>/dev/null | sed -n '1s/^pbx //p'
}

# is_older VERSION OTHER: of 0.2.0-rc.2, 0.2.0-rc.10 and 0.2.0 each is older than the next
is_older() {
  [ -n "$2" ] && [ "$1" != "$2" ] || return 1
  set -- "$(print_sortable "$1")" "$(print_sortable "$2")"
  first=$(printf '%s\n' "$@" |
    LC_ALL=C sort -t . -k 1,1n -k 2,2n -k 3,3n -k 4,4n -k 5,5 -k 6,6n | sed -n 1p)
  [ "$first" = "$1" ]
}

# With a fourth field: 0 for what comes before the version, 1 for the version itself.
print_sortable() { say "$1" | sed -e 's/-/.0./' -e t -e 's/$/.1/'; }

try_binary() {
  must "the new binary does not run here" "see in the README what it needs" "$new" version
  version=$(print_version "$new")
  if [ -z "$local_file" ] && [ "$wanted" != latest ] && [ "$wanted" != "v$version" ]; then
    die "the release $wanted carries pbx $version" "do not install this; tell who runs $base"
  fi
  # An old release is rightly signed, too: nobody is to bring it back as the latest one.
  if [ -z "$local_file" ] && [ "$wanted" = latest ] && is_older "$version" "$old_version"; then
    die "the latest release there is pbx $version, and pbx $old_version is here" \
      "to go back on purpose: PBX_VERSION=v$version"
  fi
  must "the configuration does not suit pbx $version" "edit $SETTINGS/pbx.toml" \
    "$new" selftest config
  must "pbx $version prints no unit" "try another version" "$new" unit socket
  socket=$said
  must "pbx $version prints no unit" "try another version" "$new" unit service
  service=$said
  # A port that our own service or socket holds is no obstacle.
  ! is_active pbx.service || return 0
  other=$(print_pid "$new")
  [ -z "$other" ] || die "pbx runs already, outside of systemd: process $other" "kill $other"
  is_active pbx.socket || must "the SIP port is taken" \
    "stop what holds it, or take another in $SETTINGS/pbx.toml: sip = [\"0.0.0.0:5080\"]" \
    "$new" selftest port
}

# The process of the server that answers commands; nothing where there is none.
print_pid() {
  ask "$1" status --json 2>/dev/null | sed -n 's/.*"pid": \([0-9]*\).*/\1/p'
}

is_active() { systemctl is-active --quiet "$1"; }

show() { systemctl show --property="$1" --value pbx.service; }

# Whether the service is up and answers OPTIONS. Sets `pid`.
is_answering() {
  is_active pbx.service || return 1
  pid=$(show MainPID)
  [ "$(print_pid "$BINARY")" = "$pid" ] && ask "$BINARY" selftest loopback >/dev/null 2>&1
}

# Whether the binary was replaced since the service was started.
is_outdated() {
  case $(readlink "/proc/$(show MainPID)/exe" 2>/dev/null) in *' (deleted)') ;; *) return 1 ;; esac
}

# Prints the ids of checks in a state, a pattern.
list_checks() {
  ask "$BINARY" selftest --json 2>/dev/null |
    sed -n "/\"id\":/{N;s/.*\"id\": \"\([a-z]*\)\".*\"state\": \"$1\".*/\1/p;}"
}

# Sets `changes`: what is not as it should be; nothing where all is.
find_changes() {
  [ -z "$is_unfinished" ] || changes="$changes interrupted"
  [ "$new" = "$BINARY" ] || changes="$changes binary"
  [ "$service" = "$(cat "$UNITS/pbx.service" 2>/dev/null)" ] || changes="$changes pbx.service"
  [ "$socket" = "$(cat "$UNITS/pbx.socket" 2>/dev/null)" ] || changes="$changes pbx.socket"
  if ! is_active pbx.socket || ! is_answering; then changes="$changes down"; fi
  [ "$(show NeedDaemonReload)" != yes ] || changes="$changes unread"
  for unit in pbx.service pbx.socket; do
    systemctl is-enabled --quiet "$unit" 2>/dev/null || changes="$changes disabled"
  done
  if is_outdated; then changes="$changes outdated"; fi
  # The service writes this file when it starts.
  if [ -n "$(find "$SETTINGS/pbx.toml" -newer "$DATA/server.json" 2>/dev/null)" ]; then
    changes="$changes settings"
  fi
}

# After its last line, whatever ends the script too early takes everything back.
save_previous() {
  # To grep of busybox, an empty list of patterns matches everything.
  echo none >"$work/passed"
  if is_answering; then list_checks '[^f][a-z]*' >>"$work/passed"; fi
  [ ! -d "$work/previous" ] || return 0
  mkdir "$work/saved"
  for file in "$BINARY" "$UNITS/pbx.service" "$UNITS/pbx.socket"; do
    [ ! -e "$file" ] || cp -p "$file" "$work/saved/"
  done
  if [ ! -e "$DATA" ] && [ ! -h "$DATA" ]; then : >"$work/saved/no-data"; fi
  # A new version may bring the database to a form that the old one refuses.
  if [ "$new" = "$BINARY" ] || [ -z "$old_version" ]; then
    : # nothing that could change the data, or read them
  elif [ -e "$DATA/pbx.db" ] || is_active pbx.service; then
    # One that is down may be so because it refuses the data: then it cannot save them either.
    saver=$new
    if is_answering; then saver=$BINARY; fi
    must "the data cannot be backed up" "look at them: $BINARY selftest disk" \
      "$saver" backup "$work/saved/backup"
  fi
  mv "$work/saved" "$work/previous"
}

# put FILE TARGET: whoever opens the target finds the old file or the new one
put() {
  mv -f "$1" "$2.new"
  sync "$2.new" 2>/dev/null || sync
  mv -f "$2.new" "$2"
  if has restorecon; then restorecon -F "$2" || true; fi
}

replace_files() {
  [ "$new" = "$BINARY" ] || put "$new" "$BINARY"
  new=$BINARY
  say "$service" >"$work/pbx.service"
  say "$socket" >"$work/pbx.socket"
  for unit in pbx.service pbx.socket; do
    case $changes in *$unit*) put "$work/$unit" "$UNITS/$unit" ;; esac
  done
}

# The socket stays open while the service is restarted, unless its own unit has changed.
start() {
  systemctl daemon-reload
  systemctl --quiet enable pbx.socket pbx.service
  if ! is_active pbx.socket || [ "${changes#*pbx.socket}" != "$changes" ]; then
    ! is_active pbx.socket || say "pbx.socket is set up anew: the SIP port is closed for a moment"
    systemctl stop pbx.service pbx.socket
    systemctl start pbx.socket || return 1
  fi
  restart
}

# Does not wait: a service that never gets ready would keep it up.
restart() {
  stale_pid=$(show MainPID)
  systemctl reset-failed pbx.service 2>/dev/null || true
  systemctl restart --no-block pbx.service
}

# wait_for_answer SECONDS: of a process that is not the one of before
wait_for_answer() {
  deadline=$(($(date +%s) + $1))
  until is_answering && [ "$pid" != "$stale_pid" ]; do
    [ "$(date +%s)" -lt "$deadline" ] && [ "$(show NRestarts)" -lt 5 ] || return 1
    sleep 1
  done
}

# An upgrade must not break a check that the version before passed.
confirm() {
  wait_for_answer 20 || give_up "pbx $version does not answer"
  first_pid=$pid
  for _ in 1 2 3; do
    sleep 1
    list_checks fail >"$work/failed"
    broken=$(grep -xF -f "$work/passed" "$work/failed" | tr '\n' ' ')
    [ -n "$broken" ] || break
  done
  sleep 2
  if [ -n "$broken" ]; then
    ask "$BINARY" selftest >&2 || true
    give_up "pbx $version breaks what worked before: $broken"
  fi
  if ! is_answering || [ "$pid" != "$first_pid" ]; then give_up "pbx $version does not stay up"; fi
}

give_up() {
  journalctl --sync 2>/dev/null || true
  journalctl --unit=pbx --lines=20 --since="@$began" --no-pager >&2 || true
  die "$1" "the log is above, and in: journalctl -u pbx -n 20"
}

# What one step cannot do, the next ones still try.
take_back() {
  say "Putting back what was here before"
  [ -e "$work/previous/pbx.service" ] || stop_service
  for file in "$BINARY" "$UNITS/pbx.service" "$UNITS/pbx.socket"; do
    saved=$work/previous/${file##*/}
    if [ -e "$saved" ]; then put "$saved" "$file"; else rm -f "$file" "$file.new"; fi
  done
  if [ ! -e "$UNITS/pbx.service" ]; then
    systemctl daemon-reload
    close_firewall
    [ ! -e "$work/previous/no-data" ] || rm -rf "$DATA" "${DATA%/*}/private/pbx"
    rmdir "$SETTINGS" 2>/dev/null
    say "pbx is not installed"
    return 0
  fi
  backup=$work/previous/backup before=$(print_version "$BINARY")
  start
  if ! wait_for_answer 10 && [ -e "$backup" ]; then
    say "pbx $before does not start with the data as they are now: it gets those of before"
    ask "$BINARY" restore "$backup" >&2
    restart
  fi
  if wait_for_answer 20; then
    say "pbx $before is back and answers"
  else
    complain "pbx $before does not answer either" "journalctl -u pbx -n 20"
    [ ! -e "$backup" ] || { mv "$backup" "$SETTINGS/backup" && say "Kept: $SETTINGS/backup"; }
  fi
}

stop_service() {
  systemctl --quiet disable --now pbx.socket pbx.service 2>/dev/null || true
  systemctl reset-failed pbx.socket pbx.service 2>/dev/null || true
}

# Opens what `pbx selftest firewall` finds closed, by the tool that rules here.
open_firewall() {
  if [ "${PBX_FIREWALL:-yes}" = no ]; then
    say "Firewall: left alone (PBX_FIREWALL=no)" && return
  fi
  mkdir -p "$SETTINGS"
  : >"$work/opened"
  # A second firewall shows itself only when the first is open.
  for _ in 1 2 3 4; do
    list_openings >"$work/openings"
    while IFS= read -r command; do
      ! grep -qxF -e "$command" "$work/opened" || break 2
      say "$command" >>"$work/opened"
      # Remembered before it is done, so that it is taken back also where this is interrupted.
      grep -qsxF -e "$command" "$OPENED" || say "$command" >>"$OPENED"
      say "Firewall: $command"
      sh -c "$command" >/dev/null || warn "the firewall did not take that"
    done <"$work/openings"
    [ -s "$work/openings" ] || break
  done
  save_iptables "$work/opened" ||
    warn "the rules of iptables end with a reboot: install iptables-persistent"
  if grep -q '^nft ' "$work/opened" && ! write_nft_file; then
    warn "the rules of nft end with a reboot: add them to what loads your rules at boot"
  fi
}

# Prints commands that open a port, and no others; ufw and nft are told whose rule it is.
list_openings() {
  ask "$BINARY" selftest firewall --json --lang en 2>/dev/null |
    sed -n '/^ *"remedy": /{s/\\n/\
/g;p;}' | cut -d '`' -f 2 | sed -n 's/\\"/"/g
      /^ufw .*allow /s/$/ comment pbx/p
      /^nft insert rule .* accept$/s/$/ comment pbx/p
      /^firewall-cmd .*--add-port=/p
      /^ip6\{0,1\}tables.* -I .* -j ACCEPT$/p'
}

# save_iptables FILE: where the file has rules of it; ufw and firewalld keep theirs themselves
save_iptables() {
  grep -q '^ip6\{0,1\}tables' "$1" || return 0
  has netfilter-persistent && netfilter-persistent save >/dev/null 2>&1
}

# Writes what is opened into the file that nftables.service loads, or out of it. One that does not
# load would leave the machine without its firewall: it is tried first, from no rules on.
write_nft_file() {
  systemctl is-enabled --quiet nftables.service 2>/dev/null && [ -f "$NFT_FILE" ] || return 1
  cp -p "$NFT_FILE" "$NFT_FILE.new"
  sed '/^# pbx: begin$/,/^# pbx: end$/d' "$NFT_FILE" >"$NFT_FILE.new"
  if grep -qs '^nft ' "$OPENED"; then
    # The last line may lack its end.
    [ -z "$(tail -c 1 "$NFT_FILE.new")" ] || echo >>"$NFT_FILE.new"
    { echo '# pbx: begin' && sed -n 's/^nft //p' "$OPENED" && echo '# pbx: end'; } >>"$NFT_FILE.new"
  fi
  { echo 'flush ruleset' && cat "$NFT_FILE.new"; } >"$work/nft"
  if ! nft -c -f "$work/nft" >/dev/null 2>&1; then rm -f "$NFT_FILE.new"; fi
  mv -f "$NFT_FILE.new" "$NFT_FILE" 2>/dev/null
}

close_firewall() {
  [ -s "$OPENED" ] || return 0
  mv "$OPENED" "$work/closing"
  while IFS= read -r command; do
    case $command in
      ufw*)
        undo=$(say "$command" | sed 's/^ufw \(insert 1 \)\{0,1\}/ufw delete /;s/ comment pbx$//')
        ;;
      nft*) undo=$(print_nft_undo "$command") ;;
      firewall-cmd*) undo=$(say "$command" | sed 's/--add-port/--remove-port/') ;;
      *) undo=$(say "$command" | sed 's/ -I / -D /') ;;
    esac
    [ -n "$undo" ] || continue
    say "Firewall: $undo"
    sh -c "$undo" >/dev/null || warn "the firewall did not take that"
  done <"$work/closing"
  save_iptables "$work/closing" || warn "after a reboot iptables has the rules that it saved last"
  ! grep -qs '^# pbx: begin$' "$NFT_FILE" || write_nft_file || warn "$NFT_FILE still names pbx"
}

# nft deletes by handle: this is the one of a rule of ours in the same chain.
print_nft_undo() {
  chain=$(say "$1" | sed 's/^nft insert rule \([^ ]* [^ ]* [^ ]*\).*/\1/')
  ports=$(say "$1" | sed 's/.* \([a-z]* dport [0-9-]*\) .*/\1/')
  sh -c "nft -a list chain $chain" 2>/dev/null |
    sed -n "/$ports accept comment \"pbx\"/s/.*# handle /nft delete rule $chain handle /p" |
    sed -n 1p
}

install_pbx() {
  old_version=$(print_version "$BINARY")
  get_binary
  try_binary
  find_changes
  if [ -z "$changes" ]; then
    open_firewall
    say "pbx $version is installed and answers: nothing to do"
  else
    save_previous
    replace_files
    open_firewall
    start || give_up "pbx.socket cannot be opened"
    confirm
    mv "$work/previous" "$work/finished"
    case $old_version in
      '') say "pbx $version is installed and answers" ;;
      "$version") say "pbx $version answers; renewed:$changes" ;;
      *) say "pbx $version is installed and answers; before, it was $old_version" ;;
    esac
    if [ -s "$work/failed" ]; then
      warn "phones may have trouble; why, and what to do:"
      ask "$BINARY" selftest >&2 || true
    fi
  fi
  ask "$BINARY" admin setup || true
  spelled=$BINARY
  [ "$(command -v pbx)" != "$BINARY" ] || spelled=pbx
  [ -n "$old_version" ] ||
    say "Next, a number for a phone: ${SUDO_USER:+sudo }$spelled extension add 1001"
}

remove_pbx() {
  if [ ! -e "$BINARY" ] && [ ! -e "$UNITS/pbx.service" ] && [ "$action" = uninstall ]; then
    say "pbx is not installed here" && return
  fi
  rm -rf "$work/previous"
  stop_service
  close_firewall
  rm -f "$UNITS/pbx.service" "$UNITS/pbx.socket" "$BINARY"
  systemctl daemon-reload
  if [ "$action" = purge ]; then
    rm -rf "$SETTINGS" "$DATA" "${DATA%/*}/private/pbx" "$UNITS/pbx.service.d" "$UNITS/pbx.socket.d"
    say "pbx is removed, with its data and settings"
  else
    say "pbx is removed; its data stay in $DATA, its settings in $SETTINGS (--purge deletes both)"
  fi
}

print_plan() {
  say "The plan; nothing is changed now:"
  if [ "$action" = purge ]; then say "- delete $DATA and $SETTINGS"; fi
  if [ "$action" != install ]; then
    say "- stop pbx.service and pbx.socket, delete them and $BINARY"
    say "- close in the firewall what $OPENED lists"
    return 0
  fi
  say "- take ${local_file:-$asset of $base ($wanted), check its signature} and its SHA-256"
  # In a shell of its own, because it may end that.
  if [ -z "$is_refused" ] && expected=$(find_expected >&2 && say "$expected"); then
    ! is_installed || say "  ($BINARY is the same: it stays)"
  else
    is_refused=yes
  fi
  cat <<END
- try it beside what runs: version, configuration, is the SIP port free
- put it to $BINARY, pbx.service and pbx.socket into $UNITS, enable and start both
- open in the firewall what \`pbx selftest firewall\` finds closed (PBX_FIREWALL=no: nothing)
- wait for an answer to OPTIONS, run \`pbx selftest\`; if that fails, put back what is here now
END
}

main() {
  set -eu
  choose_colours
  # A last line that was cut off has lost its options.
  [ "$#" -eq "$ARGUMENTS" ] || exit 1
  # What this starts must not read the script, which comes from standard input.
  exec </dev/null
  read_arguments "$@"
  case $action in
    help) print_help && exit ;;
    version)
      here=$(print_version "$BINARY")
      say "installs pbx $wanted of ${local_file:-$base}; here is ${here:-none}" && exit
      ;;
    install) check_platform ;;
  esac
  check_rights "$@"
  check_surroundings
  open_workplace
  if [ -n "$dry" ]; then
    print_plan
    [ -z "$is_refused" ]
  elif [ "$action" = install ]; then
    install_pbx
  else
    remove_pbx
  fi
}

main "$@"
