import { CONTAINER_SUBJECTS } from './container-kind.js';
import { isArgument, Owner } from './struct-kind.js';
import { kindOfOwner, OWNERS, owned, Subject, subjectOfOwner } from './tag.js';

const KINDS: ReadonlySet<number> = new Set(Object.values(Owner));

/** Owners as they are given, with the subject that a kind implies where none is said. */
export const WHOLE = Uint16Array.from({ length: OWNERS }, (_, owner) => owner);
for (const [kind, subject] of CONTAINER_SUBJECTS) WHOLE[kind] = owned(kind, subject);
WHOLE[Owner.valueString] = owned(Owner.valueString, Subject.string);

/** Arguments that outlive their command: the same to whoever asks, though a table of origins tells them apart. */
export const KEPT_ARGUMENT: ReadonlyMap<number, number> = new Map(
  [...KINDS].filter(isArgument).map((kind) => [kind, owned(kind, Subject.keys)]),
);
for (const [owner, kept] of KEPT_ARGUMENT) WHOLE[kept] = owner;

/** What arguments are when they have become (part of) a string value. */
export const OF_STRING: ReadonlyMap<number, number> = new Map([
  [Owner.argumentObject, owned(Owner.valueObject, Subject.string)],
  [Owner.argumentString, Owner.valueString],
]);

/** Those that there can be. */
export const HELD: readonly number[] = Array.from(WHOLE.keys()).filter(
  (owner) =>
    subjectOfOwner(owner) <= Subject.expires && KINDS.has(kindOfOwner(owner)) && WHOLE[owner] === owner,
);

/** Of those, the ones whose region is some key's: its name, its value, its entries. */
export const OF_KEY: ReadonlySet<number> = new Set(
  HELD.filter((owner) => {
    const subject = subjectOfOwner(owner);
    const isEntry = subject >= Subject.keys && kindOfOwner(owner) === Owner.dictEntry;
    const isValue = subject >= Subject.string && subject <= Subject.stream;
    return isEntry || isValue || owner === Owner.keyName || owner === Owner.valueObject;
  }),
);
