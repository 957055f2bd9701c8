import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { IMPORT_ERRORS_MAX, IMPORT_ROWS_MAX, type ImportReport } from '../../model/import.ts'
import { listAudit } from '../../records/audit.ts'
import { verifyAudit } from '../../records/audit-chain.ts'
import { type Db, lastSeq } from '../../records/db.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { DISK_FULL, refuse } from '../records/refuse.ts'
import { ENGINE } from '../records/started.ts'
import { type Person, startDesk, type TestDesk } from './desk.ts'

type Brought = { status: number; body: ImportReport & { code?: string; errors?: { path: string }[] } }

async function bring(
  { url }: TestDesk,
  { token }: Person,
  path: string,
  file: string | Uint8Array<ArrayBuffer>,
): Promise<Brought> {
  const answer = await fetch(`${url}/api/v1/import/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: file,
  })
  return { status: answer.status, body: (await answer.json()) as Brought['body'] }
}

/** 编号,姓名,电话 / A1,李,13800000001 as GB18030, as Excel in China saves it. */
const GB18030 = Uint8Array.from([
  ...[0xb1, 0xe0, 0xba, 0xc5, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xb5, 0xe7, 0xbb, 0xb0, 0x0d, 0x0a],
  ...[0x41, 0x31, 0x2c, 0xc0, 0xee, 0x2c],
  ...new TextEncoder().encode('13800000001\r\n'),
])

const WHOLE = `编号,姓名,性别,出生日期,电话,地址,独居,防走失,报平安时间,区域,联系人1姓名,联系人1关系,联系人1电话,联系人2姓名,联系人2电话,设备1编号,设备1类型,备注
A1,张秀英,女,1941-03-02,+86 138 0000 0001,"滨海路 ""12"" 号, 302",是,否,9:00,环翠区/温泉社区,女儿,女儿,13800000002,邻居,13800000003,band-1,手环,随便
A2,李玉兰,,,,,,,,,,,,,,,,
`

async function startedDesk(): Promise<{ desk: TestDesk; admin: Person }> {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  await admin.call('POST', '/areas', { id: 'hc', parentId: 'root', name: '环翠区', level: 'district' })
  await admin.call('POST', '/areas', { id: 'wq', parentId: 'hc', name: '温泉社区', level: 'community' })
  return { desk, admin }
}

test('a file is tried, brought in, and brought in again: elders, contacts in order, wearables with their secret once', async () => {
  const { desk, admin } = await startedDesk()
  const changes = await lastSeq(desk.records.db, 'changes')
  const tried = await bring(desk, admin, 'residents?dryRun=true&areaId=hc', `\ufeff${WHOLE}`)
  expect(tried).toMatchObject({
    status: 200,
    body: {
      dryRun: true,
      encoding: 'utf-8',
      counts: { created: 2, updated: 0, unchanged: 0, failed: 0 },
      devices: [{ row: 2, deviceId: 'band-1', secret: null }],
    },
  })
  expect(tried.body.columns.at(-1)).toEqual({ name: '备注', field: null })
  expect(await lastSeq(desk.records.db, 'changes')).toBe(changes) // nothing was written

  const done = await bring(desk, admin, 'residents?areaId=hc', WHOLE)
  expect(done.body).toMatchObject({ counts: { created: 2, failed: 0 }, errors: [] })
  expect(done.body.devices).toEqual([
    { row: 2, deviceId: 'band-1', secret: expect.stringMatching(/^[\w-]{32}$/) },
  ])
  const other = await desk.person('integration') // sees what is masked for others
  expect((await other.call('GET', '/residents/A1')).body).toMatchObject({
    areaId: 'wq',
    gender: 'female',
    birthYear: 1941,
    phone: '+86 138 0000 0001',
    address: '滨海路 "12" 号, 302',
    livesAlone: true,
    wandering: false,
    checkInBy: '09:00',
  })
  expect((await other.call('GET', '/residents/A2')).body).toMatchObject({ areaId: 'hc', gender: null })
  const contacts = (await other.call('GET', '/contacts?residentId=A1')).body.items
  expect(contacts).toMatchObject([
    { name: '女儿', relation: '女儿', position: 1 },
    { name: '邻居', relation: null, position: 2 },
  ])
  expect((await other.call('GET', '/devices/band-1')).body).toMatchObject({ residentId: 'A1', areaId: 'wq' })

  const again = await bring(desk, admin, 'residents?areaId=hc', WHOLE)
  expect(again.body).toMatchObject({
    counts: { created: 0, updated: 0, unchanged: 2, failed: 0 },
    devices: [],
  })
  expect((await other.call('GET', '/contacts?residentId=A1')).body.items).toEqual(contacts)
})

test('what a row says of somebody who is there changes that alone; a person is known by number, then by name', async () => {
  const { desk, admin } = await startedDesk()
  await bring(desk, admin, 'residents', WHOLE)
  const file = `key,name,phone,livesAlone,contact1.name,contact1.phone,contact2.name,contact2.phone
A1,,,no,Daughter,138-0000-0002,邻居,13800000009
`
  const { body } = await bring(desk, admin, 'residents', file)
  expect(body).toMatchObject({ counts: { updated: 1, failed: 0 } })
  const other = await desk.person('integration')
  expect((await other.call('GET', '/residents/A1')).body).toMatchObject({
    name: '张秀英',
    phone: '+86 138 0000 0001', // an empty cell says nothing
    livesAlone: false,
    areaId: 'wq',
  })
  expect((await other.call('GET', '/contacts?residentId=A1')).body.items).toMatchObject([
    { name: 'Daughter', phone: '13800000002', relation: '女儿', position: 1 },
    { name: '邻居', phone: '13800000009', position: 2 },
  ])
})

test('two who share a line stay who they are, and who has an account keeps it and their name', async () => {
  const { desk, admin } = await startedDesk()
  const son = await desk.person('family')
  await admin.call('POST', '/residents', { id: 'A1', name: '张秀英', areaId: 'wq' })
  const line = { residentId: 'A1', phone: '0631-5200001' }
  await admin.call('POST', '/contacts', { ...line, id: 'son', name: '李强', position: 1, userId: son.id })
  const file = `key,name,contact1.name,contact1.phone,contact2.name,contact2.phone
A1,,王芳,0631-5200001,李强,0631-5200001
`
  expect((await bring(desk, admin, 'residents', file)).body.counts).toMatchObject({ updated: 1 })
  const { items } = (await admin.call('GET', '/contacts?residentId=A1')).body
  expect(items.map((one: { name: string; userId: string | null }) => [one.name, one.userId])).toEqual([
    ['李强', son.id],
    ['王芳', null],
  ])
  expect((await bring(desk, admin, 'residents', file)).body.counts).toMatchObject({ unchanged: 1 })
})

test('what was saved by a spreadsheet in China is read as it is', async () => {
  const { desk, admin } = await startedDesk()
  const { body } = await bring(desk, admin, 'residents?dryRun=true', GB18030)
  expect(body).toMatchObject({ encoding: 'gb18030', counts: { created: 1 } })
  expect(body.columns.map(({ field }) => field)).toEqual(['key', 'name', 'phone'])
})

const HEADER = '编号,姓名,性别,电话,区域,联系人1姓名,联系人1电话,设备1编号,设备1类型'
const STRANGE: [row: string, column: string | null, reason: string, value: string | null, why: string][] = [
  [',李', '编号', 'required', null, 'without a key it would be there twice'],
  ['甲,李', '编号', 'invalid', '甲', 'keys become ids'],
  ['11010519491231002X,李', '编号', 'identity_number', '110****002X', 'ids are shown everywhere'],
  ['B1,', '姓名', 'required', null, 'a new elder has a name'],
  ['B2,=1+1', '姓名', 'formula', '=1+1', 'a spreadsheet would calculate it'],
  ['B3,李,女人', '性别', 'invalid', '女人', 'a word that is not known'],
  ['B4,李,,138****0001', '电话', 'masked', '138****0001', 'copied from a screen'],
  [`B5,李,,${'1'.repeat(40)}`, '电话', 'too_long', '111****1111', 'personal values are masked'],
  ['B6,李,,,月球', '区域', 'unknown_area', '月球', 'no such area'],
  ['B7,李,,,重名', '区域', 'ambiguous_area', '重名', 'two are called so'],
  ['B8,李,,,,女儿', '联系人1电话', 'required', null, 'nobody can be called'],
  ['B9,李,,,,,,b9', '设备1类型', 'required', null, 'a new wearable has a kind'],
  ['B10,李,,,,,,worn,手环', '设备1编号', 'worn', 'worn', 'taken off by hand, not by a file'],
  ['B11,李,,,,,,gone,手环', '设备1编号', 'taken', 'gone', 'archived'],
  ['far,李', '编号', 'taken', 'far', 'outside of the areas of the account'],
  ['B12,李,,,,,,,,多出', null, 'more_cells_than_columns', null, 'cells have slipped'],
]

test('every row that cannot be taken is told with its place and reason, and costs no other row', async () => {
  const { desk, admin } = await startedDesk()
  for (const [id, parentId] of [
    ['d1', 'hc'],
    ['d2', 'wq'],
  ])
    await admin.call('POST', '/areas', { id, parentId, name: '重名', level: 'community' })
  await admin.call('POST', '/areas', { id: 'else', parentId: 'root', name: '别处', level: 'district' })
  await admin.call('POST', '/residents', { id: 'far', areaId: 'else', name: '远' })
  await admin.call('POST', '/residents', { id: 'wearer', areaId: 'hc', name: '近' })
  const band = { kind: 'bracelet', protocol: 'mqtt', areaId: 'hc' }
  await admin.call('POST', '/devices', { id: 'worn', kind: 'watch', protocol: 'mqtt', residentId: 'wearer' })
  await admin.call('POST', '/devices', { ...band, id: 'gone' })
  await admin.call('DELETE', '/devices/gone')

  const local = await desk.person('admin', 'hc')
  const rows = STRANGE.map(([row]) => row)
  const file = [HEADER, ...rows, 'GOOD,好', 'GOOD,又来'].join('\n')
  for (const query of ['?dryRun=true', '']) {
    const { body } = await bring(desk, local, `residents${query}`, file)
    const told = STRANGE.map(([, column, reason, value], index) => ({
      row: index + 2,
      column,
      reason,
      value,
    }))
    const twice = { row: rows.length + 3, column: '编号', reason: 'twice', value: 'GOOD' }
    expect(body.errors).toEqual([...told, twice])
    expect(body.counts).toEqual({ created: 1, updated: 0, unchanged: 0, failed: rows.length + 1 })
  }
  expect((await local.call('GET', '/residents/GOOD')).body.name).toBe('好')
  expect((await local.call('GET', '/residents')).body.items).toHaveLength(2) // and nothing of the others
})

const THREE = '编号,姓名\nA,一\nB,二\nC,三\n'

test('a fault that nobody foresaw is told of its own row, and holds up no other', async () => {
  const { desk, admin } = await startedDesk()
  await refuse(desk.records.db, { table: 'residents', when: "new.id = 'B'", why: 'a fault of this row' })
  const { body } = await bring(desk, admin, 'residents', THREE)
  expect(body.errors).toMatchObject([{ row: 3, column: '编号', reason: 'unexpected', value: 'B' }])
  expect(body.counts).toEqual({ created: 2, updated: 0, unchanged: 0, failed: 1 })
  const facts = { row: 'B', error: expect.objectContaining({ message: 'a fault of this row' }) }
  expect(desk.logged).toContainEqual(expect.objectContaining({ facts }))
})

test('when the records take no more, it is said of every row that was not tried', async () => {
  const { desk, admin } = await startedDesk()
  await takeNoMore(desk.records.db)
  const notes = '安'.repeat(2_000) // more than what is left of a page
  const { body } = await bring(desk, admin, 'residents', `编号,姓名,病史\nA,一,${notes}\nB,二,\nC,三,\n`)
  expect(body.errors.map(({ row, reason }) => [row, reason])).toEqual([
    [2, 'unavailable'],
    [3, 'unavailable'],
    [4, 'unavailable'],
  ])
  expect(body.counts).toEqual({ created: 0, updated: 0, unchanged: 0, failed: 3 })
})

async function takeNoMore(db: Db): Promise<void> {
  if (ENGINE === 'postgres')
    return void (await refuse(db, { table: 'residents', why: 'no space left', sqlstate: DISK_FULL }))
  const { rows } = await sql<{ pageCount: number }>`pragma page_count`.execute(db)
  await sql.raw(`pragma max_page_count = ${rows[0]?.pageCount}`).execute(db)
}

test.each<[path: string, file: string | Uint8Array<ArrayBuffer>, reason: string]>([
  ['file.empty', '', 'nothing'],
  ['file.empty', '编号,姓名\n', 'a header alone'],
  ['file.encoding', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0xff]), 'a workbook is no text'],
  ['file.quotes', '编号,姓名\nA1,"李\n', 'a quote that is not closed'],
  ['file.column_missing', '编号,名字\nA1,李\n', 'who is it'],
  ['file.column_twice', '编号,姓名,老人姓名\nA1,李,李\n', 'which of them counts'],
  ['file.rows', `编号,姓名\n${'A,李\n'.repeat(IMPORT_ROWS_MAX + 1)}`, 'too many'],
  [
    'file.rows',
    `编号,姓名\n${'A,李\n'.repeat(20 * IMPORT_ROWS_MAX)}"`,
    'what is far behind them is not read',
  ],
  ['file.columns', `${'x,'.repeat(200)}\n${'A,李\n'.repeat(20_000)}"`, 'nor what is below too many columns'],
])('a file is refused as a whole: %s', async (path, file) => {
  const { desk, admin } = await startedDesk()
  const { status, body } = await bring(desk, admin, 'residents', file)
  expect({ status, code: body.code, path: body.errors?.[0]?.path }).toEqual({
    status: 400,
    code: 'BAD_REQUEST',
    path,
  })
})

