/** Keeps the selected frame and the compared one while a growing recording drops frames. */
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

/** Returns the index of the frame, or of the nearest one in the stream if the frame was dropped. */
function placeOf(frame: Frame | undefined, frames: readonly Frame[]): number | null {
  if (frame === undefined || frames.length === 0) return null;
  const distance = ({ snapshot: { virtualMs, position } }: Frame) =>
    Math.abs(position - frame.snapshot.position) + Math.abs(virtualMs - frame.snapshot.virtualMs);
  return frames.reduce((best, each, at) => (distance(each) < distance(frames[best]!) ? at : best), 0);
}
