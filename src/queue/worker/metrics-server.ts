/** The figures of a worker as Prometheus reads them, on a port of its own. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '../../base/index.js';
import type { QueueWorker } from './queue-worker.js';

export class MetricsServer {
  private constructor(private readonly server: Server) {}

  static async open(worker: QueueWorker, host: string, port: number): Promise<MetricsServer> {
    const server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end('there is only GET /metrics\n');
        return;
      }
      metricsOf(worker).then(
        (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text),
        (error: Error) => response.writeHead(503).end(`${error.message}\n`),
      );
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => {
        reject(new InputError(`--metrics ${port}: ${error.message}; name another port`));
      });
      server.listen(port, host, resolve);
    });
    return new MetricsServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

async function metricsOf(worker: QueueWorker): Promise<string> {
  const { jobs, running, cells, failedCells, operations, replayMs } = worker.figures;
  const { waiting, active } = await worker.depth();
  return [
    metric('slablab_cells_total', 'counter', 'Cells that this worker has run', cells),
    metric('slablab_cells_failed_total', 'counter', 'Cells among them that ended with an error', failedCells),
    metric('slablab_operations_total', 'counter', 'Operations of the allocator in these cells', operations),
    metric('slablab_replay_seconds_total', 'counter', 'Time inside the allocator', replayMs / 1000),
    metric('slablab_threads', 'gauge', 'Cells that can run at a time', jobs),
    metric('slablab_slices_running', 'gauge', 'Slices that run here', running),
    metric('slablab_queue_waiting', 'gauge', 'Slices that wait in the queue', waiting),
    metric('slablab_queue_active', 'gauge', 'Slices that run on all machines', active),
    metric('process_resident_memory_bytes', 'gauge', 'Resident memory', process.memoryUsage.rss()),
    metric('process_cpu_seconds_total', 'counter', 'Processor time', cpuSeconds()),
  ].join('');
}

function metric(name: string, type: 'counter' | 'gauge', help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
