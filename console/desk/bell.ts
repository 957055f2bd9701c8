// What the desk sounds like: a loop that lasts until somebody accepts, and single chimes. Pure decisions;
// sound.ts plays them.

import { severityRank } from '../../model/finding.ts'
import type { Alarm } from '../../model/incident.ts'
import type { Board } from './board.ts'
import type { Desk } from './desk.ts'
import { isRealerted, needsSomebody } from './queue.ts'
import { mustSound, type Unrecorded } from './unrecorded.ts'

/** `critical`: nobody is on a critical emergency. `realert`: something new in one of mine. */
export type Loop = 'critical' | 'realert' | 'none'
export type Chime = 'high' | 'service' | 'escalated' | 'broken'

/** What must sound until it is answered. An emergency that is not recorded sounds as one that is. */
export const soundOf = ({ board, unrecorded }: Pick<Desk, 'board' | 'unrecorded'>, myId: string): Loop =>
  mustSound(unrecorded) ? 'critical' : loopOf(board, myId)

export function loopOf(board: Board, myId: string): Loop {
  let loop: Loop = 'none'
  for (const alarm of board.alarms.values()) {
    if (alarm.class !== 'emergency') continue
    if (alarm.severity === 'critical' && needsSomebody(alarm)) return 'critical'
    if (alarm.owner?.id === myId && isRealerted(alarm, board.acknowledged.get(alarm.id))) loop = 'realert'
  }
  return loop
}

/** The one chime for what changed between two states, the gravest first. Reading the list chimes too. */
export function chimeBetween(before: Desk, after: Desk): Chime | undefined {
  if (before.link.state === 'live' && after.link.state === 'broken') return 'broken'
  if (isNew(before.unrecorded, after.unrecorded)) return 'high'
  if (before.board === after.board) return undefined
  let chime: Chime | undefined
  for (const alarm of after.board.alarms.values()) {
    const next = chimeOf(before.board.alarms.get(alarm.id), alarm)
    if (next && (chime === undefined || LOUDNESS[next] > LOUDNESS[chime])) chime = next
  }
  return chime
}

const isNew = (before: Unrecorded, { findings, heard }: Unrecorded): boolean =>
  before.findings !== findings && [...findings.keys()].some(id => !before.findings.has(id) && !heard.has(id))

function chimeOf(before: Alarm | undefined, alarm: Alarm): Chime | undefined {
  if (before === alarm || !needsSomebody(alarm)) return undefined
  if (before && alarm.escalation > before.escalation && alarm.escalation > 0) {
    return alarm.class === 'service' ? 'service' : 'escalated'
  }
  const fresh =
    !before || !needsSomebody(before) || severityRank(alarm.severity) > severityRank(before.severity)
  if (!fresh) return undefined
  return alarm.class === 'service' ? 'service' : 'high'
}

const LOUDNESS: Record<Chime, number> = { service: 0, high: 1, escalated: 2, broken: 3 }
