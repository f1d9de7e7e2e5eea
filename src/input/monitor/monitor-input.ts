import { InputError, latin1, shownBytes } from '../../base/index.js';
import { emptyCommand } from '../../commands/index.js';
import { CR, LF } from '../../resp/index.js';
import { FileInput } from '../file-input.js';
import type { CommandEvent, InputEvent } from '../input.js';
import { InputClock } from '../input-clock.js';
import { MonitorClients } from './monitor-clients.js';
import { MonitorLine } from './monitor-line.js';

const UNESCAPED =
  'a quote or backslash is not escaped, as Valkey 8.1 writes MONITOR; from here on, arguments end at a quote before another argument, ' +
  'so a value with `" "` in it is taken for two';

/**
 * The output of `redis-cli MONITOR`. Times are relative to the first line. Commands of scripts have the client `lua`
 * (SCRIPT_CLIENT), and follow the EVAL that called them.
 */
export class MonitorInput extends FileInput {
  readonly kind = 'monitor';
  readonly #clients = new MonitorClients();
  override readonly warnings: string[] = [];
  #line = 0;
  #emptyLine: number | undefined;

  clientName(client: number): string {
    return this.#clients.name(client);
  }

  placeOf(): string {
    return `line ${this.#line}`;
  }

  *events(): Generator<InputEvent, void> {
    this.skipMark();
    const command = emptyCommand();
    const event: CommandEvent = { kind: 'command', command };
    const line = new MonitorLine();
    const clock = new InputClock((message) => this.warnings.push(message));
    const place = () => `${this.path}: line ${this.#line}`;
    const clients = this.#clients;
    const window = this.window;
    let firstMicros: number | undefined;
    for (;;) {
      const end = this.#lineEnd();
      if (end < 0) return;
      const from = window.at;
      const to = end > from && window.bytes[end - 1] === CR ? end - 1 : end;
      this.#line++;
      if (!this.#isNoCommand(from, to)) {
        const wasUnescaped = line.isUnescaped;
        const problem = line.parse(command, window.bytes, from, to);
        if (line.isUnescaped && !wasUnescaped) this.warnings.push(`${place()}: ${UNESCAPED}`);
        if (problem !== undefined && end === window.end) {
          this.warnings.push(`${place()}: the log ends inside this line; it is dropped`);
          return;
        }
        if (problem !== undefined)
          throw this.#refuse(problem, shownBytes(window.bytes.subarray(from, to), 60));
        if (firstMicros === undefined) {
          firstMicros = line.micros;
          const epoch = clock.advanceTo(Math.floor(firstMicros / 1000), place);
          if (epoch !== undefined) yield epoch;
        }
        clock.passTo(Math.floor((line.micros - firstMicros) / 1000), place);
        command.client = clients.number(line.client);
        command.timeMs = clock.timeMs;
        const select = clients.selectFor(command, line.database);
        if (select !== undefined) yield { kind: 'command', command: select };
        clients.track(command);
        yield event;
      }
      window.at = Math.min(end + 1, window.end);
    }
  }

  /** Reads the line that starts at `at`. Returns its end, or -1 at the end of the file. */
  #lineEnd(): number {
    const window = this.window;
    let searched = 0;
    for (;;) {
      const { at, end } = window;
      const found = window.bytes.subarray(at + searched, end).indexOf(LF);
      if (found >= 0) return at + searched + found;
      searched = end - at;
      if (!window.fill()) return searched === 0 ? -1 : window.end;
    }
  }

  /** Whether a line is the server's reply to MONITOR, or an empty line at the end. */
  #isNoCommand(from: number, to: number): boolean {
    if (from === to) {
      this.#emptyLine ??= this.#line;
      return true;
    }
    if (this.#emptyLine !== undefined) {
      this.#line = this.#emptyLine;
      throw this.#refuse('it is empty', 'commands after it');
    }
    if (this.#line > 1 || to - from > 3) return false;
    const text = latin1(this.window.bytes, from, to);
    return text === 'OK' || text === '+OK';
  }

  #refuse(problem: string, found: string): InputError {
    return new InputError(
      `${this.path}: line ${this.#line} (byte ${this.window.position}): not a line of MONITOR: ${problem}; found ` +
        `${found}; delete the line, or record the log again`,
    );
  }
}
