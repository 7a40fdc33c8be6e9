#!/bin/sh
# Installs the programs that tests/real runs against, where they are missing (Debian, Ubuntu).
set -eu

PATH="$PATH:/usr/sbin:/usr/local/sbin"

all_here() {
  command -v sshd && command -v ssh && command -v ssh-keygen
} > /dev/null

if all_here; then
  exit 0
fi
if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openssh-server openssh-client
fi
if ! all_here; then
  echo "OpenSSH's server and client are needed: install them (on Debian: openssh-server), then try again." >&2
  exit 1
fi
