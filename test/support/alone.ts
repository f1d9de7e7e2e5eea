/** Refuses processes and sockets to the tests of the unit lane, which are fast and fit any machine. */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

function refuse(): never {
  throw new Error('a unit test starts no process and opens no socket; name the file *.integration.test.ts');
}

const STARTERS = ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'] as const;
Object.assign(childProcess, Object.fromEntries(STARTERS.map((name) => [name, refuse])));
net.Server.prototype.listen = refuse;
net.Socket.prototype.connect = refuse;
syncBuiltinESMExports();
