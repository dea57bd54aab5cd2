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
