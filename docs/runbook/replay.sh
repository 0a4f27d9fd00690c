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

# What was decided about conflicts, one line each. What people have done since the restore, they have seen: it stays.
# Titles that were edited on both sides are for their authors, in the morning: left open (LEAVE_OPEN=yes), these rows
# stay as they are.
decisions() {
  decide --kind unique foreign-key insert/insert --take current \
    --reason "what was made since the restore stays, and what hangs on what does not come back stays away"
  decide --kind update/delete delete/update --take current --reason "edited or deleted since, which is later"
}

recover "$@"
