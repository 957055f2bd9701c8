import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openInfluxHistory } from '../../workers/history.influx.ts'
import { needs } from '../needs.ts'
import { type Influx, startInflux } from '../servers/influx.ts'
import { startVictoria } from '../servers/victoria.ts'
import { describeHistory } from './history.contract.ts'
import { allKept, entriesOf, sample } from './history.entries.ts'

const NOON = Date.UTC(2026, 10, 21, 12)

const place = (url: string, bucket: string) => ({ url, token: undefined, org: 'anxin', bucket })

describe.runIf(needs('influxd'))('with an InfluxDB', () => {
  let influx: Influx
  let databases = 0
  beforeAll(async () => {
    influx = await startInflux()
  })
  afterAll(() => influx.remove())

  async function makePlace() {
    const bucket = `history_${++databases}`
    await influx.createDatabase(bucket)
    return {
      bucket,
      open: () => openInfluxHistory({ place: place(influx.url, bucket) }),
      remove: async () => undefined,
    }
  }

  describeHistory('InfluxDB', makePlace)

  it('says that it is away, and goes on when it is back', async () => {
    const open = (await makePlace()).open()
    onTestFinished(open.close)
    const first = sample(NOON, { steps: 1 })
    await open.history.write(entriesOf([first]))
    await influx.stop()
    await expect(open.history.write(entriesOf([first]))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(open.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await influx.start()
    const second = entriesOf([sample(NOON + 1, { steps: 2 })])
    expect(await open.history.write(second)).toEqual(allKept({ sample: 1 }))
    await open.ping()
    const from = NOON - 1_000
    const found = []
    for await (const some of open.history.read({ deviceId: 'd1', type: 'sample', from, to: NOON + 1_000 }))
      found.push(...some)
    expect(found).toHaveLength(2)
  })

  it('keeps the others of a batch of which one is refused', async () => {
    const made = await makePlace()
    const open = made.open()
    onTestFinished(open.close)
    // From now on `worn` is a word there, and whoever says that it is true is refused.
    const body = `sample,device=d2 worn="yes" ${NOON}000000`
    await fetch(`${influx.url}/write?db=${made.bucket}`, { method: 'POST', body })
    const odd = sample(NOON + 500, { worn: true })
    const all = Array.from({ length: 9 }, (_, second) => sample(NOON + second * 1_000, { steps: second }))
    const written = await open.history.write(entriesOf([...all.slice(0, 4), odd, ...all.slice(4)]))
    expect(written).toEqual(allKept({ sample: 10, refused: 1 }))
    const found = []
    for await (const some of open.history.read({
      deviceId: 'd1',
      type: 'sample',
      from: NOON,
      to: NOON + 60_000,
    }))
      found.push(...some)
    expect(found).toEqual(all)
  })

  it('names a bucket that is not there, and takes nothing for kept', async () => {
    const open = openInfluxHistory({ place: place(influx.url, 'nowhere') })
    onTestFinished(open.close)
    await expect(open.history.write(entriesOf([sample(NOON, {})]))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    })
    await expect(open.ping()).rejects.toThrow('database not found')
  })
})

/**
 * The call of InfluxDB 2.x, as its documentation has it: 204 without a body. No server of that version runs here.
 */
it('deletes by the call of InfluxDB 2, where there is one', async () => {
  const asked: { url: string; token: string | undefined; body: unknown }[] = []
  const server = createServer((request, answer) => {
    let text = ''
    request.on('data', some => {
      text += String(some)
    })
    request.on('end', () => {
      if (request.method === 'POST') {
        asked.push({
          url: request.url ?? '',
          token: request.headers.authorization,
          body: JSON.parse(text),
        })
        answer.writeHead(204).end()
      } else answer.end('{"results":[{"statement_id":0}]}')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const open = openInfluxHistory({ place: { url, token: 'secret', org: 'anxin', bucket: 'history' } })
  onTestFinished(open.close)
  await open.history.erase([{ deviceId: 'd1', from: NOON, to: NOON + 3_600_000 }])
  expect(asked).toEqual(
    ['sample', 'event', 'motion'].map(type => ({
      url: '/api/v2/delete?org=anxin&bucket=history',
      token: 'Token secret',
      body: {
        start: '2026-11-21T12:00:02.000Z',
        stop: '2026-11-21T12:59:59.999999999Z',
        predicate: `_measurement="${type}" AND device="d1"`,
      },
    })),
  )
})

describe.runIf(needs('victoria-metrics'))('with a VictoriaMetrics', () => {
  it('takes what is written once, however often that is', async () => {
    const victoria = await startVictoria()
    onTestFinished(victoria.remove)
    const open = openInfluxHistory({ place: place(victoria.url, 'history') })
    onTestFinished(open.close)
    const all = Array.from({ length: 500 }, (_, second) =>
      sample(NOON + second * 1_000, { vitals: { hr: 60 + (second % 40) } }, { deviceId: `d${second % 3}` }),
    )
    await open.history.write(entriesOf(all))
    await open.history.write(entriesOf(all.slice(100)))
    // It has no deletion by time, and must not be believed to have done it.
    const span = { deviceId: 'd0', from: NOON, to: NOON + 600_000 }
    await expect(open.history.erase([span])).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    const series = await victoria.exported('sample_hr')
    expect(series.map(({ labels }) => labels.device).sort()).toEqual(['d0', 'd1', 'd2'])
    const stored = series.flatMap(({ labels, times, values }) =>
      times.map((time, index) => `${labels.device} ${time} ${values[index]}`),
    )
    const wanted = all.map(({ deviceId, at, sample: { vitals } }) => `${deviceId} ${at} ${vitals?.hr}`)
    expect(stored.sort()).toEqual(wanted.sort())
  })
})
