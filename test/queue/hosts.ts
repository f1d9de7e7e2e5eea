/** Hosts of a test, whose network can be cut. */
import { execFileSync } from 'node:child_process';
import { type Running, start } from '../support/running.js';

/** One machine of a test. */
export interface Host {
  /** The address at which it sees the machine of the test. */
  readonly server: string;
  start(args: readonly string[]): Running;
  /** Takes the network away from what was started. Packets are lost, and nobody is told. */
  cut(): void;
  mend(): void;
}

export interface Hosts {
  readonly hosts: readonly Host[];
  /** What a server needs among its settings for them to reach it. */
  readonly serverSettings: readonly string[];
  remove(): void;
}

const ip = (...words: readonly string[]) => execFileSync('ip', words, { stdio: 'ignore' });

/** Returns hosts that are network namespaces where root may make them, else processes that are stopped for a cut. */
export function openHosts(count: number): Hosts {
  return namespaces(count) ?? processes(count);
}

/** The address of a host on a subnet of 16, which follows from the process, in the network for benchmarks (RFC 2544). */
function address(host: number): string {
  const subnet = process.pid % 2 ** 13;
  return `198.${18 + (subnet >> 12)}.${(subnet >> 4) & 255}.${(subnet & 15) * 16 + host}`;
}

function namespaces(count: number): Hosts | undefined {
  const server = address(1);
  const name = (index: number) => `slab${process.pid}-${index}`;
  const bridge = name(0);
  const names = Array.from({ length: count }, (_, index) => name(index + 1));
  const remove = () => {
    for (const words of [
      ...names.map((host) => ['netns', 'del', host]),
      ...[bridge, ...names].map((link) => ['link', 'del', link]),
    ]) {
      try {
        ip(...words);
      } catch {
        // Either it was never made, or it went with the other end of its cable.
      }
    }
  };
  try {
    ip('link', 'add', bridge, 'type', 'bridge');
    ip('addr', 'add', `${server}/28`, 'dev', bridge);
    ip('link', 'set', bridge, 'up');
    for (const [index, host] of names.entries()) {
      ip('netns', 'add', host);
      ip('link', 'add', host, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host);
      ip('link', 'set', host, 'master', bridge, 'up');
      ip('-n', host, 'addr', 'add', `${address(index + 2)}/28`, 'dev', 'eth0');
      ip('-n', host, 'link', 'set', 'eth0', 'up');
      ip('-n', host, 'link', 'set', 'lo', 'up');
    }
  } catch {
    remove();
    return undefined;
  }
  return {
    hosts: names.map((host) => ({
      server,
      start: (args) => start(args, process.cwd(), {}, ['ip', 'netns', 'exec', host]),
      cut: () => ip('link', 'set', host, 'down'),
      mend: () => ip('link', 'set', host, 'up'),
    })),
    serverSettings: ['--bind', '127.0.0.1', server, '--protected-mode', 'no'],
    remove,
  };
}

function processes(count: number): Hosts {
  const hosts = Array.from({ length: count }, (): Host => {
    const started: Running[] = [];
    return {
      server: '127.0.0.1',
      start(args) {
        const running = start(args);
        started.push(running);
        return running;
      },
      cut: () => started.at(-1)?.send('SIGSTOP'),
      mend: () => started.at(-1)?.send('SIGCONT'),
    };
  });
  return { hosts, serverSettings: [], remove: () => {} };
}
