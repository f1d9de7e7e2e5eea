import { InputError } from '../base/index.js';
/** Reads an option that is a whole number. */
export function integerOption(option: string, min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new InputError(`${option} ${value}: must be a whole number, ${min} to ${max}`);
  };
}
