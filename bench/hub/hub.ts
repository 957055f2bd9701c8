// A running hub as the benchmark asks it: what became of the messages, and the way to its gateway.

export type Hub = {
  /** The gateway's. */
  httpUrl: string
  /** Messages of samples so far, by what became of them; a hub that starts anew counts from zero. */
  counts(): Promise<Counts>
  /** Samples folded so far: asks the workers alone. */
  folded(): Promise<number>
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

/** Samples folded by this process. */
export async function foldedOf(httpUrl: string): Promise<number> {
  return sampleOf(await (await fetch(`${httpUrl}/metrics`)).text(), FOLDED)
}

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

const FOLDED_WITHIN_MS = 180_000
/** A look costs the hub a millisecond or two, so most of the way it is left alone. */
const LOOK_MS = { soonest: 25, first: 50, latest: 1_000 } as const

/** Waits until `records` samples in all are folded; returns when that was seen, epoch ms. @throws Error when never. */
export async function foldedAt(hub: Hub, records: number): Promise<number> {
  const startedAt = now()
  const first = await hub.folded()
  for (let folded = first, waitMs: number = LOOK_MS.first; folded < records; folded = await hub.folded()) {
    if (now() - startedAt > FOLDED_WITHIN_MS)
      throw new Error(`of ${records} records ${folded} were folded within ${FOLDED_WITHIN_MS / 1000} s`)
    const perMs = (folded - first) / (now() - startedAt)
    // Half of the way that seems to be left: the last looks come close upon each other.
    if (perMs > 0) waitMs = (records - folded) / perMs / 2
    const { soonest, latest } = LOOK_MS
    await new Promise(resolve => setTimeout(resolve, Math.min(latest, Math.max(soonest, waitMs))))
  }
  return now()
}

const now = (): number => performance.timeOrigin + performance.now()
