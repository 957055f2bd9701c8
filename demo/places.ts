// What the demo's district has besides its elders: places that are dangerous, and what is to be done in an emergency.

import type { FindingKind } from '../model/finding.ts'
import type { Zone } from '../model/zone.ts'
import type { District } from '../simulators/district/district.ts'
import type { Household } from '../simulators/district/household.ts'
import { distanceM, moved, type Place } from '../simulators/ground.ts'

const at = ({ lat, lon }: Place): [number, number] => [lon, lat]

/** Nobody lives nearer to one of them than this. */
const RESERVOIR_REACH_M = 620
const ROAD_REACH_M = 1_000

/** A reservoir, and a road without a pavement, each of the community that is nearest. */
export function dangersOf({ households }: District): Zone[] {
  const homes = households.map(({ home }) => home)
  const reservoir = placeFarFrom(homes, RESERVOIR_REACH_M)
  if (!reservoir) return []
  const road = placeFarFrom([...homes, reservoir], ROAD_REACH_M) ?? moved(reservoir, 0, 2_500)
  const shore = [0, 1, 2, 3, 4, 5, 6].map(corner => {
    const angle = (2 * Math.PI * corner) / 7
    const reachM = 240 + 80 * Math.sin(corner * 2.3)
    return at(moved(reservoir, reachM * Math.cos(angle) * 1.4, reachM * Math.sin(angle)))
  })
  const line = [
    [-850, -260],
    [-300, 40],
    [250, -60],
    [850, 280],
  ].map(([eastM = 0, northM = 0]) => at(moved(road, eastM, northM)))
  const zone = { kind: 'danger', timeZone: null, dwellMs: 60_000, residentId: null } as const
  const areaBy = (place: Place) => nearestTo(place, households)?.resident.areaId ?? null
  return [
    {
      ...zone,
      schedule: [],
      id: 'demo-reservoir',
      name: '崮山水库',
      shape: { polygon: [shore] },
      areaId: areaBy(reservoir),
    },
    {
      ...zone,
      schedule: [],
      id: 'demo-road',
      name: '环海快速路',
      shape: { corridor: { line, widthM: 80 } },
      areaId: areaBy(road),
    },
  ]
}

const nearestTo = (place: Place, households: District['households']): Household | undefined =>
  [...households].sort((a, b) => distanceM(a.home, place) - distanceM(b.home, place))[0]

/** The nearest to the first home where no home is within reach; looked for ring by ring. */
function placeFarFrom(homes: readonly Place[], reachM: number): Place | undefined {
  const [first] = homes
  for (let ringM = reachM; first && ringM < 20_000; ringM += 250) {
    for (let turn = 0; turn < 16; turn++) {
      const angle = (2 * Math.PI * turn) / 16
      const place = moved(first, ringM * Math.cos(angle), ringM * Math.sin(angle))
      if (homes.every(home => distanceM(home, place) > reachM)) return place
    }
  }
  return undefined
}

type Written = { name: string; kind: FindingKind | null; steps: { text: string }[] }

const procedure = (name: string, kind: FindingKind | null, ...steps: string[]): Written => ({
  name,
  kind,
  steps: steps.map(text => ({ text })),
})

export const PROCEDURES: readonly Written[] = [
  procedure(
    '一般紧急情况',
    null,
    '回拨老人电话，确认情况',
    '联系第一联系人',
    '无人应答时派网格员上门',
    '情况危急时转 120',
    '记录结果并约定回访',
  ),
  procedure(
    '紧急按键',
    'sos',
    '立即回拨老人，听背景声音',
    '问清：是否受伤、能否行动、是否有人在旁',
    '无人应答或有危险：派网格员，同时联系家属',
    '胸痛、呼吸困难、意识不清：转 120，告知门禁方式',
    '保持通话直到有人到场',
  ),
  procedure(
    '疑似跌倒',
    'fall',
    '回拨老人，询问能否自己起身',
    '不要让老人勉强起身，确认是否头部着地、是否服用抗凝药',
    '派网格员或家属上门查看',
    '疼痛剧烈或意识不清：转 120',
  ),
  procedure(
    '走失',
    'zone_exit',
    '在地图上确认位置和移动方向',
    '联系家属，询问常去的地方',
    '派最近的网格员前往，电话引导',
    '30 分钟未找到：报 110，提供照片和衣着',
    '找到后陪同回家，记录安全回家',
  ),
]
