/** Keeps the address bar and the page in step: a change of either updates the other. */
import { type AtlasState, FIRST_ATLAS } from './atlas/atlas-state.js';
import { type Experiment, FIRST_EXPERIMENT } from './experiment.js';
import { formatLink, type Link, parseLink } from './link.js';
import type { Session } from './session.js';
import type { View } from './state.js';
import type { Store } from './store.js';
import { axisTexts } from './sweep/plan.js';
import type { Sweeps } from './sweep/sweeps.js';

/** Browsers allow about a hundred changes in half a minute. */
const WRITE_AFTER_MS = 400;

export class Address {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #written = location.hash;

  constructor(
    private readonly session: Session,
    private readonly view: View,
    private readonly sweeps: Sweeps,
    private readonly atlas: Store<AtlasState>,
    /** Called after a change of the address from outside: a pasted link, or a step back in the history. */
    private readonly onChange: (link: Link) => void,
  ) {
    session.opened.subscribe(() => this.#writeSoon());
    session.experiments.subscribe(() => this.#writeSoon());
    view.subscribe(() => this.#writeSoon());
    sweeps.shown.subscribe(() => this.#writeSoon());
    atlas.subscribe(() => this.#writeSoon());
    // A click may copy the address, which then is that of the page as it is seen.
    addEventListener('click', () => this.#writeNow(), { capture: true });
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

  #writeNow(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#write();
  }

  #write(): void {
    this.#timer = undefined;
    // The address has changed from outside, and its `hashchange` event has not arrived yet.
    if (location.hash !== this.#written) return;
    const known = this.session.experiments.get().flatMap((experiment, side) => {
      if (experiment !== null) return [experiment];
      return this.session.opened.get() !== null && side === 0 ? [] : this.#ofFile(side);
    });
    const sweep = this.sweeps.shown.get();
    const link = formatLink({
      experiments: sweep?.plan == null ? known : [sweep.plan.experiment],
      open: this.session.opened.get(),
      view: this.view.get(),
      axes: sweep?.plan?.axes.flatMap(axisTexts) ?? [],
      atlas: sweep === null ? FIRST_ATLAS : this.atlas.get(),
    });
    if (link === location.hash) return;
    // Another run is a step of the history; another view of it is none.
    const isStep = subjectOf(this.#written) !== '' && subjectOf(link) !== subjectOf(this.#written);
    if (isStep) history.pushState(null, '', link);
    else history.replaceState(null, '', link);
    this.#written = location.hash;
  }
}

/** Returns the part of a link that decides what runs, without the view of it. */
function subjectOf(hash: string): string {
  return hash
    .replace(/^#/, '')
    .split('&')
    .filter((entry) => !/^(view|atlas)\./.test(entry))
    .join('&');
}
