// What the page says of an elder (pure), each sentence from a fact: nothing alarms without one, and nothing reassures
// without one.

import type {
  FamilyAlarm,
  FamilyElder,
  FamilyHelper,
  FamilySign,
  HelperState,
  HelpStage,
} from '../../model/family.ts'
import { agoOf, clockOf } from './times.ts'
import type { Words } from './words.zh.ts'

/**
 * `alarm`: an emergency is open · `request`: they asked for something · `calm`: no alarm, and their device was heard ·
 * `warn`: it cannot tell now · `unknown`: nobody can say.
 */
export type Tone = 'alarm' | 'request' | 'calm' | 'warn' | 'unknown'

/** `when`: how long ago it happened; it changes by itself, and is not read out anew. */
export type Telling = { tone: Tone; headline: string; when?: string; lines: string[] }

export type Saying = { who: string; now: number; words: Words }

/** A device that is not missed yet, and was heard longer ago than this, says nothing of now. */
export const FRESH_MS = 2 * 3_600_000

/** How an elder is, in one headline and what it stands on. */
export function tell(elder: FamilyElder, saying: Saying): Telling {
  const [first] = elder.open
  if (first)
    return elder.isLost && elder.sign ? withSign(first, elder.sign, saying) : tellAlarm(first, saying)
  if (!elder.isShared || elder.sign === null) {
    const { who, words } = saying
    return { tone: 'unknown', headline: words.notShared, lines: [words.notSharedLead(who)] }
  }
  return tellSign(elder.sign, elder.awayUntil, saying)
}

/** Who looks for somebody wants to know for how long the device can still say where they are. */
function withSign(alarm: FamilyAlarm, sign: FamilySign, saying: Saying): Telling {
  const telling = tellAlarm(alarm, saying)
  const low = sign.isBatteryLow ? [saying.words.batteryLow] : []
  return { ...telling, lines: [...telling.lines, ...heardLine(sign, saying), ...low] }
}

/** What happened, how far help has come, and who goes. */
export function tellAlarm(alarm: FamilyAlarm, saying: Saying): Telling {
  const { who, words, now } = saying
  const what = words.happened[alarm.kind] + (alarm.zone === null ? '' : words.atZone(alarm.zone))
  return {
    tone: alarm.class === 'emergency' ? 'alarm' : 'request',
    headline: words.emergency(who, what),
    when: agoOf(alarm.at, { now, words }),
    lines: helpLines(alarm, saying),
  }
}

function helpLines({ help }: FamilyAlarm, { words, now }: Saying): string[] {
  if (help === null) return []
  const clock = (at: number) => clockOf(at, { now, words })
  // What oneself has said stands on the button.
  const others = help.helpers.filter(({ who }) => who !== 'you')
  const isNamed = others.some(({ who, state }) => who === 'worker' && STAGE_OF[state] === help.stage)
  const stage = isNamed ? [] : [words.stage[help.stage](clock(help.since))]
  return [...stage, ...others.map(helper => helperLine(helper, { words, clock }))]
}

/** The stage that a worker's line says already. */
const STAGE_OF = {
  asked: 'sent',
  coming: 'sent',
  on_the_way: 'on_the_way',
  arrived: 'arrived',
} as const satisfies Record<HelperState, HelpStage>

function helperLine(
  { who, name, state, since }: FamilyHelper,
  { words, clock }: { words: Words; clock(at: number): string },
): string {
  switch (who) {
    case 'contact':
      return words.contactGoes(name, clock(since))
    case 'service':
      return words.serviceCalled(name ?? '', clock(since))
    default:
      return words.helper[state](words.worker(name), clock(since))
  }
}

function tellSign(sign: FamilySign, awayUntil: number | null, { who, words, now }: Saying): Telling {
  const away = awayUntil === null ? [] : [words.away(clockOf(awayUntil, { now, words }))]
  if (sign.devices === 0)
    return { tone: 'unknown', headline: words.noDevice(who), lines: [words.noDeviceLead, ...away] }
  const low = sign.isBatteryLow ? [words.batteryLow] : []
  const heard = heardLine(sign, { words, now })
  const trouble = troubleIn(sign, { words, now })
  if (trouble === undefined)
    return { tone: 'calm', headline: words.quiet, lines: [...heard, ...low, ...away] }
  const { tone, why, line, hidesSign } = trouble
  const lines = [line, words.quietStill, ...(hidesSign ? [] : heard), ...low, ...away]
  return { tone, headline: words.trouble[why], lines }
}

type Why = keyof Words['trouble']
type Trouble = { tone: Tone; why: Why; line: string; hidesSign: boolean }

/** The first that holds of what makes the silence of alarms say less than it seems to. */
function troubleIn(sign: FamilySign, { words, now }: { words: Words; now: number }): Trouble | undefined {
  const { troubleLead } = words
  const { silentSince, heardAt } = sign
  const clock = (at: number) => clockOf(at, { now, words })
  const trouble = (tone: Tone, why: Why, line: string, hidesSign = false) => ({ tone, why, line, hidesSign })
  if (silentSince !== null) return trouble('warn', 'silent', troubleLead.silent(clock(silentSince)), true)
  if (sign.isOff) return trouble('warn', 'off', troubleLead.off)
  if (sign.isWorn === false) return trouble('warn', 'notWorn', troubleLead.notWorn)
  if (!sign.isRead) return trouble('unknown', 'unread', troubleLead.unread, true)
  if (heardAt === null) return trouble('unknown', 'never', troubleLead.never, true)
  if (now - heardAt > FRESH_MS) return trouble('unknown', 'old', troubleLead.old(clock(heardAt)), true)
  return undefined
}

function heardLine(
  { heardAt, isWorn, batteryPercent }: FamilySign,
  { words, now }: { words: Words; now: number },
): string[] {
  if (heardAt === null) return []
  const parts = [words.heard(agoOf(heardAt, { now, words }))]
  if (isWorn === true) parts.push(words.worn)
  if (batteryPercent !== null) parts.push(words.battery(Math.round(batteryPercent)))
  return [parts.join(words.gap) + words.stop]
}

/** A line of what is over. */
export function tellPast(
  alarm: FamilyAlarm,
  { words, now }: Omit<Saying, 'who'>,
): { when: string; what: string; end: string } {
  const { kind, disposition, at } = alarm
  const what = words.alone(words.happened[kind])
  return {
    when: clockOf(at, { now, words }),
    what,
    end: disposition === null ? words.over : words.outcome[disposition],
  }
}
