// A running hub as the benchmark asks it: what became of the messages, and the way to its gateway.

export type Hub = {
  /** The gateway's. */
  httpUrl: string
  /** Messages of samples so far, by what became of them; a hub that starts anew counts from zero. */
  counts(): Promise<Counts>
  /** Starts the workers that were kept waiting; resolves when they have been told to. */
  startWorkers(): Promise<void>
}

export type Counts = {
  stored: number
  shed: number
  folded: number
  /** Sockets and CONNECTs turned away, by reason. */
  refused: Readonly<Record<string, number>>
}

const STORED = 'anxin_messages_total{lane="routine",outcome="stored"}'
const SHED = 'anxin_messages_total{lane="routine",outcome="shed"}'
const FOLDED = 'anxin_folded_total{lane="routine"}'

/** Sums the counters of these processes. */
export async function countsOf(httpUrls: readonly string[]): Promise<Counts> {
  const texts = await Promise.all(httpUrls.map(async url => (await fetch(`${url}/metrics`)).text()))
  const sum = (sample: string): number => texts.reduce((total, text) => total + sampleOf(text, sample), 0)
  return { stored: sum(STORED), shed: sum(SHED), folded: sum(FOLDED), refused: refusedIn(texts.join('\n')) }
}

/** The value of one sample of a Prometheus text, named as it stands there; 0 when it is not there yet. */
export function sampleOf(text: string, sample: string): number {
  const line = text.split('\n').find(line => line.startsWith(`${sample} `))
  return line === undefined ? 0 : Number(line.slice(sample.length + 1))
}

/** The samples of `anxin_refused_total` by their label. */
export function refusedIn(text: string): Record<string, number> {
  const byReason: Record<string, number> = {}
  for (const [, reason = '', count] of text.matchAll(REFUSED))
    byReason[reason] = (byReason[reason] ?? 0) + Number(count)
  return byReason
}

const REFUSED = /^anxin_refused_total\{reason="([a-z_]+)"\} ([0-9]+)$/gm

const ASK_EVERY_MS = 25
const FOLDED_WITHIN_MS = 180_000

/** Waits until `records` samples in all are folded; returns when that was seen, epoch ms. @throws Error when never. */
export async function foldedAt(hub: Hub, records: number, everyMs = ASK_EVERY_MS): Promise<number> {
  for (const deadline = Date.now() + FOLDED_WITHIN_MS; Date.now() < deadline; ) {
    const { folded } = await hub.counts()
    if (folded >= records) return performance.timeOrigin + performance.now()
    await new Promise(resolve => setTimeout(resolve, everyMs))
  }
  throw new Error(`of ${records} records not all were folded within ${FOLDED_WITHIN_MS / 1000} s`)
}
