/** Real programs on the distribution's jemalloc, recorded and replayed, beside the statistics that they print at the end. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../../src/run/index.js';
import { slablab } from './cli.js';

export interface RealProgram {
  readonly name: string;
  /** Writes what the program reads, and returns its command line. */
  prepare(directory: string): readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One size class, as the program counted it and as the replay has it. */
export interface ClassPair {
  readonly size: number;
  readonly program: { readonly slabs: number; readonly regions: number };
  readonly lab: { readonly slabs: number; readonly regions: number };
}

export interface Fidelity {
  readonly operations: number;
  readonly calls: number;
  readonly threads: number;
  readonly rawBytesPerCall: number;
  readonly opsBytesPerCall: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly lost: number;
  readonly classes: readonly ClassPair[];
}

const SQL = `create table t(a integer primary key, b text, c blob);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 60000)
insert into t select i, printf('%d', i * 7919) || substr('abcdefghijklmnopqrstuvwxyz', 1, i % 26), zeroblob(i % 200) from n;
create index x on t(b);
delete from t where a % 3 = 0;
update t set b = b || 'x' where a % 5 = 0;
vacuum;
select count(*), sum(length(c)) from t;
`;
const PYTHON = `d = {}
for r in range(3):
    for i in range(60000): d[i * 7 + r] = str(i) * (i % 5 + 1)
    for i in range(0, 60000, 2): d.pop(i * 7 + r, None)
`;
const PERL = `my %h;
$h{"k$_"} = "v" x ($_ % 60) for 1..80000;
for (1..80000) { delete $h{"k$_"} if $_ % 3 }
my @a; push @a, "x" x ($_ % 200) for 1..40000;
`;
const PLUS = `#include <map>
#include <regex>
#include <string>
#include <unordered_map>
#include <vector>
int main() { std::map<int, std::string> m; std::unordered_map<std::string, std::vector<int>> u; std::regex r("a(b|c)*d");
  for (int i = 0; i < 9; i++) { m[i] = "x"; u["k"].push_back(i); } return std::regex_match("abcd", r) + (int)m.size(); }
`;
const RUBY = `a = (1..30000).map { |i| "x" * (i % 300) }
t = 4.times.map { |k| Thread.new { h = {}; 20000.times { |i| h[i] = "v" * (i % 50) }; h.size } }
t.each(&:join)
a.select!.with_index { |_, i| i % 3 == 0 }
`;
const NODE = `const m = new Map();
for (let i = 0; i < 50000; i++) m.set(i, Buffer.allocUnsafeSlow(i % 500));
for (let i = 0; i < 50000; i += 2) m.delete(i);
require('zlib').deflateSync(Buffer.alloc(1 << 20));
`;

const BASH = `declare -A h
for ((i = 0; i < 6000; i++)); do h[k$i]="value $((i % 97)) of $i"; a+=("\${h[k$i]}"); done
for ((i = 0; i < 6000; i += 3)); do unset "h[k$i]" "a[$i]"; done
s="\${a[*]}"; s="\${s//value/v}"; echo "\${#s}" >/dev/null
`;
const VIM = `for i in range(4000)
  call append(line('$'), repeat('line ' . i . ' ', i % 9 + 1))
endfor
g/7/d
%s/line/LINE/g
normal! ggVG=
undo
let d = {}
for i in range(3000)
  let d[i] = getline(i)
endfor
quit!
`;

function file(directory: string, name: string, text: string): string {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
}

function commits(directory: string): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: directory, stdio: 'pipe' });
  git('init', '-q');
  for (let commit = 0; commit < 25; commit++) {
    for (let part = 0; part < 8; part++) file(directory, `f${part}`, `${commit} `.repeat(2000 + 100 * part));
    git('add', '-A');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', `${commit}`);
  }
  return directory;
}

const script = (...lines: readonly string[]) => ['sh', '-c', lines.join('\n')];

