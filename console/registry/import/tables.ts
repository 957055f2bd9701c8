// Tables that the import hands out: an empty one to fill in, what was wrong, and the secrets of new devices (pure).

import type { ImportError, ImportNoun, ImportReport } from '../../../model/import.ts'
import type { ToldSecret } from '../../shell/unkept.ts'

/** Of a trial it has no secret yet. */
export type NewDevice = Omit<ToldSecret, 'secret'> & { secret: string | null }

const BYTE_ORDER_MARK = '\ufeff'
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/
const QUOTED = /[",\r\n]/

/** A spreadsheet must not calculate what somebody typed: it gets an apostrophe before it, which the import takes off. */
function cellOf(cell: string | number | null): string {
  if (cell === null) return ''
  const text = String(cell)
  const harmless = typeof cell === 'string' && FORMULA.test(text) ? `'${text}` : text
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

export const tableOf = (rows: readonly (readonly (string | number | null)[])[]): string =>
  `${BYTE_ORDER_MARK}${rows.map(cells => `${cells.map(cellOf).join(',')}\r\n`).join('')}`

/** Chinese in both languages of the screen: who fills in a table in China passes it on. English names are read as well. */
const COLUMNS: Readonly<Record<ImportNoun, readonly string[]>> = {
  residents: [
    ...[
      '编号',
      '姓名',
      '区域',
      '性别',
      '出生年份',
      '电话',
      '地址',
      '入户说明',
      '健康备注',
      '防走失',
      '独居',
      '报平安时间',
    ],
    ...[
      '联系人1姓名',
      '联系人1关系',
      '联系人1电话',
      '联系人1邮箱',
      '联系人2姓名',
      '联系人2关系',
      '联系人2电话',
    ],
    ...['设备1编号', '设备1类型', '设备1电话'],
  ],
  devices: ['设备编号', '类型', '老人编号', '区域', '电话', '上报间隔秒'],
}

export const templateOf = (noun: ImportNoun): string => tableOf([COLUMNS[noun]])

/** Columns as the screen calls them, rows as they come in the file. */
export const errorsTable = (
  errors: readonly ImportError[],
  words: {
    row: string
    column: string
    reason: string
    value: string
    reasons: Readonly<Record<ImportError['reason'], string>>
    wholeRow: string
  },
): string =>
  tableOf([
    [words.row, words.column, words.reason, words.value],
    ...errors.map(({ row, column, reason, value }) => [
      row,
      column ?? words.wholeRow,
      words.reasons[reason],
      value,
    ]),
  ])

export const secretsTable = (
  devices: readonly NewDevice[],
  words: { row: string; id: string; secret: string },
): string =>
  tableOf([
    [words.row, words.id, words.secret],
    ...devices.map(({ row, deviceId, secret }) => [row ?? null, deviceId, secret]),
  ])

/** Rows that an import would write. */
export const toWrite = ({ counts }: Pick<ImportReport, 'counts'>): number =>
  (counts.created ?? 0) + (counts.updated ?? 0)

/** What an import told and nobody is told again. */
export const toldBy = ({ dryRun, devices }: Pick<ImportReport, 'dryRun' | 'devices'>): ToldSecret[] =>
  dryRun ? [] : devices.flatMap(({ secret, ...device }) => (secret === null ? [] : [{ ...device, secret }]))
