# The steps of undo.sh and replay.sh: each runs one command of pgmend, and says what its exit code means.
# docs/runbook.md is the same for people; a test holds the two together.

# Where the plan is kept, in the present folder.
OUT=${OUT:-recovery}

# Runs a command, and leaves its exit code in $code. What is run is not printed: a URL may hold a password.
run() {
  echo "== $1" >&2
  shift
  code=0
  "$@" || code=$?
  echo "-- exit code $code" >&2
}

stop() {
  echo "stopped: $2" >&2
  exit "$1"
}

# What is the same after every command.
stop_otherwise() {
  case $code in
    0) ;;
    1) stop 1 "it failed; the error above says why, and what to do. Nothing is half-written." ;;
    2) stop 2 "asked wrongly: mend what is listed above (config, environment), and run this again." ;;
    130) stop 130 "interrupted. Run this again: it goes on where it ended." ;;
    *) stop "$code" "exit code $code: killed? Run this again: it goes on where it ended." ;;
  esac
}

# A first config, where there is none.
init() {
  [ ! -e "$CONFIG" ] || return 0
  run init pgmend init --mode "$MODE" --out "$CONFIG"
  stop_otherwise
  stop 3 "$CONFIG is written: say in it what the incident did, and run this again."
}

check() {
  run check pgmend check --config "$CONFIG"
  case $code in
    3) stop 3 "tables cannot be compared: give them keys, or exclude them, in $CONFIG." ;;
    *) stop_otherwise ;;
  esac
}

# A plan that is there already is gone on with.
plan() {
  [ ! -e "$OUT/plan.duckdb" ] || return 0
  run plan pgmend plan --config "$CONFIG" --out "$OUT"
  case $code in
    3) ;; # Conflicts are open: the next step.
    *) stop_otherwise ;;
  esac
}

# Leaves 3 in $code while conflicts are open, else 0.
list() {
  run list pgmend resolve "$OUT" --list
  case $code in
    3) ;;
    *) stop_otherwise ;;
  esac
}

# One decision: which conflicts, what becomes of them, and why.
decide() {
  run resolve pgmend resolve "$OUT" --config "$CONFIG" --by "$DECIDED_BY" "$@"
  case $code in
    3) ;; # Others are still open.
    *) stop_otherwise ;;
  esac
}

# Until somebody has looked, the script ends where conflicts are open; then it runs the decisions it is given.
decide_what_is_open() {
  list
  [ "$code" = 3 ] || return 0
  # What is written stays as it was decided.
  [ ! -e "$OUT.applied" ] || return 0
  [ -n "${DECIDED_BY:-}" ] || stop 3 "conflicts are open: read $OUT/report.html, write what is decided
         into decisions() of this script, and run it again with DECIDED_BY=NAME."
  decisions
  [ "$code" = 0 ] || [ "${LEAVE_OPEN:-}" = yes ] || stop 3 "conflicts are still open: decide them,
         too, or leave these rows as they are on the live database with LEAVE_OPEN=yes."
}

# On a clone, where there is one: on the live database, others wait for it.
rehearse() {
  if [ -n "${CLONE:-}" ]; then
    run rehearse pgmend rehearse "$OUT" --config "$CONFIG" --on "$CLONE"
  else
    run rehearse pgmend rehearse "$OUT" --config "$CONFIG"
  fi
  case $code in
    3) ;; # It would be written; what is open was left open on purpose.
    1) stop 1 "it would fail, or break an invariant. Nothing was written." ;;
    4) stop 4 "rows have moved since the plan (or since the clone was made): pgmend plan --overwrite." ;;
    *) stop_otherwise ;;
  esac
}

approve() {
  [ -n "${REVIEWER:-}" ] || stop 3 "it is rehearsed. Whoever has read $OUT/report.html and $OUT/patch.sql
         runs this again with REVIEWER=NAME: only then is the live database written to."
  run approve pgmend approve "$OUT" --by "$REVIEWER" --comment "rehearsed; report.html and patch.sql read"
  stop_otherwise
}

apply() {
  : >"$OUT.applied"
  run apply pgmend apply "$OUT" --config "$CONFIG" --yes --require-approval
  applied=$code
  case $code in
    3) ;; # Written; what is open was left open on purpose.
    1) stop 1 "it failed, or an invariant does not hold: read the error. Batches written so far stay;
         run this again to go on, or with the word back to take all of it back." ;;
    4) stop 4 "rows have moved since the plan; their batch was not written. Look at them,
         then run this again with the word drifted." ;;
    *) stop_otherwise ;;
  esac
}

verify() {
  run verify pgmend verify "$OUT" --config "$CONFIG"
  case $code in
    4) stop 4 "not all is as planned. Written by somebody since (moved)? Then it is theirs. Else run this again." ;;
    *) stop_otherwise ;;
  esac
}

# Writes all but the rows that have moved, and makes a plan of these in a folder of their own.
plan_drifted() {
  run apply pgmend apply "$OUT" --config "$CONFIG" --yes --require-approval --on-drift skip
  case $code in
    0 | 3) stop "$code" "no row has moved any more: all of it is written. Run this again without a word." ;;
    4) ;;
    *) stop_otherwise ;;
  esac
  [ -e "$OUT-drifted/plan.duckdb" ] || {
    run plan pgmend plan --config "$CONFIG" --only-drifted "$OUT" --out "$OUT-drifted"
    case $code in
      3) ;;
      *) stop_otherwise ;;
    esac
  }
  OUT=$OUT-drifted
}

# Takes back what was written; what others changed since is kept.
take_back() {
  run rollback pgmend apply "$OUT" --config "$CONFIG" --rollback --yes
  case $code in
    4) stop 4 "all is taken back but the rows listed above: somebody has changed them since, and they stay." ;;
    *) stop_otherwise ;;
  esac
  rm -f "$OUT.applied"
}

# The whole way; a word says otherwise: drifted, or back.
recover() {
  case ${1:-} in
    '') plan_or_go_on ;;
    drifted) plan_drifted ;;
    back) take_back && exit 0 ;;
    *) stop 2 "there is no word \"$1\": none, drifted, back" ;;
  esac
  decide_what_is_open
  rehearse
  approve
  apply
  verify
  echo "done: all that was planned is written, and is as planned." >&2
  [ "$applied" = 0 ] || stop 3 "conflicts are left open: these rows are as they were. A later plan finds them again."
}

plan_or_go_on() {
  init
  check
  plan
}
