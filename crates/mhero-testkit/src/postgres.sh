#!/bin/sh
# Runs one private PostgreSQL cluster for as long as standard input stays open, and leaves nothing behind.
# usage: postgres.sh BIN CACHE DIR PORT
#   BIN    folder of initdb and pg_ctl        CACHE  an initialised cluster, made here when it is missing
#   DIR    an empty folder for this cluster   PORT   a free port on the loopback address
# Prints "ready" when it takes connections. The test process holds the other end of standard input, so the
# cluster ends with it, however that process ends.
set -eu
bin=$1 cache=$2-$(id -u) dir=$3 port=$4

if [ "$(id -u)" = 0 ]; then
    as() { runuser -u postgres -- "$@"; }
    chown postgres: "$dir"
else
    as() { "$@"; }
fi
cd "$dir"
trap 'cd / && rm -rf "$dir"' EXIT
trap : INT TERM HUP

# Several test processes may start at once: one of them initialises, the others wait and copy.
exec 9>"$cache.lock"
flock 9
if [ ! -e "$cache/PG_VERSION" ]; then
    rm -rf "$cache"
    as "$bin/initdb" -D "$dir/fresh" -U mhero -A trust -E UTF8 --locale=C.UTF-8 --no-sync >&2
    mv "$dir/fresh" "$cache"
fi
cp -a "$cache" "$dir/db"
flock -u 9

# fsync and synchronous_commit stay on: the program refuses a database without them.
as "$bin/pg_ctl" -D "$dir/db" -w -s -t 60 -l "$dir/log" -o "-h 127.0.0.1 -p $port -k $dir \
    -c max_connections=400 -c shared_buffers=64MB -c max_wal_size=4GB -c checkpoint_timeout=1h" start >&2 9>&- || {
    cat "$dir/log" >&2
    exit 1
}
echo ready
exec 2>>"$dir/log" # nobody reads our pipe once the tests have gone
cat >/dev/null
as "$bin/pg_ctl" -D "$dir/db" -w -s -m immediate stop >&2
