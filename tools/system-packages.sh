#!/usr/bin/env bash
# Installs the Debian packages that the system tests use, as far as they are missing.
set -euo pipefail

# Where Debian puts daemons, which is not in everybody's path.
PATH=$PATH:/usr/sbin
missing=()
programs=(
  ser2net:ser2net chromium:chromium chat:ppp socat:socat picocom:picocom pyserial-miniterm:python3-serial
  mosquitto:mosquitto redis-server:redis-server
  g++:g++ ModemManager:modemmanager mmcli:modemmanager dbus-daemon:dbus dbus-send:dbus gammu:gammu
  minicom:minicom gammu-smsd:gammu-smsd gpsd:gpsd gpspipe:gpsd-clients mosquitto_pub:mosquitto-clients
  pg_ctlcluster:postgresql vsftpd:vsftpd sshd:openssh-server nats-server:nats-server nghttpd:nghttp2-server
  snmpd:snmpd curl:curl git:git ssh:openssh-client psql:postgresql-client tshark:tshark promtool:prometheus
  ofonod:ofono gsm0710muxd:gsm0710muxd zsh:zsh
)
for pair in "${programs[@]}"; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
# The pictures of the playground are compared letter by letter.
[ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing+=(fonts-dejavu-core)
[ ${#missing[@]} -eq 0 ] && exit 0

echo "Installing Debian packages: ${missing[*]}"
if ! command -v apt-get >/dev/null; then
  echo "There is no apt-get here: install the programs by hand." >&2
  exit 1
fi
sudo=''
[ "$(id -u)" -eq 0 ] || sudo=sudo
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
