/** How much of a terminal the output goes to. */
export interface Terminal {
  readonly width: number;
  /** In lines; absent where output is not for a screen. */
  readonly height?: number;
  readonly colours: ColourDepth;
}

/** 16 colours are too few for a scale, so such a terminal is drawn to without any. */
export type ColourDepth = 'truecolor' | '256' | 'none';

/** The parts of process.stdout that matter here. */
export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  getColorDepth?(env?: Record<string, string | undefined>): number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const NARROWEST = 40;
const WIDEST = 120;
const USUAL = 80;

export function terminalOf(stream: OutputStream, env: Environment): Terminal {
  const height = heightOf(stream, env);
  return {
    width: widthOf(stream, env),
    colours: coloursOf(stream, env),
    ...(height === undefined ? {} : { height }),
  };
}

function widthOf(stream: OutputStream, env: Environment): number {
  const told = /^\d+$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : 0;
  return Math.min(WIDEST, Math.max(NARROWEST, told || stream.columns || USUAL));
}

function heightOf({ rows }: OutputStream, { LINES = '' }: Environment): number | undefined {
  return /^[1-9]\d{0,3}$/.test(LINES) ? Number(LINES) : rows || undefined;
}

// https://no-color.org comes first; FORCE_COLOR (0 to 3) as Node reads it, but for pipes and files as well.
function coloursOf(stream: OutputStream, env: Environment): ColourDepth {
  if (env.NO_COLOR) return 'none';
  if (env.FORCE_COLOR === '3') return 'truecolor';
  if (env.FORCE_COLOR === '2') return '256';
  if (env.FORCE_COLOR === '0' || stream.isTTY !== true) return 'none';
  const bits = stream.getColorDepth?.({ ...env }) ?? 1;
  if (bits >= 24) return 'truecolor';
  return bits >= 8 ? '256' : 'none';
}
