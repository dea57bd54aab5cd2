# What every script here needs: where the project is, and how to say what is going on.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export PATH="$root/.tools/bin:$root/frontend/node_modules/.bin:$PATH"
# leptos bakes this name in where it finds it at compile time, and then expects other file names: see build-site.
unset LEPTOS_OUTPUT_NAME

say() { printf '\033[1m▸ %s\033[0m\n' "$*"; }
note() { printf '  %s\n' "$*"; }
die() { printf '\033[31m✗ %s\033[0m\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null; }

# Where cargo puts the native build.
target_dir=${CARGO_TARGET_DIR:-$root/target}

# The folder of what was built last; see build-site.
pkg() { echo "site/pkg/$(cat site/pkg/release)"; }

# What a file of the site costs on the wire (brotli), and a line of a table with it.
bytes() { wc -c <"$(pkg)/$1.br"; }
row() { printf '  %-48s %9d\n' "$1" "$2"; }

# serve OUT [VARIABLE=VALUE…]: starts the program on a free port, with nobody slowed down and its output in OUT. Leaves its
# process in $server and its address in $address.
serve() {
    local out=$1 try
    shift
    : >"$out"
    env "$@" LEPTOS_SITE_ADDR=127.0.0.1:0 FICTURES_RATE_LIMITS=off "${FICTURES_BIN:-$target_dir/debug/fictures}" serve \
        >"$out" 2>&1 &
    server=$!
    for try in {1..200}; do
        address=$(sed -n 's/^Fictures listens on //p' "$out")
        [ -z "$address" ] || return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.05
    done
    die "the server did not start: $(cat "$out")"
}
