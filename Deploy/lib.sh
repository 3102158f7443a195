# What the scripts of this folder share. Sourced, not run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/shoal

# What a build needs on Debian 12 and Ubuntu 24.04 beyond git and Swift itself.
build_packages=(
    librdkafka-dev libsimdjson-dev liblz4-dev zlib1g-dev
    pkg-config g++ libc6-dev binutils
)

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "$(basename "$0"): $*"
    exit 1
}

# Installs those of the named Debian packages that are missing, and says so.
need_packages() {
    local package missing=()
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        need_packages_without_apt
        return
    fi
    for package in "$@"; do
        case $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true) in
            installed) ;;
            *) missing+=("$package") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing with apt-get: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "no root and no sudo; as root run: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    local log
    log=$(mktemp)
    if ! {
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get install -q -y --no-install-recommends "${missing[@]}"
    } >"$log" 2>&1 </dev/null; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install them; install by hand, then run this again: ${missing[*]}"
    fi
    rm -f "$log"
}

# Elsewhere than on Debian: goes on where the libraries are found, and says what to install where not.
need_packages_without_apt() {
    local library absent=()
    for library in rdkafka simdjson liblz4; do
        pkg-config --exists "$library" 2>/dev/null || absent+=("$library")
    done
    [ ${#absent[@]} -eq 0 ] ||
        fail "this system has no apt-get; install these C libraries with their headers and pkg-config:" \
            "${absent[*]}"
}

# Puts Swift on the PATH where an installer left it off, and checks that it is new enough.
need_swift() {
    local folder version
    for folder in /opt/swift/usr/bin /usr/local/swift/usr/bin "$HOME/.local/share/swiftly/bin"; do
        command -v swift >/dev/null && break
        [ -x "$folder/swift" ] && PATH=$folder:$PATH
    done
    command -v swift >/dev/null || fail "Swift 6.2 or newer is needed: https://www.swift.org/install/linux/"
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    [ "$(printf '6.2\n%s\n' "$version" | sort -V | head -n 1)" = 6.2 ] ||
        fail "Swift ${version:-of unknown version} is too old: 6.2 or newer is needed"
}

# Builds the program for use, as Deploy/Dockerfile does; all that the build says goes to standard error.
build_release() {
    swift build --package-path "$root" -c release --product shoal --static-swift-stdlib >&2
    shoal=$root/.build/release/shoal
}

# Prints a port of this machine's loopback that nothing listens on now.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
