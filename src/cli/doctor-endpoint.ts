import type { HttpResponse } from '../model/runtime.js';
import { describeClock, measureSkewMs } from './doctor-clock.js';
import type { DoctorTask } from './doctor-task.js';
import { formatDuration } from './duration.js';
import { diagnoseDial, probeSocket } from './socket-probe.js';

const ANSWER_MAX_BYTES = 64 * 1024;

/** An answer and when it was asked for and came, for the clock. */
export interface TimedAnswer {
  readonly response: HttpResponse;
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

export async function askHttp(task: DoctorTask, url: string): Promise<TimedAnswer> {
  const { clock, http } = task.io.runtime;
  const sentAtMs = clock.nowMs();
  const { timeoutMs } = task;
  const response = await http({ method: 'GET', url, timeoutMs, maxBodyBytes: ANSWER_MAX_BYTES });
  return { response, sentAtMs, receivedAtMs: clock.nowMs() };
}

/** The server's clock by way of HTTP, for servers whose upgrade answer carries no date. */
async function askSkewMs(task: DoctorTask, socketUrl: string): Promise<number | undefined> {
  try {
    const { response, sentAtMs, receivedAtMs } = await askHttp(
      task,
      socketUrl.replace(/^ws/, 'http'),
    );
    const { serverDateMs } = response;
    return serverDateMs === undefined
      ? undefined
      : measureSkewMs(serverDateMs, sentAtMs, receivedAtMs);
  } catch {
    // A WebSocket server need not answer plain HTTP; then there is no clock to compare with.
    return undefined;
  }
}

/** The addresses of market and private data, each once; `venue` has those of the venue itself. */
export function listSocketUrls(
  { url, userUrl }: DoctorTask,
  venue: { readonly market: string; readonly user: string },
): string[] {
  return [...new Set([url ?? venue.market, userUrl ?? url ?? venue.user])];
}

/** What dialling showed: an address that answered, and the server's clock where one told it. */
interface Dialled {
  readonly reached: string | undefined;
  readonly skewMs: number | undefined;
}

/** Dials each address once and reports how each answered. */
export async function dialEndpoints(
  task: DoctorTask,
  venue: string,
  urls: readonly string[],
): Promise<Dialled> {
  let skewMs: number | undefined;
  let reached: string | undefined;
  for (const url of urls) {
    const place = { venue, check: 'endpoint' } as const;
    const { timeoutMs, caPem } = task;
    const probe = await probeSocket(task.io.runtime, { url, timeoutMs, caPem });
    if (probe.serverDateMs !== undefined) {
      skewMs ??= measureSkewMs(probe.serverDateMs, probe.sentAtMs, probe.receivedAtMs);
    }
    if (probe.close) {
      task.report.add({ ...place, status: 'problem', ...diagnoseDial(url, probe.close) });
      continue;
    }
    reached ??= url;
    const text = `${url} answers in ${formatDuration(probe.elapsedMs)}`;
    task.report.add({ ...place, status: 'ok', text });
  }
  return { reached, skewMs };
}

/** Dials each address once and compares clocks; true where at least one answered. */
export async function checkSocketEndpoint(
  task: DoctorTask,
  venue: string,
  urls: readonly string[],
): Promise<boolean> {
  const { reached, skewMs } = await dialEndpoints(task, venue, urls);
  const isAsked = reached !== undefined && skewMs === undefined;
  task.report.add(describeClock(venue, isAsked ? await askSkewMs(task, reached) : skewMs));
  return reached !== undefined;
}
