// An alarm as it is told to people outside of the desk: who, what, since when, where, and what to do.

import { duration } from '../../model/amounts.ts'
import type { Language } from '../../model/channel.ts'
import { explainEn } from '../../model/explain.en.ts'
import { type Explained, explain } from '../../model/explain.ts'
import { explainZh } from '../../model/explain.zh.ts'
import type { Resident } from '../../model/resident.ts'
import { USUAL_CARE } from '../../model/resident.ts'
import type { Location } from '../../model/telemetry.ts'
import type { EpochMs } from '../../model/units.ts'
import type { Message } from '../channels/channel.ts'
import { maskedName } from './person.ts'
import { mapLink, whereWords, withheldWords } from './place.ts'
import { render, type TemplateValues } from './render.ts'
import { sinceWords } from './since.ts'

const EXPLAIN = { zh: explainZh, en: explainEn } as const

/** For a kind that this version knows no sentence for. */
const SOMETHING: Record<Language, string> = { zh: '设备发出报警。', en: 'The device raised an alarm.' }

export type Told = {
  /** null for a device that nobody is known to wear. */
  resident: Pick<Resident, 'name' | 'gender' | 'address' | 'timeZone'> | null
  /** What raised it, as the timeline has it. */
  finding: Explained
  at: EpochMs
  location?: Location | undefined
  /** Where they are and live is left out on purpose: that is said, or somebody would search for it. */
  isPlaceWithheld?: boolean
  language: Language
}

/** What a message is apart from its key, its receiver and how urgent it is. */
export type Words = Pick<Message, 'language' | 'title' | 'text' | 'template' | 'values' | 'at'> &
  Partial<Pick<Message, 'link' | 'map'>>

/** For contacts. `link`: where they answer "I'm going". */
export function alarmWords(told: Told, { link }: { link: string | null }): Words {
  return { ...render('alarm', told.language, { ...facts(told), link }), ...places(told, link) }
}

/** For staff who are not at a desk. */
export function waitingWords(
  told: Told,
  { waitedMs, link }: { waitedMs: number; link: string | null },
): Words {
  const waited = duration(waitedMs, EXPLAIN[told.language].amounts)
  return { ...render('waiting', told.language, { ...facts(told), waited }), ...places(told, link) }
}

/** For a responder, who also has to get in. */
export function dispatchWords(
  told: Told,
  { access, link }: { access: string | null; link: string | null },
): Words {
  return { ...render('dispatch', told.language, { ...facts(told), access, link }), ...places(told, link) }
}

/** `result`: what came of it, in the words of the desk. */
export function endedWords(told: Told, { result }: { result: string }): Words {
  return { ...render('ended', told.language, { ...facts(told), result }), at: told.at }
}

/** For whoever tries a channel. `hub`: the name by which they know this hub. */
export function testWords(at: EpochMs, language: Language, hub: string): Words {
  const since = sinceWords(at, USUAL_CARE.timeZone, language)
  return { ...render('test', language, { name: hub, since }), at }
}

/** What every alarm's text is about. */
function facts({ resident, finding, at, location, isPlaceWithheld, language }: Told): Facts {
  return {
    name: maskedName(resident, language),
    what: explain(finding, EXPLAIN[language]) || SOMETHING[language],
    since: sinceWords(at, resident?.timeZone ?? USUAL_CARE.timeZone, language),
    where: isPlaceWithheld
      ? withheldWords(language)
      : whereWords({ address: resident?.address ?? null, location }, language),
  }
}

type Facts = Pick<TemplateValues<'alarm'>, 'name' | 'what' | 'since' | 'where'>

const places = ({ at, location, language }: Told, link: string | null) => ({
  at,
  ...(link !== null && { link }),
  ...(location !== undefined && { map: mapLink(location, language) }),
})
