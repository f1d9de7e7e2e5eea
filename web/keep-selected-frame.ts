/** Frames of a recording that grows may give way: the one that is looked at, and the one it is compared with, stay. */
import type { Frame, Recordings } from './recordings.js';
import type { View } from './state.js';

export function keepMoment(recordings: Recordings, view: View): void {
  recordings.subscribe(([now], [before]) => {
    if (now === undefined || before === undefined || now.title !== before.title) return;
    const [old, frames] = [before.recording.frames, now.recording.frames];
    if (!before.isGrowing || old.every((frame, at) => frame === frames[at])) return;
    const moved = (index: number | null) => (index === null ? null : placeOf(old[index], frames));
    const { frame, before: compared } = view.get();
    view.change({ frame: moved(frame), before: moved(compared) });
  });
}

/** Where it is now, or the one that is nearest in the stream. */
function placeOf(frame: Frame | undefined, frames: readonly Frame[]): number | null {
  if (frame === undefined || frames.length === 0) return null;
  const distance = ({ snapshot: { virtualMs, position } }: Frame) =>
    Math.abs(position - frame.snapshot.position) + Math.abs(virtualMs - frame.snapshot.virtualMs);
  return frames.reduce((best, each, at) => (distance(each) < distance(frames[best]!) ? at : best), 0);
}
