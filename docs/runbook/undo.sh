#!/bin/sh
# Undo: the live database went on after the incident, and the damage is taken back. docs/runbook.md walks through it.
#
#   PGMEND_PRE, PGMEND_POST, PGMEND_CURRENT   before the incident, after it, live (passwords: ~/.pgpass)
#   CONFIG       default: undo.yaml beside this script; written, to be filled in, where there is none
#   OUT          default: recovery
#   CLONE        a clone of the live database to rehearse on; without one, it is rehearsed on the live one
#   DECIDED_BY   who took the decisions below; until then the script ends where conflicts are open
#   LEAVE_OPEN   yes: what they leave open stays as it is on the live database
#   REVIEWER     who has read report.html and patch.sql; until then nothing is written
#
# Without a word it goes the whole way, as far as it may; run again, it goes on. The word "drifted" plans rows again
# that moved since the plan, "back" takes back what was written. Exit codes are those of pgmend.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
CONFIG=${CONFIG:-$here/undo.yaml}
MODE=undo
. "$here/steps.sh"

# What was decided about conflicts, one line each.
decisions() {
  decide --table public.device --column is_pinned_on__release --kind update/update --take current \
    --reason "pinned again since, on purpose"
  decide --table public.device --kind delete/update --take current --reason "removed since by its owner"
}

recover "$@"
