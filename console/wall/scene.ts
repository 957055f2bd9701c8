// What the map of the wall shows (pure): every device that is somewhere, and every open alarm where its device is.

import type { Alarm } from '../../model/incident.ts'
import type { Position } from '../../model/position.ts'
import type { Mark } from '../map/scene.ts'

export type WallMarks = {
  marks: Mark[]
  devices: number
  incidents: number /** Alarms of nobody who is anywhere. */
  unplaced: number
}

/** `exact` is asked for more often than `all`, and stands before it. `labelOf` is written beside an alarm. */
export function wallMarks(
  alarms: Iterable<Alarm>,
  { all, exact }: { all: readonly Position[]; exact: readonly Position[] },
  labelOf: (alarm: Alarm) => string,
): WallMarks {
  const open = [...alarms].filter(alarm => alarm.class === 'emergency')
  const byAlarm = new Map<string, Position>()
  const byDevice = new Map<string, Position>()
  for (const position of [...all, ...exact]) {
    if (!position.fix) continue
    byDevice.set(position.deviceId, position)
    if (position.alarmId !== null)
      byAlarm.set(position.alarmId, newer(byAlarm.get(position.alarmId), position))
  }
  const marks: Mark[] = []
  const shown = new Set<string>()
  for (const alarm of open) {
    const position = byAlarm.get(alarm.id) ?? byDevice.get(alarm.deviceId)
    if (!position?.fix) continue
    const { lat, lon } = position.fix
    shown.add(position.deviceId)
    marks.push({ id: alarm.id, place: [lon, lat], severity: alarm.severity, label: labelOf(alarm) })
  }
  const incidents = marks.length
  for (const { deviceId, fix } of byDevice.values())
    if (fix && !shown.has(deviceId)) marks.push({ id: deviceId, place: [fix.lon, fix.lat] })
  return { marks, devices: marks.length - incidents, incidents, unplaced: open.length - incidents }
}

/** An elder may wear two devices: the one that spoke last says where they are. */
const newer = (one: Position | undefined, other: Position): Position =>
  one?.fix && other.fix && one.fix.at > other.fix.at ? one : other
