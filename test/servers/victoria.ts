// A real VictoriaMetrics on a free port: it takes InfluxDB's line protocol at /api/v2/write as it is, and gives back
// what it stored. Times are milliseconds to it, and what came twice with one time is one.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Daemon, startDaemon } from './daemon.ts'
import { reservePort } from './ports.ts'

/** The values of one series with their times, epoch ms. */
export type Series = { labels: Record<string, string>; times: number[]; values: number[] }

export type Victoria = Daemon & {
  url: string
  /** Everything that is stored of a metric such as `sample_hr`. */
  exported(metric: string): Promise<Series[]>
}

export async function startVictoria(): Promise<Victoria> {
  const dir = mkdtempSync(join(tmpdir(), 'anxin-victoria-'))
  const url = `http://127.0.0.1:${await reservePort()}`
  const daemon = await startDaemon({
    program: 'victoria-metrics',
    args: [
      `-httpListenAddr=${new URL(url).host}`,
      `-storageDataPath=${join(dir, 'data')}`,
      '-retentionPeriod=100y',
      '-dedup.minScrapeInterval=1ms',
      '-memory.allowedBytes=134217728',
      '-loggerLevel=WARN',
    ],
    dir,
    aliveUrl: `${url}/health`,
  })
  return {
    ...daemon,
    url,
    async exported(metric) {
      await fetch(`${url}/internal/force_flush`)
      const match = new URLSearchParams({ 'match[]': `{__name__="${metric}"}` })
      const text = await (await fetch(`${url}/api/v1/export?${match}`)).text()
      const lines = text.split('\n').filter(line => line !== '')
      return lines.map(line => {
        const { metric: labels, timestamps: times, values } = JSON.parse(line)
        return { labels, times, values }
      })
    },
  }
}
