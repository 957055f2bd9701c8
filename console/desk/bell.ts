// What the desk sounds like: a loop that lasts until somebody accepts, and single chimes. Pure decisions;
// sound.ts plays them.

import { type Severity, severityRank } from '../../model/finding.ts'
import type { Alarm } from '../../model/incident.ts'
import type { Board } from './board.ts'
import { type Desk, hasEnded, type Link } from './desk.ts'
import { isRealerted, needsSomebody } from './queue.ts'
import { mustSound, type Unrecorded } from './unrecorded.ts'

/**
 * `critical`: nobody is on a critical emergency. `realert`: something new in one of mine. `ended`: nobody is signed in,
 * and nothing new comes. `high`: nobody is on a high emergency.
 */
export type Loop = 'critical' | 'realert' | 'ended' | 'high' | 'none'
export type Chime = 'high' | 'service' | 'escalated' | 'broken'

/** Locked: the browser plays nothing before the first gesture. */
export type SoundState = 'locked' | 'on' | 'muted'

/** One loop plays at a time: the most urgent, and when that is answered the next. */
const URGENCY: Record<Loop, number> = { none: 0, high: 1, ended: 2, realert: 3, critical: 4 }
const LOUDNESS: Record<Chime, number> = { service: 0, high: 1, escalated: 2, broken: 3 }

/**
 * Which place a tab takes among those that could sound. A tab that cannot be heard takes none, so that another one
 * sounds; one whose board stands still sounds only while no tab is live.
 */
export function placeOf(sound: SoundState, link: Link): 'live' | 'behind' | 'none' {
  if (sound !== 'on') return 'none'
  return link.state === 'live' ? 'live' : 'behind'
}

/** What must sound until it is answered. An emergency that is not recorded sounds as one that is. */
export function soundOf(
  { link, board, unrecorded }: Pick<Desk, 'link' | 'board' | 'unrecorded'>,
  myId: string,
): Loop {
  return moreUrgent(
    moreUrgent(loopOf(board, myId), unrecordedLoop(unrecorded)),
    hasEnded(link) ? 'ended' : 'none',
  )
}

export function loopOf(board: Board, myId: string): Loop {
  let loop: Loop = 'none'
  for (const alarm of board.alarms.values()) {
    if (alarm.class === 'emergency') loop = moreUrgent(loop, loopOfEmergency(alarm, board, myId))
    if (loop === 'critical') break
  }
  return loop
}

function loopOfEmergency(alarm: Alarm, board: Board, myId: string): Loop {
  if (needsSomebody(alarm)) return LOOP_OF_SEVERITY[alarm.severity]
  const isMine = alarm.owner?.id === myId
  return isMine && isRealerted(alarm, board.acknowledged.get(alarm.id)) ? 'realert' : 'none'
}

const LOOP_OF_SEVERITY: Record<Severity, Loop> = { critical: 'critical', high: 'high', notice: 'none' }

function unrecordedLoop(unrecorded: Unrecorded): Loop {
  if (mustSound(unrecorded)) return 'critical'
  const { findings, heard } = unrecorded
  const isHigh = [...findings.values()].some(({ id, severity }) => severity === 'high' && !heard.has(id))
  return isHigh ? 'high' : 'none'
}

const moreUrgent = (a: Loop, b: Loop): Loop => (URGENCY[b] > URGENCY[a] ? b : a)

/** What plays once a state is followed by another: the loop, and a chime for what the loop does not say. */
export type Sounds = { loop: Loop; chime: Chime | undefined }

/** `playing`: the loop until now. */
export function soundsBetween(
  before: Desk,
  after: Desk,
  { myId, playing }: { myId: string; playing: Loop },
): Sounds {
  const loop = soundOf(after, myId)
  return { loop, chime: chimeBetween(before, after, { loop, begins: loop !== playing }) }
}

export const NO_SOUNDS: Sounds = { loop: 'none', chime: undefined }

/** A loop that plays already, or begins with this very change. */
type Heard = { loop: Loop; begins: boolean }
const SILENCE: Heard = { loop: 'none', begins: false }

/**
 * The one chime for what changed between two states, the gravest first. Reading the list chimes too. What the loop
 * says needs no chime besides: the critical one says it all the time, the rarer ones as they begin.
 */
export function chimeBetween(before: Desk, after: Desk, heard: Heard = SILENCE): Chime | undefined {
  if (breaks(before, after)) {
    return heard.begins && heard.loop === 'ended' ? undefined : 'broken'
  }
  let chime = unrecordedChime(before.unrecorded, after.unrecorded, heard)
  if (before.board === after.board) return chime
  for (const alarm of after.board.alarms.values()) {
    const next = chimeOf(before.board.alarms.get(alarm.id), alarm, heard)
    if (next && (chime === undefined || LOUDNESS[next] > LOUDNESS[chime])) chime = next
  }
  return chime
}

/** A desk that has shown a list; a hub that sets it back is connected to anew, and may not answer that. */
const breaks = (before: Desk, after: Desk): boolean =>
  after.link.state === 'broken' &&
  (before.link.state === 'live' || (before.link.state === 'connecting' && before.board.loaded))

/** Each once, the gravest first: more of a kind say no more. */
export const gravestFirst = (chimes: Iterable<Chime>): Chime[] =>
  [...new Set(chimes)].sort((a, b) => LOUDNESS[b] - LOUDNESS[a])

function unrecordedChime(before: Unrecorded, after: Unrecorded, heard: Heard): Chime | undefined {
  if (before.findings === after.findings) return undefined
  const news = [...after.findings.values()].some(
    ({ id, severity }) =>
      !before.findings.has(id) && !after.heard.has(id) && !isSaid(LOOP_OF_SEVERITY[severity], heard),
  )
  return news ? 'high' : undefined
}

function chimeOf(before: Alarm | undefined, alarm: Alarm, heard: Heard): Chime | undefined {
  if (before === alarm || !needsSomebody(alarm)) return undefined
  const isService = alarm.class === 'service'
  if (before && alarm.escalation > before.escalation && alarm.escalation > 0) {
    return isService ? 'service' : 'escalated'
  }
  const fresh =
    !before || !needsSomebody(before) || severityRank(alarm.severity) > severityRank(before.severity)
  if (!fresh) return undefined
  if (isService) return 'service'
  return isSaid(LOOP_OF_SEVERITY[alarm.severity], heard) ? undefined : 'high'
}

const isSaid = (own: Loop, { loop, begins }: Heard): boolean =>
  own !== 'none' && own === loop && (begins || loop === 'critical')
