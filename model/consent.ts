// What an elder, or whoever speaks for them, has agreed to: purpose by purpose, said once, taken back as easily, and
// never forgotten. What a withdrawal changes stands in one table, so that nobody believes more of it than is built.

import { z } from 'zod'
import { nameSchema, textSchema } from './text.ts'

/** What somebody may agree to. */
export const CONSENT_PURPOSES = [
  'location',
  'vital_signs',
  'family_sharing',
  'call_recording',
  'listening_in',
] as const

/**
 * What the hub itself does about a withdrawal. `place_left_out`: messages to contacts do not say where the elder is or
 * lives · `not_handed_out`: nobody is told where a call is recorded · `never`: the hub has no such function, whatever
 * is agreed to · `shown`: it is shown in the elder's file, and people act on it; the hub changes nothing.
 */
export const CONSENT_EFFECTS = ['place_left_out', 'not_handed_out', 'never', 'shown'] as const

/** No entry of this table takes an alarm from anybody, nor holds one up. */
export const EFFECT_OF = {
  location: 'shown',
  vital_signs: 'shown',
  family_sharing: 'place_left_out',
  call_recording: 'not_handed_out',
  listening_in: 'never',
} as const satisfies Record<ConsentPurpose, ConsentEffect>

export const CONSENT_STATES = ['given', 'withdrawn'] as const
/** Who said it: the elder, or their legal guardian. */
export const CONSENT_GIVERS = ['elder', 'guardian'] as const
export const CONSENT_WAYS = ['paper', 'phone', 'app'] as const

const said = {
  purpose: z.enum(CONSENT_PURPOSES),
  state: z.enum(CONSENT_STATES),
  by: z.enum(CONSENT_GIVERS),
  byName: nameSchema.nullable().meta({ description: 'Of the guardian' }),
  relation: textSchema(50).nullable().meta({ description: 'Of the guardian to the elder' }),
  how: z.enum(CONSENT_WAYS),
  textVersion: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .meta({ description: 'Which text was agreed to, such as `family-2026.1`' }),
  saidAt: z.number().int().positive().meta({ description: 'When it was said or signed, epoch ms' }),
}

/** One entry of the history, as it was written down. */
export const consentSchema = z
  .object({
    seq: z.number().int().positive().meta({ description: 'Of this elder: 1 and up' }),
    ...said,
    recordedAt: z.number(),
    recordedBy: z.string().meta({ description: 'The account that wrote it down' }),
  })
  .meta({ id: 'Consent' })

export const newConsentSchema = z
  .strictObject({
    ...said,
    byName: said.byName.default(null),
    relation: said.relation.default(null),
    saidAt: said.saidAt.optional().meta({ description: 'Now, when left out' }),
  })
  .meta({ id: 'NewConsent' })

/** How things stand: `unrecorded` is neither yes nor no, and changes nothing. */
export const consentStandingSchema = z
  .object({
    purpose: said.purpose,
    state: z.enum([...CONSENT_STATES, 'unrecorded']),
    since: z.number().nullable().meta({ description: 'When that was said, epoch ms' }),
    effect: z.enum(CONSENT_EFFECTS).meta({ description: 'What the hub does where it is withdrawn' }),
  })
  .meta({ id: 'ConsentStanding' })

export const consentsSchema = z
  .object({
    standing: z.array(consentStandingSchema).meta({ description: 'Every purpose, as it is now' }),
    history: z.array(consentSchema).meta({ description: 'In the order in which it was written down' }),
  })
  .meta({ id: 'Consents' })

export type Consents = z.infer<typeof consentsSchema>
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number]
export type ConsentEffect = (typeof CONSENT_EFFECTS)[number]
export type Consent = z.infer<typeof consentSchema>
export type NewConsent = z.infer<typeof newConsentSchema>
export type ConsentStanding = z.infer<typeof consentStandingSchema>

/** What was said last counts, and of what was said at one time the entry that was written down last. */
export const standingOf = (history: readonly Consent[]): ConsentStanding[] =>
  CONSENT_PURPOSES.map(purpose => {
    const last = history
      .filter(entry => entry.purpose === purpose)
      .reduce<Consent | undefined>((a, b) => (a && isLater(a, b) ? a : b), undefined)
    return {
      purpose,
      state: last?.state ?? 'unrecorded',
      since: last?.saidAt ?? null,
      effect: EFFECT_OF[purpose],
    }
  })

const isLater = (a: Consent, b: Consent): boolean =>
  a.saidAt === b.saidAt ? a.seq > b.seq : a.saidAt > b.saidAt
