/** The keys of a map that has the focus, and their actions. */

export type KeyAction =
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'whole' }
  /** Moves the view by shares of the frame. */
  | { readonly kind: 'pan'; readonly x: number; readonly y: number }
  /** Moves to the next item in a direction. */
  | { readonly kind: 'step'; readonly x: number; readonly y: number }
  /** Chooses the next or the previous item, in the order of the map. */
  | { readonly kind: 'next'; readonly by: 1 | -1 }
  /** Moves to the first or the last item. */
  | { readonly kind: 'end'; readonly isLast: boolean }
  | { readonly kind: 'pin' }
  | { readonly kind: 'unpin' };

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export const KEYS_HELP =
  'Arrow keys go from slab to slab, Home and End to the first and the last; with Shift they move the view; ' +
  '+ and - zoom, 0 shows the whole map; ' +
  'Enter keeps a slab in the panel, Escape lets it go.';

export function keyAction({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>): KeyAction | null {
  const arrow = ARROWS[key];
  if (arrow !== undefined) {
    const [x, y] = arrow;
    return shiftKey ? { kind: 'pan', x: x / 4, y: y / 4 } : { kind: 'step', x, y };
  }
  switch (key) {
    case '+':
    case '=':
      return { kind: 'zoom', factor: 2 };
    case '-':
    case '_':
      return { kind: 'zoom', factor: 0.5 };
    case '0':
      return { kind: 'whole' };
    case 'PageUp':
      return { kind: 'pan', x: 0, y: -0.75 };
    case 'PageDown':
      return { kind: 'pan', x: 0, y: 0.75 };
    case 'Home':
    case 'End':
      return { kind: 'end', isLast: key === 'End' };
    case 'Enter':
    case ' ':
      return { kind: 'pin' };
    case 'Escape':
      return { kind: 'unpin' };
    default:
      return null;
  }
}
