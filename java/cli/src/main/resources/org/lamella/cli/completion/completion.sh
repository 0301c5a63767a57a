# Completion of Lamella's commands, options and their values, for bash and zsh:
#   source <(lamella completion)
if [ -n "$ZSH_VERSION" ]; then
  autoload -U +X compinit && compinit -u
  autoload -U +X bashcompinit && bashcompinit
fi

# These use the word of _lamella.
_lamella_none() { :; }
_lamella_words() { COMPREPLY+=($(compgen -W "$1" -- "$word")); }
_lamella_files() { _lamella_names -f; }
_lamella_folders() { _lamella_names -d; }
_lamella_names() {
  type compopt >/dev/null 2>&1 && compopt -o filenames 2>/dev/null
  while IFS= read -r i; do COMPREPLY+=("$i"); done < <(compgen "$1" -- "$word")
}
# The layers of the model that the line names.
_lamella_layers() {
  for i in "${COMP_WORDS[@]}"; do
    if [ -f "$i/model.json" ]; then
      _lamella_words "$(sed -n '/"network"/,$ s/^ *"name" *: *"\([^"]*\)".*/\1/p' "$i/model.json")"
    fi
  done
}
# The columns of the data file that the line names, if it is a plain table.
_lamella_columns() {
  for i in "${COMP_WORDS[@]:2}"; do
    case $i in
      *.csv|*.tsv) [ -f "$i" ] && _lamella_words "$(head -n 1 -- "$i" | tr -d '"\r' | tr ',;\t' '\n\n\n')" ;;
    esac
  done
}

_lamella() {
  local word previous command='' words='' arguments=none i
  word=${COMP_WORDS[COMP_CWORD]}
  previous=${COMP_WORDS[COMP_CWORD-1]}
  # --option=value comes as three words.
  if [ "$word" = = ]; then
    word=''
  elif [ "$previous" = = ]; then
    previous=${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()

  if [ "$COMP_CWORD" -gt 1 ]; then
    command=${COMP_WORDS[1]}
    case ${COMP_WORDS[2]} in
      -*) ;;
      *) [ "$command" = bench ] && [ "$COMP_CWORD" -gt 2 ] && command=bench/${COMP_WORDS[2]} ;;
    esac
  fi
  case $command/$previous in
@VALUES@    *)
      case $command in
@OPTIONS@        test) words='--full --yes --help' ;;
        install) words='--yes --help' ;;
        bundle) words='--cuda --with-cuda --jdk --out --help' ;;
      esac
      # In a source tree the launcher has commands of its own.
      if [ -z "$command" ] && [ -f "${COMP_WORDS[0]%/*}/pom.xml" ]; then words="$words test install bundle"; fi
      case $word in
        -*) _lamella_words "$words" ;;
        *)
          case $command in ''|bench|help) _lamella_words "$words" ;; esac
          "_lamella_$arguments"
          ;;
      esac
      ;;
  esac
}

complete -F _lamella lamella