test('a file that is too large, no CSV, or for an area of others is not read', async () => {
  const { desk, admin } = await startedDesk()
  expect((await bring(desk, admin, 'residents', 'x'.repeat(5_000_000))).status).toBe(413)
  expect((await admin.call('POST', '/import/residents', { a: 1 })).status).toBe(400)
  const local = await desk.person('admin', 'wq')
  const { status, body } = await bring(desk, local, 'residents?areaId=hc', WHOLE)
  expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path: 'areaId' })
})

test('every elder that a file changed stands in the audit log by id, and a trial or an unchanged row does not', async () => {
  const { desk, admin } = await startedDesk()
  const { db } = desk.records
  const before = await lastSeq(db, 'audit')
  await bring(desk, admin, 'residents?dryRun=true', WHOLE)
  await bring(desk, admin, 'residents', WHOLE)
  await bring(desk, admin, 'residents', WHOLE)
  const { items } = await listAudit(db, { scope: WHOLE_HUB, limit: 50 })
  const rows = items.filter(({ seq }) => seq > before).toReversed()
  const action = 'POST /import/residents'
  expect(rows).toMatchObject([
    { action, actorId: admin.id, targetType: 'resident', targetId: 'A1', areaId: 'wq' },
    { action, actorId: admin.id, targetType: 'resident', targetId: 'A2', areaId: 'root' },
  ])
  expect(JSON.stringify(rows)).not.toContain('张')
  expect(await verifyAudit(db)).toMatchObject({ ok: true })
})

