/** Finds out what a running server is, so that the lab can model one like it. */
import { parseMallocStats } from '../analysis/index.js';
import {
  DEFAULT_VERSION,
  nearestServer,
  SETTING_NAMES,
  type ServerVersion,
  Settings,
  serverNameOf,
  setSetting,
} from '../model/index.js';
import { serverVersion } from '../run/index.js';
import { matchingBuild, type Occupancy, occupancyOfServer } from '../verify/index.js';
import type { Control } from './control.js';
import type { LabServiceOptions } from './lab-service.js';

export interface InspectedServer {
  readonly lab: Omit<LabServiceOptions, 'conf' | 'epochMs' | 'hasRegions'>;
  readonly product: string;
  readonly version: string;
  /** The number of keys before the lab follows the server. */
  readonly keys: number;
  /** Sentences about what could not be determined. */
  readonly notes: readonly string[];
}

export interface ModelOverrides {
  readonly server?: string | undefined;
  readonly build?: string | undefined;
}

/** Inspects a server. It sends all commands of later surveys, so that their memory is already allocated. */
export async function inspectServer(
  control: Control,
  given: ModelOverrides,
  unseen: number | undefined,
): Promise<InspectedServer> {
  const notes: string[] = [];
  const info = await control.ask('INFO');
  const fields = info.isError ? '' : (info.texts[0] ?? '');
  if (info.isError) notes.push(`it does not answer INFO (${info.texts[0]}): the lab may not be like it`);
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(fields)?.[1];
  const product = field('server_name') === 'valkey' ? 'valkey' : 'redis';
  const version =
    (product === 'valkey' ? field('valkey_version') : field('redis_version')) ?? 'of no known version';
  const server = given.server ?? modelOf(product, version, notes);
  const settings = await settingsOf(control, serverVersion(server), notes);
  const survey = await surveyOf(control, unseen);
  if (survey === null) notes.push('its allocator tells nothing of itself: it may be no jemalloc');
  return {
    lab: {
      server,
      build: given.build ?? (survey === null ? DEFAULT_VERSION.defaultBuild : survey.build),
      isCluster: field('cluster_enabled') === '1',
      settings,
    },
    product,
    version,
    keys: [...fields.matchAll(/^db\d+:keys=(\d+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0),
    notes,
  };
}

export interface ServerSurvey {
  readonly occupancy: Occupancy;
  readonly build: string;
  readonly client: InspectionClient;
}

/** The inspecting connection, seen from the server. */
interface InspectionClient {
  readonly address: string;
  /** The size of its reply buffer, which is part of used_memory, or undefined if the server does not report it. */
  readonly replyBufferBytes: number | undefined;
}

/** Returns the occupancy of the server's allocator. Its used_memory excludes the `unseen` client. */
export async function surveyOf(control: Control, unseen: number | undefined): Promise<ServerSurvey | null> {
  const stats = await control.ask('MEMORY', 'MALLOC-STATS');
  const { texts } = await control.askAtOnce(
    ['CLIENT', 'INFO'],
    ['INFO', 'memory'],
    ...(unseen === undefined ? [] : [['CLIENT', 'LIST', 'ID', String(unseen)]]),
  );
  const [client = '', memory = '', unseenClient = ''] = texts;
  const used = /^used_memory:(\d+)/m.exec(memory)?.[1];
  const text = stats.texts[0] ?? '';
  if (stats.isError || used === undefined || !text.includes('jemalloc')) return null;
  const parsed = parseMallocStats(text);
  return {
    occupancy: occupancyOfServer(parsed, Number(used) - (bytesIn(unseenClient, 'tot-mem') ?? 0)),
    build: matchingBuild(parsed),
    client: inspectionClientOf(client),
  };
}

function inspectionClientOf(line: string): InspectionClient {
  return { address: fieldIn(line, 'addr') ?? '', replyBufferBytes: bytesIn(line, 'rbs') };
}

/** Returns a field of a line of CLIENT LIST. */
function fieldIn(line: string, name: string): string | undefined {
  return new RegExp(` ${name}=(\\S+)`).exec(line)?.[1];
}

function bytesIn(line: string, name: string): number | undefined {
  const bytes = fieldIn(line, name);
  return bytes === undefined ? undefined : Number(bytes);
}

function modelOf(product: string, version: string, notes: string[]): string {
  // A product without models has the one of traffic that names no server.
  const own = serverNameOf(product, version);
  const { name } = nearestServer(product, version);
  if (name !== own) {
    notes.push(`there is no model of ${own} yet: it is modelled as ${name}; --server chooses another`);
  }
  return name;
}

async function settingsOf(
  control: Control,
  modelled: ServerVersion,
  notes: string[],
): Promise<(readonly [string, string])[]> {
  const { texts, isError } = await control.ask('CONFIG', 'GET', '*');
  if (isError) {
    notes.push(`it does not tell its settings (${texts[0]}): the lab has the defaults`);
    return [];
  }
  const tried = new Settings(modelled);
  const settings: (readonly [string, string])[] = [];
  for (let at = 0; at + 1 < texts.length; at += 2) {
    const name = texts[at]!;
    const value = texts[at + 1]!;
    if (!SETTING_NAMES.has(name)) continue;
    if (setSetting(tried, name, value)) settings.push([name, value]);
    else notes.push(`its setting ${name} is ${value}, which is not modelled`);
  }
  return settings;
}
