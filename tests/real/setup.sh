#!/bin/sh
# Installs the programs that tests/real runs against, where they are missing (OpenSSH, Poppler on Debian, Ubuntu).
set -eu

PATH="$PATH:/usr/sbin:/usr/local/sbin"

all_here() {
  command -v sshd && command -v ssh && command -v ssh-keygen && command -v pdftotext
} > /dev/null

if ! all_here && [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    openssh-server openssh-client poppler-utils
fi
if ! all_here; then
  echo "OpenSSH's server and client and Poppler's pdftotext are needed: install them" >&2
  echo "(on Debian: openssh-server, poppler-utils), then try again." >&2
  exit 1
fi

# Validators of FHIR resources, on Node 20 or later; their versions stand in tests/real/fhir/package.json.
if ! command -v node > /dev/null || ! command -v npm > /dev/null; then
  echo "Node 20 and npm are needed for the FHIR validators: install them, then try again." >&2
  exit 1
fi
if ! [ -d tests/real/fhir/node_modules ]; then
  npm install --prefix tests/real/fhir --ignore-scripts --no-audit --no-fund --no-package-lock --silent
fi
