import type { RdbCursor } from './cursor.js';
import { ModuleOpcode } from './rdb-format.js';
import type { RdbModule } from './rdb-values.js';

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NAME_LENGTH = 9;

/** Returns the name of a module type. Its ID has nine characters of six bits, and ten bits of version. */
export function moduleName(id: bigint): string {
  let name = '';
  for (let index = NAME_LENGTH - 1; index >= 0; index--) {
    name += CHARACTERS[Number((id >> BigInt(10 + index * 6)) & 63n)];
  }
  return name;
}

/** Reads a module value, whose annotations allow skipping it without its module. */
export function readModule(cursor: RdbCursor): RdbModule {
  const from = cursor.position;
  const name = moduleName(cursor.bigLength("a module's id"));
  skipModuleValue(cursor, name);
  return { kind: 'module', moduleName: name, sizeBytes: cursor.position - from };
}

export function skipModuleValue(cursor: RdbCursor, name: string): void {
  for (;;) {
    const at = cursor.position;
    const opcode = cursor.length(`the value of module ${name}`);
    switch (opcode) {
      case ModuleOpcode.end:
        return;
      case ModuleOpcode.signed:
      case ModuleOpcode.unsigned:
        cursor.bigLength(`a number of module ${name}`);
        break;
      case ModuleOpcode.float:
        cursor.take(4);
        break;
      case ModuleOpcode.double:
        cursor.take(8);
        break;
      case ModuleOpcode.string:
        cursor.skipString(`a string of module ${name}`);
        break;
      default:
        throw cursor.damaged(`the value of module ${name} has an unknown part ${opcode}`, at);
    }
  }
}
