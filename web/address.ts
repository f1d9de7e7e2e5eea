/** Keeps the address bar and the page in step: a change of either updates the other. */
import { type Experiment, FIRST_EXPERIMENT } from './experiment.js';
import { formatLink, type Link, parseLink } from './link.js';
import type { Session } from './session.js';
import type { View } from './state.js';

/** Browsers allow about a hundred changes in half a minute. */
const WRITE_AFTER_MS = 400;

export class Address {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #written = location.hash;

  constructor(
    private readonly session: Session,
    private readonly view: View,
    /** Called after a change of the address from outside: a pasted link, or a step back in the history. */
    private readonly onChange: (link: Link) => void,
  ) {
    session.opened.subscribe(() => this.#writeSoon());
    session.experiments.subscribe(() => this.#writeSoon());
    view.subscribe(() => this.#writeSoon());
    addEventListener('hashchange', () => {
      if (location.hash !== this.#written) this.onChange(this.read());
    });
  }

  read(): Link {
    this.#written = location.hash;
    return parseLink(location.hash);
  }

  /** Returns what names the file of a recording: a link cannot have more of it. */
  #ofFile(side: number): Experiment[] {
    const shown = this.session.recordings.get()[side];
    if (shown === undefined) return [];
    return [{ ...FIRST_EXPERIMENT, subject: { kind: 'file', name: shown.title } }];
  }

  #writeSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), WRITE_AFTER_MS);
  }

  #write(): void {
    // The address has changed from outside, and its `hashchange` event has not arrived yet.
    if (location.hash !== this.#written) return;
    const known = this.session.experiments.get().flatMap((experiment, side) => {
      if (experiment !== null) return [experiment];
      return this.session.opened.get() !== null && side === 0 ? [] : this.#ofFile(side);
    });
    const link = formatLink({
      experiments: known,
      open: this.session.opened.get(),
      view: this.view.get(),
    });
    if (link === location.hash) return;
    history.replaceState(null, '', link);
    this.#written = location.hash;
  }
}
