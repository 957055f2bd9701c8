// The tree of areas: 省 → 市 → 区县 → 街道 → 社区. The upper three are real ones; streets and
// communities take names from a list and lie where the seed puts them.

import { type Area, ROOT_AREA_ID } from '../../model/area.ts'
import { diceOf } from '../dice.ts'
import { moved, type Place } from '../ground.ts'

/** Weihai. Homes spread to the west and south of it, where there is land. */
export const CENTRE: Place = { lat: 37.51, lon: 122.12 }
const SPREAD_M = 9_000

const COMMUNITIES_A_STREET = 4
/** The district grows by quarters, so that a larger one holds the smaller one unchanged. */
const QUARTER = { communities: 8, elders: 160 }

const STREETS = [
  '海滨',
  '松涛',
  '望岛',
  '竹园',
  '文登',
  '古寨',
  '金海',
  '凤林',
  '桃源',
  '栖霞',
  '翠屏',
  '清泉',
]
const COMMUNITIES = '望海 向阳 福寿 和平 育才 长青 南山 东风 永安 新华 康宁 龙泉 春晖 银杏 渔港 百合'.split(
  ' ',
)

export type Community = { area: Area; streetName: string; centre: Place }

/** Areas with parents before children, and the communities among them with a place on the map. */
export function areasFor({ prefix, seed, elders }: { prefix: string; seed: number; elders: number }): {
  areas: Area[]
  communities: Community[]
} {
  const idOf = (path: string) => `${prefix}-${path}`
  const upper: Area[] = [
    { id: idOf('sd'), parentId: ROOT_AREA_ID, name: '山东省', level: 'province' },
    { id: idOf('wh'), parentId: idOf('sd'), name: '威海市', level: 'city' },
    { id: idOf('hc'), parentId: idOf('wh'), name: '环翠区', level: 'district' },
  ]
  const count = Math.ceil(elders / QUARTER.elders) * QUARTER.communities
  const streets: Area[] = Array.from({ length: Math.ceil(count / COMMUNITIES_A_STREET) }, (_, i) => ({
    id: idOf(`s${i + 1}`),
    parentId: idOf('hc'),
    name: `${numbered(STREETS, i)}街道`,
    level: 'street',
  }))
  const communities = Array.from({ length: count }, (_, i): Community => {
    const street = streets[Math.floor(i / COMMUNITIES_A_STREET)] as Area
    const dice = diceOf('community', seed, i)
    return {
      area: {
        id: idOf(`c${i + 1}`),
        parentId: street.id,
        name: `${numbered(COMMUNITIES, i)}社区`,
        level: 'community',
      },
      streetName: street.name,
      centre: moved(CENTRE, -dice.between(0, SPREAD_M), -dice.between(0, SPREAD_M)),
    }
  })
  return { areas: [...upper, ...streets, ...communities.map(c => c.area)], communities }
}

/** Where the elder with this number, from 1, lives: quarter by quarter, and there by turns. */
export function communityOf(number: number, communities: readonly Community[]): Community {
  const quarter = Math.floor((number - 1) / QUARTER.elders)
  return communities[quarter * QUARTER.communities + ((number - 1) % QUARTER.communities)] as Community
}

/** The i-th name; when the list is through it begins again with a number: 望海, … 望海二. */
function numbered(names: readonly string[], i: number): string {
  const round = Math.floor(i / names.length)
  const name = names[i % names.length] as string
  return round === 0 ? name : `${name}${chineseNumber(round + 1)}`
}

/** 1 to 999 in Chinese: 二, 十, 二十一, 一百零五. */
function chineseNumber(n: number): string {
  const digits = [...'零一二三四五六七八九']
  if (n < 10) return digits[n] as string
  if (n < 20) return `十${n % 10 === 0 ? '' : digits[n % 10]}`
  if (n < 100) return `${digits[Math.floor(n / 10)]}十${n % 10 === 0 ? '' : digits[n % 10]}`
  const rest = n % 100
  const tail =
    rest === 0
      ? ''
      : rest < 10
        ? `零${digits[rest]}`
        : rest < 20
          ? `一${chineseNumber(rest)}`
          : chineseNumber(rest)
  return `${digits[Math.floor(n / 100)]}百${tail}`
}
