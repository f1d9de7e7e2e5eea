/** The steps of a dialogue, and what each client received in each. */
export interface Step {
  /** The client that speaks; undefined if time goes by. */
  readonly client: string | undefined;
  readonly commands: readonly (readonly string[])[];
  readonly milliseconds: number;
}

/** What each client received in a step, by its name. */
export type Received = Readonly<Record<string, string>>;

export function stepsOf(dialogue: string): Step[] {
  return dialogue
    .trim()
    .split('\n')
    .map((line) => stepOf(line.trim()));
}

function stepOf(line: string): Step {
  if (line.startsWith('+')) return { client: undefined, commands: [], milliseconds: Number(line) };
  const [client = '', ...rest] = line.split(' ');
  const commands = rest
    .join(' ')
    .split(' | ')
    .map((command) => command.split(' '));
  return { client, commands, milliseconds: 0 };
}

/** Returns the commands with the ids of the clients that they name. */
export function withIds(commands: Step['commands'], idOf: (client: string) => number): (readonly string[])[] {
  return commands.map((words) =>
    words.map((word) => word.replace(/^\{(.)\}$/, (_, client: string) => `${idOf(client)}`)),
  );
}

/** Returns what was received without what differs between runs: the reply to HELLO. */
export function comparable({ commands }: Step, received: Readonly<Record<string, string>>): Received {
  if (commands[0]?.[0] === 'HELLO') return {};
  return Object.fromEntries(Object.entries(received).filter(([, text]) => text !== ''));
}
