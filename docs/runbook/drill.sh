#!/bin/sh
# The weekly drill: would last night's backup recover the live database? docs/runbook.md says how to set it up.
#
#   PGMEND_PRE       last night's backup, restored
#   PGMEND_CURRENT   a clone of the live database: never the live one, for the patch is rehearsed there
#   CONFIG           default: drill.yaml beside this script
#   KEEP             where the summaries are kept (default: drills/DAY in the present folder)
#   BACKUP_NEWER_THAN   for drill.yaml: what the newest row of the backup must be newer than (default: yesterday)
#
# Everything since the backup is planned to be taken back, and that is rehearsed and rolled back: nothing is written.
# Exit codes: 0 it would work; else it would not, with the code of the step that says so.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
CONFIG=${CONFIG:-$here/drill.yaml}
KEEP=${KEEP:-drills/$(date -u +%Y-%m-%d)}
export BACKUP_NEWER_THAN="${BACKUP_NEWER_THAN:-yesterday}"
# What is kept holds data, or the names of columns: for its owner only.
umask 077
mkdir -p "$KEEP"
# There is no incident: whatever differs from the backup counts as one.
unset PGMEND_POST

# Runs a step, keeps what it says as JSON, and leaves its exit code in $code.
keep() {
  echo "== $1" >&2
  json=$KEEP/$1.json
  shift
  code=0
  "$@" >"$json" || code=$?
  echo "-- exit code $code" >&2
}

fail() {
  echo "the drill failed: $2; see $KEEP" >&2
  exit "$1"
}

keep check pgmend check --config "$CONFIG" --json
case $code in
  0) ;;
  1) fail 1 "backup and live database cannot be reached, or a patch would be refused" ;;
  2) fail 2 "asked wrongly" ;;
  3) fail 3 "tables cannot be compared: give them keys, or exclude them, in $CONFIG" ;;
  *) fail "$code" "check was cut short" ;;
esac

keep plan pgmend plan --config "$CONFIG" --out "$KEEP/recovery" --overwrite --no-decisions --json
case $code in
  0) ;;
  1) fail 1 "no plan could be made" ;;
  2) fail 2 "asked wrongly" ;;
  3) fail 3 "something is open that ought not to be: no one wrote while it was planned" ;;
  *) fail "$code" "plan was cut short" ;;
esac

keep rehearse pgmend rehearse "$KEEP/recovery" --config "$CONFIG" --json
case $code in
  0) ;;
  1) fail 1 "the patch would fail, or what comes out of it breaks an invariant: is the backup whole, and recent?" ;;
  2) fail 2 "asked wrongly" ;;
  4) fail 4 "somebody wrote to the clone meanwhile" ;;
  *) fail "$code" "rehearse was cut short" ;;
esac

# The summaries stay; the rows need not.
rm -r "$KEEP/recovery"
echo "the drill succeeded: $KEEP has the summaries" >&2
