/** Appends items. A spread in a call fails beyond some 100,000 items, which are too many arguments. */
export function append<Item>(to: Item[], items: Iterable<Item>): void {
  for (const item of items) to.push(item);
}

/** Returns the greatest of numbers, however many, and of `least`. */
export function greatest(numbers: Iterable<number>, least = -Infinity): number {
  let most = least;
  for (const number of numbers) if (number > most) most = number;
  return most;
}
