import { latin1Bytes } from '../../base/index.js';
import {
  parseScan,
  type RequestReader,
  type RequestWords,
  type ScanForm,
  type ScanRequest,
} from '../../commands/index.js';
import { ALL_SLOTS, keySlot, patternSlot, SLOTS, type SlotRange, slotTag } from '../keyspace/index.js';

/** CLUSTERSCAN scans slots from a cursor on, or replies with a cursor and no keys. */
export type ClusterScan =
  | { readonly slots: SlotRange; readonly cursor: number; readonly request: ScanRequest }
  | { readonly cursorText: string };

const SLOT_ERROR = 'ERR Invalid or out of range slot';
/** Cursors of another server begin with another one. Its six characters are from 0 to o. */
const FINGERPRINT = 'lab000';

/** Parses CLUSTERSCAN cursor [MATCH pattern] [COUNT count] [TYPE type] [SLOT slot] of a node that has all slots. */
export function parseClusterScan(
  words: RequestWords,
  form: ScanForm,
  isCluster: boolean,
): ClusterScan | string {
  if (!isCluster) return 'ERR This instance has cluster support disabled';
  let wanted: number | undefined;
  const request = parseScan(words, form, (reader) => {
    if (!reader.takes('SLOT', 1)) return false;
    if (wanted !== undefined) reader.refuse('ERR SLOT option can only be specified once');
    wanted = slotAt(reader);
    return true;
  });
  if (typeof request === 'string') return request;
  const matched = request.pattern === undefined ? undefined : patternSlot(request.pattern);
  const isNowhere = wanted !== undefined && matched !== undefined && wanted !== matched;
  const text = words.text(1);
  if (text === '0') return { cursorText: isNowhere ? '0' : slotCursor(wanted ?? matched ?? 0) };
  const at = parseSlotCursor(text);
  if (at === undefined) return 'ERR Invalid cursor';
  if (wanted !== undefined && wanted !== at.slot) return 'ERR Cursor slot mismatch with SLOT argument';
  if (matched !== undefined && matched !== at.slot) {
    return { cursorText: !isNowhere && matched > at.slot ? slotCursor(matched) : '0' };
  }
  const last = wanted === undefined && matched === undefined ? ALL_SLOTS.last : at.slot;
  return { slots: { first: at.slot, last }, cursor: at.cursor, request };
}

/** Returns the text of a cursor within the slots of a scan, of which the low 14 bits are the slot. */
export function clusterCursorText(cursor: number): string {
  if (cursor === 0) return '0';
  return `${FINGERPRINT}-{${slotTag(cursor % SLOTS)}}-${cursor}`;
}

/** The cursor that starts at a slot. */
function slotCursor(slot: number): string {
  return `0-{${slotTag(slot)}}-0`;
}

function slotAt(reader: RequestReader): number {
  const slot = reader.integer(SLOT_ERROR);
  if (slot < 0 || slot > ALL_SLOTS.last) reader.refuse(SLOT_ERROR);
  return slot;
}

/** A cursor of another server counts as the start of its slot. */
function parseSlotCursor(text: string): { readonly slot: number; readonly cursor: number } | undefined {
  const [, fingerprint, name = '', digits = ''] = /^([^-]*)-([^-]*)-(\d+)$/.exec(text) ?? [];
  if (fingerprint === undefined) return undefined;
  const slot = keySlot(latin1Bytes(name), 0, name.length);
  return { slot, cursor: fingerprint === FINGERPRINT ? Number(digits) : 0 };
}
