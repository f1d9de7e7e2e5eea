/** How far apart colours are, for the usual eyes and for those of dichromats. */
import { type ColorCommonInstance, type LabColor, lab, rgb } from 'd3';

/** How dichromats see linear RGB: Machado, Oliveira and Fernandes 2009, severity 1.0. */
export const EYES: Readonly<Record<string, readonly (readonly number[])[]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

const linear = (level: number) =>
  level <= 0.04045 * 255 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4;
const gamma = (value: number) =>
  255 * (value <= 0.0031308 ? 12.92 * Math.max(0, value) : 1.055 * Math.min(1, value) ** (1 / 2.4) - 0.055);

function seenBy(eyes: string, colour: string): ColorCommonInstance {
  const { r, g, b } = rgb(colour);
  const light = [r, g, b].map(linear);
  const [red, green, blue] = EYES[eyes]!.map((row) =>
    gamma(row.reduce((sum, w, at) => sum + w * light[at]!, 0)),
  );
  return rgb(red!, green!, blue!);
}

function luminance(colour: string): number {
  const { r, g, b } = rgb(colour);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** Returns the contrast of WCAG 2. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Returns the Euclidean distance in CIELAB. */
export function distance(eyes: string, a: string, b: string): number {
  const [x, y] = [lab(seenBy(eyes, a)), lab(seenBy(eyes, b))];
  return Math.hypot(x.l - y.l, x.a - y.a, x.b - y.b);
}

/** Returns the difference of CIEDE2000, as Sharma, Wu and Dalal give it in 2005. */
export function difference2000(eyes: string, a: string, b: string): number {
  return ciede2000(lab(seenBy(eyes, a)), lab(seenBy(eyes, b)));
}

const degrees = (radians: number) => (radians * 180) / Math.PI;
const radians = (angle: number) => (angle * Math.PI) / 180;

export function ciede2000(
  one: Pick<LabColor, 'l' | 'a' | 'b'>,
  other: Pick<LabColor, 'l' | 'a' | 'b'>,
): number {
  const meanChroma = (Math.hypot(one.a, one.b) + Math.hypot(other.a, other.b)) / 2;
  const stretch = 1 + (1 - Math.sqrt(meanChroma ** 7 / (meanChroma ** 7 + 25 ** 7))) / 2;
  const polar = ({ a, b }: { readonly a: number; readonly b: number }) => ({
    chroma: Math.hypot(stretch * a, b),
    hue: (degrees(Math.atan2(b, stretch * a)) + 360) % 360,
  });
  const [p, q] = [polar(one), polar(other)];
  const isGrey = p.chroma * q.chroma === 0;
  const turn = isGrey ? 0 : ((q.hue - p.hue + 540) % 360) - 180;
  const dL = other.l - one.l;
  const dC = q.chroma - p.chroma;
  const dH = 2 * Math.sqrt(p.chroma * q.chroma) * Math.sin(radians(turn / 2));
  const L = (one.l + other.l) / 2;
  const C = (p.chroma + q.chroma) / 2;
  const H = isGrey ? p.hue + q.hue : p.hue + turn / 2;
  const T =
    1 -
    0.17 * Math.cos(radians(H - 30)) +
    0.24 * Math.cos(radians(2 * H)) +
    0.32 * Math.cos(radians(3 * H + 6)) -
    0.2 * Math.cos(radians(4 * H - 63));
  const sL = 1 + (0.015 * (L - 50) ** 2) / Math.sqrt(20 + (L - 50) ** 2);
  const sC = 1 + 0.045 * C;
  const sH = 1 + 0.015 * C * T;
  const around = (((H % 360) + 360) % 360) - 275;
  const twist =
    -2 * Math.sqrt(C ** 7 / (C ** 7 + 25 ** 7)) * Math.sin(radians(60 * Math.exp(-((around / 25) ** 2))));
  return Math.sqrt((dL / sL) ** 2 + (dC / sC) ** 2 + (dH / sH) ** 2 + twist * (dC / sC) * (dH / sH));
}
