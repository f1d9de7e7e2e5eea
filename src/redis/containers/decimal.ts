/** Digits behind the point that a server writes of a sum (util.c: ld2string, LD_STR_HUMAN). */
const DIGITS = 17;

/**
 * The sum of two decimal texts as HINCRBYFLOAT writes it: up to 17 digits behind the point, no zeros at the end. The
 * server adds 80-bit floats, which agree with exact decimals in all the digits that it then prints of common numbers.
 * Undefined if one of them is no number.
 */
export function decimalSum(left: string, right: string): string | undefined {
  const a = scaled(left);
  const b = scaled(right);
  if (a === undefined || b === undefined) return undefined;
  const sum = a + b;
  const digits = `${sum < 0n ? -sum : sum}`.padStart(DIGITS + 1, '0');
  const whole = digits.slice(0, -DIGITS);
  const fraction = digits.slice(-DIGITS).replace(/0+$/, '');
  return `${sum < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Times 10^17, rounded. */
function scaled(text: string): bigint | undefined {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,4}))?$/i.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const power = DIGITS - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction);
  const value = power >= 0 ? digits * 10n ** BigInt(power) : digits / 10n ** BigInt(-power);
  return sign === '-' ? -value : value;
}
