/** The capabilities of the terminal that shows the output. */
export interface Terminal {
  readonly width: number;
  /** The number of lines; absent if the output is not on a screen. */
  readonly height?: number | undefined;
  readonly colours: ColourDepth;
}

/** The number of colours. Terminals with 16 colours count as 'none', since 16 are too few for a scale. */
export type ColourDepth = 'truecolor' | '256' | 'none';

/** The part of process.stdout that is used here. */
export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  getColorDepth?(env?: Record<string, string | undefined>): number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const MIN_WIDTH = 40;
const MAX_WIDTH = 120;
const DEFAULT_WIDTH = 80;

export function terminalOf(stream: OutputStream, env: Environment): Terminal {
  const height = heightOf(stream, env);
  return {
    width: widthOf(stream, env),
    colours: coloursOf(stream, env),
    height,
  };
}

function widthOf(stream: OutputStream, env: Environment): number {
  const columns = /^\d+$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : 0;
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns || stream.columns || DEFAULT_WIDTH));
}

function heightOf({ rows }: OutputStream, { LINES = '' }: Environment): number | undefined {
  return /^[1-9]\d{0,3}$/.test(LINES) ? Number(LINES) : rows || undefined;
}

/**
 * Returns the number of colours. NO_COLOR (https://no-color.org) has precedence. FORCE_COLOR (0 to 3) has its meaning in
 * Node, and also applies to pipes and files.
 */
function coloursOf(stream: OutputStream, env: Environment): ColourDepth {
  if (env.NO_COLOR) return 'none';
  if (env.FORCE_COLOR === '3') return 'truecolor';
  if (env.FORCE_COLOR === '2') return '256';
  if (env.FORCE_COLOR === '0') return 'none';
  // Any other value asks for colours, and 256 are what every terminal of today has.
  if (env.FORCE_COLOR) return '256';
  if (stream.isTTY !== true) return 'none';
  const bits = stream.getColorDepth?.({ ...env }) ?? 1;
  if (bits >= 24) return 'truecolor';
  return bits >= 8 ? '256' : 'none';
}
