/** What a shell evaluates once, so that Tab asks this command: it knows its words, and the shell knows how to quote them. */

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

// NB. Names come from the service: `printf %q` here, and compadd and fish by themselves, keep the shell from running them.
const BASH = `# Completion of brevet for bash: eval "$(brevet completion bash)"
_brevet() {
  local i value about
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ \${COMP_WORDS[i]} == -- ]] || continue
    # Behind it is somebody else's command.
    if declare -F _command_offset >/dev/null; then
      _command_offset $((i + 1))
    elif ((COMP_CWORD == i + 1)); then
      while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -c -- "\${COMP_WORDS[COMP_CWORD]}")
    else
      compopt -o default 2>/dev/null
    fi
    return
  done
  while IFS=$'\\t' read -r value about; do
    case \${COMP_WORDS[COMP_CWORD]} in
      [\\"\\']*) COMPREPLY+=("$value") ;;
      *) COMPREPLY+=("$(printf '%q' "$value")") ;;
    esac
  done < <("\${COMP_WORDS[0]/#\\~/$HOME}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _brevet brevet
`;

const ZSH = `#compdef brevet
# Completion of brevet for zsh: eval "$(brevet completion zsh)", behind compinit; or as a file _brevet in $fpath.
_brevet() {
  local line value about
  local -a values texts
  local -i dashes=\${words[(i)--]}
  if ((dashes < CURRENT)); then
    # Behind it is somebody else's command.
    shift $dashes words
    ((CURRENT -= dashes))
    _normal
    return
  fi
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    about=
    [[ $line == *$'\\t'* ]] && about="  -- \${line#*$'\\t'}"
    values+=("$value")
    texts+=("$value$about")
  done < <("\${words[1]/#\\~/$HOME}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  ((\${#values})) && compadd -l -d texts -a values
}
if [[ \${funcstack[1]} == _brevet ]]; then
  _brevet "$@"
else
  compdef _brevet brevet
fi
`;

const FISH = `# Completion of brevet for fish: brevet completion fish | source
function __brevet_words
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    test -n "$current"; or set current ''
    command $words[1] __complete -- $words[2..-1] $current 2>/dev/null
end
function __brevet_behind_dashes
    contains -- -- (commandline -opc)
end
function __brevet_other_command
    set -l words (commandline -opc)
    set -l dashes (contains -i -- -- $words)
    set -l other $words[(math $dashes + 1)..-1] (commandline -ct)
    complete -C (string join ' ' -- $other)
end
complete -c brevet -f
complete -c brevet -n 'not __brevet_behind_dashes' -a '(__brevet_words)'
complete -c brevet -n '__brevet_behind_dashes' -a '(__brevet_other_command)'
`;

export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
