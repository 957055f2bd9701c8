// Why a field of a request is refused, by names that programs decide by: the `reason` of each of a problem's `errors`.
// Shapes of zones and files of tables have names of their own beside these. Without a schema: the screens read it as well.

import type { ImportFault } from './import.ts'
import type { ShapeRefusal } from './shape-refusal.ts'

/** What the schema of a request finds; the names are of its library, but for the first. */
export const SCHEMA_REASONS = [
  'required',
  'too_small',
  'too_big',
  'invalid_format',
  'invalid_type',
  'invalid_value',
  'invalid_union',
  'unrecognized_keys',
  'not_multiple_of',
] as const

/** What only the hub's own look at a field finds. */
export const OWN_REASONS = [
  /** There is none such, or none that this account sees. */
  'not_found',
  /** It belongs to exactly one of two, and names both or neither. */
  'exactly_one',
  /** Nothing may stand there. */
  'not_needed',
  /** The same stands there twice. */
  'repeated',
  /** It was used for something else. */
  'used',
  /** The hub makes it, and nobody writes it. */
  'made_by_hub',
  /** Only an administrator may set it. */
  'administrators_only',
  /** What was sent is what is shown of something hidden. */
  'masked',
  'invalid_cursor',

  'wrong_password',
  'wrong_code',
  'same_as_username',

  'ends_before_it_begins',
  'in_future',
  'too_long_ago',

  /** An address that the hub does not call. */
  'address_refused',
  /** A secret that has to be given again, because the address changes that it goes to. */
  'secret_again',
  /** Another server than the one that is set. */
  'other_host',

  /** Of whoever wears the device. */
  'area_of_wearer',
  'root_stays',
  /** The number is of several elders. */
  'several_elders',
  /** Not the name of the elder whose data are to be erased. */
  'wrong_name',
  'longer_than_vitals',
] as const

export const FIELD_REASONS = [...SCHEMA_REASONS, ...OWN_REASONS] as const
export type FieldReason = (typeof FIELD_REASONS)[number]

/** Whatever a refusal that is made by hand may give. */
export type RefusalReason = FieldReason | ShapeRefusal | ImportFault

/** The code of a schema's issue as a reason. */
export const reasonOfCode = (code: string | undefined): FieldReason =>
  SCHEMA_REASONS.find(reason => reason === code) ?? 'invalid_value'
