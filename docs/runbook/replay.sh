#!/bin/sh
# Replay: the live database was restored from before the incident, and the lost work is put back onto it.
# docs/runbook.md walks through it.
#
#   PGMEND_PRE, PGMEND_POST, PGMEND_CURRENT   the backup, the damaged database, the restored one that is live now
#   CONFIG       default: replay.yaml beside this script
#   OUT, CLONE, DECIDED_BY, LEAVE_OPEN, REVIEWER and the words "drifted" and "back": as in undo.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
CONFIG=${CONFIG:-$here/replay.yaml}
MODE=replay
. "$here/steps.sh"

# What was decided about conflicts, one line each. Whatever is written since the restore, people have seen: it stays.
decisions() {
  decide --table "*" --take current --reason "people have worked with what is there since the restore"
}

recover "$@"