test('wearables come by themselves: registered, given to elders, changed, and the same once more changes nothing', async () => {
  const { desk, admin } = await startedDesk()
  await bring(desk, admin, 'residents', WHOLE)
  const file = `设备编号;类型;老人编号;区域;上报间隔秒
w1;手表;A2;;300
w2;一键通;;温泉社区;
w3;手表;nobody;;
band-1;手环;A2;;
`
  const done = await bring(desk, admin, 'devices', file)
  expect(done.body).toMatchObject({
    counts: { created: 2, failed: 2 },
    errors: [
      { row: 4, column: '老人编号', reason: 'unknown_resident' },
      { row: 5, column: '老人编号', reason: 'worn' },
    ],
  })
  expect(done.body.devices.map(({ deviceId }) => deviceId)).toEqual(['w1', 'w2'])
  expect((await admin.call('GET', '/devices/w1')).body).toMatchObject({
    residentId: 'A2',
    intervalMs: 300_000,
  })
  expect((await admin.call('GET', '/devices/w2')).body).toMatchObject({ residentId: null, areaId: 'wq' })
  const again = await bring(desk, admin, 'devices', file.replace('w2;一键通', 'w2;手表'))
  expect(again.body).toMatchObject({ counts: { created: 0, updated: 1, unchanged: 1, failed: 2 } })
})

