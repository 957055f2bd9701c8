// Which column of a file holds what: the names that people give them, in Chinese and in English, and what is read out
// of a cell.

import type { z } from 'zod'
import { type Device, deviceSchema } from '../../model/device.ts'
import { IMPORT_CONTACTS_MAX, IMPORT_DEVICES_MAX, type ImportNoun } from '../../model/import.ts'
import { contactMailSchema, contactSchema, residentSchema } from '../../model/resident.ts'

export type Column = {
  names: readonly string[]
  /** Undefined where the text is none of what the column holds; the schema looks at it after that. */
  read?: (text: string) => unknown
  schema: z.ZodType
}

const GENDERS = { female: ['女', 'f', 'female'], male: ['男', 'm', 'male'] } as const
const KINDS: Readonly<Record<Device['kind'], readonly string[]>> = {
  bracelet: ['手环', '防走失手环', 'bracelet'],
  watch: ['手表', '腕表', '智能腕表', 'watch'],
  phone: ['一键通', '手机', '电话', 'phone'],
  gateway: ['网关', 'gateway'],
}
const YES: readonly string[] = ['是', '有', 'y', 'yes', 'true', '1', '√']
const NO: readonly string[] = ['否', '无', 'n', 'no', 'false', '0', '×']

const oneOf =
  <T extends string>(words: Readonly<Record<T, readonly string[]>>) =>
  (text: string): T | undefined =>
    (Object.keys(words) as T[]).find(each => words[each].includes(text.toLowerCase()))

const yesOrNo = (text: string): boolean | undefined => {
  if (YES.includes(text.toLowerCase())) return true
  return NO.includes(text.toLowerCase()) ? false : undefined
}

/** A whole date will do: the year is kept. */
const year = (text: string): number | undefined => {
  const found = /^(\d{4})(?:年|[-/.年]\d{1,2}.*)?$/.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}
const seconds = (text: string): number | undefined =>
  /^\d{1,6}$/.test(text) ? Number(text) * 1_000 : undefined
const timeOfDay = (text: string): string =>
  text
    .replace('：', ':')
    .replace(/^(\d):/, '0$1:')
    .slice(0, 5)

const { name, gender, birthYear, phone, address, accessNotes, medicalNotes, wandering, livesAlone } =
  residentSchema.shape
const kind = { read: oneOf(KINDS), schema: deviceSchema.shape.kind }
const id = residentSchema.shape.id
/** Looked up among the areas, not parsed. */
const area = { names: ['区域', '社区', 'area', 'areaId'], schema: name }

const RESIDENT_COLUMNS: Readonly<Record<string, Column>> = {
  key: { names: ['编号', '老人编号', '档案号', 'key', 'id'], schema: id },
  name: { names: ['姓名', '老人姓名', 'name'], schema: name },
  area,
  gender: { names: ['性别', 'gender', 'sex'], read: oneOf(GENDERS), schema: gender },
  birthYear: { names: ['出生年份', '出生日期', '出生年', 'birthYear'], read: year, schema: birthYear },
  phone: { names: ['电话', '手机', '联系电话', 'phone'], schema: phone },
  address: { names: ['地址', '住址', '家庭住址', 'address'], schema: address },
  accessNotes: { names: ['入户说明', '进门方式', 'accessNotes'], schema: accessNotes },
  medicalNotes: { names: ['病史', '健康备注', 'medicalNotes'], schema: medicalNotes },
  wandering: { names: ['防走失', '走失风险', 'wandering'], read: yesOrNo, schema: wandering },
  livesAlone: { names: ['独居', 'livesAlone'], read: yesOrNo, schema: livesAlone },
  checkInBy: {
    names: ['报平安时间', 'checkInBy'],
    read: timeOfDay,
    schema: residentSchema.shape.checkInBy,
  },
  ...numbered('contact', {
    zh: '联系人',
    max: IMPORT_CONTACTS_MAX,
    parts: {
      name: { names: ['姓名', 'name'], schema: contactSchema.shape.name },
      relation: { names: ['关系', 'relation'], schema: contactSchema.shape.relation },
      phone: { names: ['电话', '手机', 'phone'], schema: contactSchema.shape.phone },
      email: { names: ['邮箱', 'email'], schema: contactMailSchema },
    },
  }),
  ...numbered('device', {
    zh: '设备',
    max: IMPORT_DEVICES_MAX,
    parts: {
      id: { names: ['编号', 'id'], schema: id },
      kind: { names: ['类型', 'kind'], ...kind },
      phone: { names: ['电话', '卡号', 'phone'], schema: deviceSchema.shape.phone },
    },
  }),
}

const DEVICE_COLUMNS: Readonly<Record<string, Column>> = {
  key: { names: ['设备编号', '编号', 'key', 'id', 'deviceId'], schema: id },
  kind: { names: ['类型', '设备类型', 'kind'], ...kind },
  residentKey: { names: ['老人编号', '佩戴人编号', 'residentKey', 'residentId'], schema: id },
  area,
  phone: { names: ['电话', '卡号', 'SIM卡号', 'phone'], schema: deviceSchema.shape.phone },
  intervalS: { names: ['上报间隔秒', 'intervalS'], read: seconds, schema: deviceSchema.shape.intervalMs },
}

export const COLUMNS_OF: Readonly<Record<ImportNoun, Readonly<Record<string, Column>>>> = {
  residents: RESIDENT_COLUMNS,
  devices: DEVICE_COLUMNS,
}

/** Without these nothing of a file can be taken. */
export const NEEDED: Readonly<Record<ImportNoun, readonly string[]>> = {
  residents: ['key', 'name'],
  devices: ['key', 'kind'],
}

/** The first name of a column, as the template and the documentation have it. */
export const nameOf = (noun: ImportNoun, field: string): string => COLUMNS_OF[noun][field]?.names[0] ?? field

/** Of each name of the header the field that it stands for; null where it is none. */
export function fieldsOf(noun: ImportNoun, header: readonly string[]): (string | null)[] {
  const known = new Map(
    Object.entries(COLUMNS_OF[noun]).flatMap(([field, { names }]) =>
      [field, ...names].map(each => [plain(each), field] as const),
    ),
  )
  return header.map(each => known.get(plain(each)) ?? null)
}

/** `Birth_Year` and `birthYear` are one name; so are wide letters and usual ones. What stands in brackets is a remark. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\(.*\)|[\s_.*-]/g, '')
    .toLowerCase()

/** `联系人1姓名` to `联系人5邮箱`; `联系人姓名` is the first one's. */
function numbered(
  word: string,
  { zh, max, parts }: { zh: string; max: number; parts: Readonly<Record<string, Column>> },
): Record<string, Column> {
  const columns: Record<string, Column> = {}
  for (let n = 1; n <= max; n++) {
    for (const [part, column] of Object.entries(parts)) {
      const places = n === 1 ? ['1', ''] : [String(n)]
      const names = places.flatMap(place =>
        column.names.map(each => `${/^[a-z]/.test(each) ? word : zh}${place}${each}`),
      )
      columns[`${word}${n}.${part}`] = { ...column, names }
    }
  }
  return columns
}
