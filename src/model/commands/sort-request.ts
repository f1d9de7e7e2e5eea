import type { Call } from '../server/index.js';
import { integerAt } from './container-call.js';

/** What SORT was asked for. Arguments are given by index; -1: not given. */
export interface SortRequest {
  readonly isDescending: boolean;
  readonly isAlpha: boolean;
  /** Not so if BY names a constant: the elements stay in their order. */
  readonly isSorted: boolean;
  readonly by: number;
  readonly get: readonly number[];
  readonly store: number;
  readonly offset: number;
  /** Negative: all. */
  readonly limit: number;
}

/** Reads the options; says the error and gives undefined if one makes no sense. `onGet` is called for each GET. */
export function sortRequest(call: Call, mayStore: boolean, onGet: () => void): SortRequest | undefined {
  const get: number[] = [];
  const request = {
    isDescending: false,
    isAlpha: false,
    isSorted: true,
    by: -1,
    get,
    store: -1,
    offset: 0,
    limit: -1,
  };
  for (let index = 2; index < call.argc; index++) {
    const left = call.argc - index - 1;
    if (call.is(index, 'ASC')) request.isDescending = false;
    else if (call.is(index, 'DESC')) request.isDescending = true;
    else if (call.is(index, 'ALPHA')) request.isAlpha = true;
    else if (call.is(index, 'LIMIT') && left >= 2) {
      const offset = integerAt(call, ++index);
      const limit = offset === undefined ? undefined : integerAt(call, ++index);
      if (offset === undefined || limit === undefined) return undefined;
      Object.assign(request, { offset, limit });
    } else if (mayStore && call.is(index, 'STORE') && left >= 1) {
      request.store = ++index;
    } else if (call.is(index, 'BY') && left >= 1) {
      request.by = ++index;
      request.isSorted &&= call.text(index).includes('*');
      if (call.server.isCluster && request.isSorted) return refuse(call, 'BY');
    } else if (call.is(index, 'GET') && left >= 1) {
      if (call.server.isCluster) return refuse(call, 'GET');
      onGet();
      get.push(++index);
    } else {
      call.reply.syntaxError();
      return undefined;
    }
  }
  return request;
}

function refuse(call: Call, option: string): undefined {
  call.reply.error(`ERR ${option} option of SORT denied in Cluster mode.`);
  return undefined;
}