test('of a file that is wrong everywhere the first errors are told, and how many there are', async () => {
  const { desk, admin } = await startedDesk()
  const rows = IMPORT_ERRORS_MAX
  const file = `编号,姓名,性别\n${'甲,,?\n'.repeat(rows)}`
  const { body } = await bring(desk, admin, 'residents?dryRun=true', file)
  const ofRow = body.errors.filter(({ row }) => row === 2).length
  expect(ofRow).toBeGreaterThan(1)
  expect(body.errors).toHaveLength(IMPORT_ERRORS_MAX)
  expect(body.errorCount).toBe(rows * ofRow)
  expect(body.counts).toMatchObject({ failed: rows })
})

test('blank lines count as a spreadsheet counts them, and as no rows', async () => {
  const { desk, admin } = await startedDesk()
  const file = `\n编号,姓名\n${',\n'.repeat(IMPORT_ROWS_MAX)}A1,李\n`
  const { body } = await bring(desk, admin, 'residents?dryRun=true', file)
  expect(body.rows).toEqual([{ row: IMPORT_ROWS_MAX + 3, key: 'A1', outcome: 'created' }])
})

test('secrets of an import whose answer was lost are given anew, device by device', async () => {
  const { desk, admin } = await startedDesk()
  const lost = (await bring(desk, admin, 'residents', WHOLE)).body.devices[0]?.secret
  const again = (await bring(desk, admin, 'residents', WHOLE)).body
  expect(again).toMatchObject({ counts: { unchanged: 2 }, devices: [] })
  const { status, body } = await admin.call('POST', '/devices/band-1/secret')
  expect(status).toBe(200)
  expect(body.secret).not.toBe(lost)
})
