// The figures as they are asked for: who may, of which area, as JSON, as CSV, and the report of a day.

import { describe, expect, onTestFinished, test } from 'vitest'
import { cellOf, csvOf } from '../../gateway/csv.ts'
import { createArea } from '../../records/areas.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { ENGINE } from '../records/started.ts'
import { raiseAlarm } from './alarm.ts'
import { call, startDesk, type TestDesk } from './desk.ts'

const FIGURES = [
  'answer-times',
  'on-site',
  'load',
  'floods',
  'alarms',
  'calls',
  'devices',
  'chattering',
  'stale',
] as const

describe('a supervisor', () => {
  test.each(FIGURES)('reads %s, as CSV as well', async figure => {
    const desk = await startDesk()
    const person = await desk.person('supervisor')
    const { status, body } = await person.call('GET', `/stats/${figure}`)
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body.areaId).toBe('root')
    const csv = await person.call('GET', `/stats/${figure}?format=csv`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const accepted = await call(desk.url, {
      path: `/stats/${figure}`,
      token: person.token,
      headers: { accept: 'text/csv' },
    })
    expect(accepted.headers.get('content-disposition')).toBe(`attachment; filename="${figure}.csv"`)
  })

  test('sees their own areas alone', async () => {
    const desk = await startDesk()
    const area = { id: 'near', parentId: 'root', name: '近', level: 'city' } as const
    await createArea(desk.records, { scope: WHOLE_HUB, area })
    await createArea(desk.records, { scope: WHOLE_HUB, area: { ...area, id: 'far' } })
    const person = await desk.person('supervisor', 'near')
    expect((await person.call('GET', '/stats/alarms')).body.areaId).toBe('near')
    const { status, body } = await person.call('GET', '/stats/alarms?area=far')
    expect({ status, path: body.errors[0].path }).toEqual({ status: 400, path: 'querystring.area' })
  })

  test.each([
    ['from=5&to=5', 'the span is empty'],
    ['from=0&to=99999999999', 'it is longer than a year'],
    ['timeZone=Mars/Olympus', 'there is no such zone'],
    ['date=2026-11-21', 'that is no field of it'],
    ['from=yesterday', 'that is no time'],
  ])('may not ask for %s: %s', async query => {
    const person = await (await startDesk()).person('supervisor')
    const { status, body } = await person.call('GET', `/stats/alarms?${query}`)
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'BAD_REQUEST' })
  })

  test('counts the alarm that was just raised', async () => {
    const desk = await startDesk()
    await raiseAlarm(desk)
    await desk.records.db.updateTable('timeline').set({ detailJson: '{"reason":"first"}' }).execute()
    desk.clock.advance(20_000)
    const person = await desk.person('supervisor')
    const { total } = (await person.call('GET', '/stats/answer-times')).body
    expect(total).toMatchObject({ count: 1, done: 0 })
    expect(total.within.map(({ of }: { of: number }) => of)).toEqual([1, 0, 0, 0])
    expect((await person.call('GET', '/stats/alarms')).body.total.emergencies).toBe(1)
  })
})

describe('the report of a day', () => {
  test.each([
    ['zh', '日报'],
    ['en', 'Daily report'],
  ])('in %s stands for itself and runs nothing', async (lang, title) => {
    const desk = await startDesk()
    const area = { id: 'near', parentId: 'root', name: '<script>alert(1)</script>', level: 'city' } as const
    await createArea(desk.records, { scope: WHOLE_HUB, area })
    const person = await desk.person('supervisor', 'near')
    const { status, headers, body } = await person.call('GET', `/stats/daily?lang=${lang}&date=2026-10-12`)
    expect(status, JSON.stringify(body)).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(body).toContain(title)
    expect(body).toContain('2026-10-12')
    expect(body).not.toContain('<script')
    expect(body).not.toMatch(/\b(?:src|href)=/)
  })

  test('of no day is refused', async () => {
    const person = await (await startDesk()).person('supervisor')
    expect((await person.call('GET', '/stats/daily?date=2026-02-30')).status).toBe(400)
  })
})

describe('a cell', () => {
  test.each<[string | number | null, string, string]>([
    ['=1+1', "'=1+1", 'a formula'],
    ['+8613800000000', "'+8613800000000", 'a number with a plus is one to a spreadsheet'],
    ['-2', "'-2", 'a text that begins with minus'],
    ['@SUM(A1)', "'@SUM(A1)", 'an old form of one'],
    ['\t=1', "'\t=1", 'behind a tab'],
    ['  =1', "'  =1", 'behind blanks'],
    ['\u200b=1', "'=1", 'behind what nobody sees'],
    ['＝1', "'＝1", 'in wide letters'],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"', 'with quotes'],
    ['\u202egnp.exe', 'gnp.exe', 'turned around'],
    ['a,b', '"a,b"', 'a comma'],
    ['a\r\nb', '"a\r\nb"', 'lines'],
    ['李秀英', '李秀英', 'a name'],
    [-2, '-2', 'a number of the hub’s own'],
    [null, '', 'nothing'],
  ])('%j is written %j: %s', (cell, written) => {
    expect(cellOf(cell)).toBe(written)
  })

  test('stands in a table that says that it is UTF-8', () => {
    expect(csvOf({ columns: ['a', 'b'], rows: [['李', 1]] })).toBe('\ufeffa,b\r\n李,1\r\n')
  })
})

/** Figures that take long: whatever reads them is held until the test lets it go. */
async function slowFigures({ records }: TestDesk): Promise<() => void> {
  const { promise: read, resolve: letGo } = Promise.withResolvers<void>()
  const connections = ENGINE === 'sqlite' ? 1 : 2
  for (let taken = 0; taken < connections; taken++) {
    const { promise: begun, resolve } = Promise.withResolvers<void>()
    void records.figures.transaction().execute(() => {
      resolve()
      return read
    })
    await begun
  }
  onTestFinished(() => letGo())
  return letGo
}

test('figures that take long hold up nobody: an alarm is accepted meanwhile, and its list read', async () => {
  const desk = await startDesk()
  const [supervisor, operator] = [await desk.person('supervisor'), await desk.person('operator')]
  const id = await raiseAlarm(desk)
  const letGo = await slowFigures(desk)
  let isTold = false
  const figures = supervisor.call('GET', '/stats/alarms').finally(() => {
    isTold = true
  })
  expect((await operator.call('POST', `/alarms/${id}/accept`)).status).toBe(200)
  expect((await supervisor.call('GET', '/alarms')).status).toBe(200)
  expect(isTold).toBe(false)
  letGo()
  expect((await figures).status).toBe(200)
})
