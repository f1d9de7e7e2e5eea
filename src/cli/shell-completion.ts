/** Scripts for the completion of shells, made of the outline of the program. */
import type { CommandOutline, OptionOutline } from './command-outline.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export function completionScript(shell: Shell, commands: readonly CommandOutline[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(commands);
    case 'zsh':
      return zshScript(commands);
    case 'fish':
      return fishScript(commands);
  }
}

function bashScript(commands: readonly CommandOutline[]): string {
  const names = (outline: CommandOutline) => outline.options.flatMap((option) => option.names).join(' ');
  const valueCases = valuesByName(commands).map(
    ([name, values]) => `    ${name}) COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$word")); return;;`,
  );
  const fileOptions = commands
    .flatMap(({ options }) => options)
    .filter(({ hasValue, values }) => hasValue && values.length === 0)
    .flatMap((option) => option.names);
  const commandCases = commands.map(
    (outline) => `    ${outline.name}) options='${names(outline)}'; words='${outline.words.join(' ')}';;`,
  );
  return [
    '# bash completion of slablab: source <(slablab completion bash)',
    '_slablab() {',
    // The word under the cursor and the one before it.
    `  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} options= words=`,
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} help --help --version' -- "$word")); return`,
    '  fi',
    '  case $before in',
    ...valueCases,
    `    ${[...new Set(fileOptions)].join('|')}) COMPREPLY=($(compgen -f -- "$word")); return;;`,
    '  esac',
    `  case \${COMP_WORDS[1]} in`,
    ...commandCases,
    '  esac',
    `  if [ "\${word:0:1}" = - ]; then COMPREPLY=($(compgen -W "$options" -- "$word"))`,
    '  else COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word")); fi',
    '}',
    'complete -o filenames -F _slablab slablab',
    '',
  ].join('\n');
}

/** Returns the values of options by name. The same name has the same values in every command. */
function valuesByName(commands: readonly CommandOutline[]): [string, readonly string[]][] {
  const values = new Map<string, readonly string[]>();
  for (const option of commands.flatMap(({ options }) => options)) {
    if (option.values.length === 0) continue;
    for (const name of option.names) {
      values.set(name, [...new Set([...(values.get(name) ?? []), ...option.values])]);
    }
  }
  return [...values];
}

function zshScript(commands: readonly CommandOutline[]): string {
  return [
    '#compdef slablab',
    '# zsh completion of slablab: source <(slablab completion zsh)',
    '_slablab() {',
    '  local -a commands',
    '  commands=(',
    ...commands.map(({ name, description }) => `    ${zshWord(`${name}:${description}`)}`),
    '  )',
    '  if (( CURRENT == 2 )); then _describe command commands; return; fi',
    `  local chosen=\${words[2]}`,
    '  shift words; (( CURRENT-- ))',
    '  case $chosen in',
    ...commands.flatMap((outline) => [
      `    ${outline.name}) _arguments -s \\`,
      ...outline.options.flatMap((option) =>
        option.names.map((name) => `      ${zshOption(name, option)} \\`),
      ),
      `      ${zshWord(`*:input:${outline.words.length === 0 ? '_files' : `{_alternative "words:word:(${outline.words.join(' ')})" "files:file:_files"}`}`)};;`,
    ]),
    '  esac',
    '}',
    'compdef _slablab slablab',
    '',
  ].join('\n');
}

function zshOption(name: string, { description, hasValue, values }: OptionOutline): string {
  const about = description.replaceAll(/[[\]:]/g, (character) => `\\${character}`);
  const action = values.length === 0 ? '_files' : `(${values.join(' ')})`;
  return zshWord(`*${name}[${about}]${hasValue ? `:value:${action}` : ''}`);
}

function zshWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function fishScript(commands: readonly CommandOutline[]): string {
  const word = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const optionLine = (command: string, { names, description, hasValue, values }: OptionOutline) => {
    const flags = names.map((name) =>
      name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
    );
    const value = hasValue ? (values.length === 0 ? ' -r -F' : ` -x -a ${word(values.join(' '))}`) : '';
    return `complete -c slablab -n '__fish_seen_subcommand_from ${command}' ${flags.join(' ')}${value} -d ${word(description)}`;
  };
  return [
    '# fish completion of slablab: slablab completion fish | source',
    ...commands.flatMap(({ name, description, options, words }) => [
      `complete -c slablab -n __fish_use_subcommand -f -a ${name} -d ${word(description)}`,
      ...options.map((option) => optionLine(name, option)),
      ...(words.length === 0
        ? []
        : [`complete -c slablab -n '__fish_seen_subcommand_from ${name}' -a ${word(words.join(' '))}`]),
    ]),
    '',
  ].join('\n');
}
