# shellcheck shell=sh
# Steps that run next to others, because one alone leaves processors idle. Uses the launcher's say.

steps_running=""  # of each: name=process

# Starts a step in the background. What it prints is kept, and follows in finish_steps.
# $1: a folder for what steps print, $2: the step's name, then the command
begin_step() {
  steps_folder=$1
  step=$2
  shift 2
  mkdir -p "$steps_folder"
  trap stop_steps EXIT
  (
    trap - EXIT
    "$@"
  ) >"$steps_folder/$step.log" 2>&1 &
  steps_running="$steps_running $step=$!"
}

# Waits for all steps, and prints what they have printed. Exits with 1 if one has failed.
finish_steps() {
  steps_failed=""
  for each in $steps_running; do
    wait "${each#*=}" || steps_failed="$steps_failed ${each%%=*}"
    cat "$steps_folder/${each%%=*}.log" >&2
  done
  steps_running=""
  if [ -n "$steps_failed" ]; then
    say "failed:$steps_failed"
    exit 1
  fi
}

# Ends the steps that still run, if the launcher ends before them.
stop_steps() {
  for each in $steps_running; do
    kill "${each#*=}" 2>/dev/null || true
  done
}