export const REAL_PROGRAMS: readonly RealProgram[] = [
  { name: 'sqlite3', prepare: (at) => ['sqlite3', ':memory:', `.read ${file(at, 'load.sql', SQL)}`] },
  {
    name: 'python3',
    prepare: (at) => ['/usr/bin/python3', file(at, 'job.py', PYTHON)],
    env: { PYTHONMALLOC: 'malloc', PYTHONHASHSEED: '0' },
  },
  {
    name: 'perl',
    prepare: (at) => ['perl', file(at, 'job.pl', PERL)],
    env: { PERL_HASH_SEED: '0' },
  },
  {
    name: 'jq',
    prepare: (at) => {
      const rows = Array.from({ length: 8000 }, (_, i) => ({
        id: i,
        name: `n${i}`,
        tags: ['a', 'b', `${i % 7}`],
      }));
      return [
        'jq',
        '-c',
        'map({id, n: .name, t: (.tags | length)}) | length',
        file(at, 'in.json', JSON.stringify(rows)),
      ];
    },
  },
  {
    name: 'g++ -O1 (cc1plus)',
    prepare: (at) => ['g++', '-O1', '-c', file(at, 'a.cc', PLUS), '-o', join(at, 'a.o')],
  },
  { name: 'bash', prepare: (at) => ['bash', file(at, 'job.bash', BASH)] },
  { name: 'vim', prepare: (at) => ['vim', '-u', 'NONE', '-es', '-S', file(at, 'job.vim', VIM)] },
  { name: 'git gc', prepare: (at) => ['git', '-C', commits(at), 'gc', '-q'] },
  { name: 'ruby, 5 threads', prepare: (at) => ['ruby', file(at, 'job.rb', RUBY)] },
  { name: 'node', prepare: (at) => ['node', file(at, 'job.js', NODE)] },
  {
    name: 'redis-server',
    prepare: (at) =>
      script(
        `redis-server --port 0 --unixsocket ${at}/s --save '' --daemonize no --dir ${at} >/dev/null & server=$!`,
        `unset LD_PRELOAD; until redis-cli -s ${at}/s ping >/dev/null 2>&1; do :; done`,
        `redis-benchmark -s ${at}/s -q -n 30000 -r 20000 -c 10 -d 150 -t set,lpush,hset >/dev/null`,
        `redis-cli -s ${at}/s config set maxmemory 3mb >/dev/null`,
        `redis-cli -s ${at}/s shutdown nosave; wait $server`,
      ),
  },
  {
    name: 'memcached',
    prepare: (at) =>
      script(
        `memcached -u root -s ${at}/m -a 777 -m 64 & server=$!`,
        `unset LD_PRELOAD; /usr/bin/python3 ${file(at, 'client.py', MEMCACHED(join(at, 'm')))}; kill $server; wait $server`,
      ),
  },
];

function MEMCACHED(socket: string): string {
  return `import socket, time
for _ in range(500):
    try:
        s = socket.socket(socket.AF_UNIX); s.connect('${socket}'); break
    except OSError: time.sleep(0.02)
f = s.makefile('rb')
for i in range(6000):
    v = b'x' * (i % 3000)
    s.sendall(b'set k%d 0 0 %d\\r\\n' % (i, len(v)) + v + b'\\r\\n'); f.readline()
`;
}

/** Records a program, replays it, and pairs its own statistics with those of the replay. */
export async function fidelityOf(program: RealProgram, directory: string): Promise<Fidelity> {
  mkdirSync(directory, { recursive: true });
  const command = program.prepare(directory);
  const out = join(directory, 'trace.ops');
  const conf = { MALLOC_CONF: 'stats_print:true,stats_print_opts:Jax' };
  const args = ['record', '--out', out, '--json', '--preload', 'libjemalloc.so.2', '--', ...command];
  const recorded = await slablab(args, { ...conf, ...program.env });
  if (recorded.stdout === '') throw new Error(`${program.name}: ${recorded.stderr}`);
  const { images } = JSON.parse(recorded.stdout);
  const [image] = images;
  const { stdout, stderr } = await slablab(['run', out, '--build', 'q4', '--json', '--quiet']);
  if (stdout === '') throw new Error(`${program.name}: ${stderr}`);
  const { phases } = JSON.parse(stdout) as RunResult;
  return {
    operations: image.operations,
    calls: image.counts.calls,
    threads: image.counts.threads,
    rawBytesPerCall: image.rawBytes / image.counts.calls,
    opsBytesPerCall: statSync(out).size / image.counts.calls,
    counts: image.counts,
    lost: image.lost,
    classes: paired(largestStatistics(recorded.stderr), phases.at(-1)!.bins),
  };
}

interface Statistics {
  readonly jemalloc: {
    readonly arenas: { readonly bin: readonly { size: number }[] };
    readonly 'stats.arenas': {
      readonly merged: { readonly bins: readonly { nmalloc: number; curregs: number; curslabs: number }[] };
    };
  };
}

/** Returns the statistics of the process that allocated most; several processes may print theirs. */
function largestStatistics(text: string): Statistics {
  const all = text
    .split(/(?=\{\s*"jemalloc")/)
    .filter((part) => /^\{\s*"jemalloc"/.test(part))
    .flatMap((part) => {
      const end = part.lastIndexOf('}');
      for (let at = end; at > 0; at = part.lastIndexOf('}', at - 1)) {
        try {
          return [JSON.parse(part.slice(0, at + 1)) as Statistics];
        } catch {}
      }
      return [];
    });
  const allocations = ({ jemalloc }: Statistics) =>
    jemalloc['stats.arenas'].merged.bins.reduce((sum, { nmalloc }) => sum + nmalloc, 0);
  const [first] = all.sort((a, b) => allocations(b) - allocations(a));
  if (first === undefined) throw new Error(`no statistics of jemalloc in: ${text.slice(0, 2000)}`);
  return first;
}

function paired({ jemalloc }: Statistics, bins: RunResult['phases'][number]['bins']): ClassPair[] {
  const { bin } = jemalloc.arenas;
  return jemalloc['stats.arenas'].merged.bins.map(({ curslabs, curregs }, index) => {
    const { size } = bin[index]!;
    const own = bins.find((one) => one.size === size);
    return {
      size,
      program: { slabs: curslabs, regions: curregs },
      lab: { slabs: own?.curslabs ?? 0, regions: own?.curregs ?? 0 },
    };
  });
}
