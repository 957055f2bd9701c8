// What becomes of a table of elders or wearables that is brought into the registry: a report row by row, which is the
// same whether it was only tried or done.

import { z } from 'zod'
import { idSchema } from './id.ts'

/** Rows of one file, and its size: whoever has more brings several files. */
export const IMPORT_ROWS_MAX = 5_000
export const IMPORT_BYTES_MAX = 4 * 2 ** 20
/** Errors that are told one by one, in the order of the file; the others are counted: that file is another one. */
export const IMPORT_ERRORS_MAX = 500
/** The key of a row becomes an id. */
export const IMPORT_KEY_MAX = 64
export const IMPORT_CONTACTS_MAX = 5
export const IMPORT_DEVICES_MAX = 3

/** What a row can bring. `contact1.name` to `contact5.email` and `device1.id` to `device3.phone` stand beside these. */
export const RESIDENT_FIELDS = [
  'key',
  'name',
  'area',
  'gender',
  'birthYear',
  'phone',
  'address',
  'accessNotes',
  'medicalNotes',
  'wandering',
  'livesAlone',
  'checkInBy',
] as const
export const CONTACT_FIELDS = ['name', 'relation', 'phone', 'email'] as const
export const WORN_FIELDS = ['id', 'kind', 'phone'] as const

export type ImportNoun = 'residents' | 'devices'

/** Why a row is not taken. One of them is enough to leave the whole row out. */
export const IMPORT_REASONS = [
  /** It has to be there, and is not. */
  'required',
  /** It does not fit what the column holds. */
  'invalid',
  'too_long',
  /** A cell that a spreadsheet would calculate. */
  'formula',
  /** Stars in the place of what is hidden: it was copied from a screen. */
  'masked',
  /** The key is an identity number; keys become ids, which are shown everywhere and kept for ever. */
  'identity_number',
  'more_cells_than_columns',
  /** A row before it in this file has the same key, or the same wearable. */
  'twice',
  'unknown_area',
  /** Several areas are called so: name the one above it as well, or write the id. */
  'ambiguous_area',
  /** The id belongs to something archived, or outside of the account's areas. */
  'taken',
  'unknown_resident',
  /** Somebody else wears it: it is taken off by hand. */
  'worn',
  /** Whoever wears a device decides where it is. */
  'area_of_wearer',
  /** Something that nobody foresaw, with this row alone: the log of the hub says what. */
  'unexpected',
  /** The hub could not write it, nor try what comes after it: bring the file in once more. */
  'unavailable',
] as const
export type ImportReason = (typeof IMPORT_REASONS)[number]

/** What is wrong with a file as a whole, so that no row of it is looked at: the last part of `file.…` in a problem. */
export const IMPORT_FAULTS = [
  'empty',
  'encoding',
  'quotes',
  'rows',
  'columns',
  'column_missing',
  'column_twice',
] as const
export type ImportFault = (typeof IMPORT_FAULTS)[number]

export const IMPORT_ENCODINGS = ['utf-8', 'gb18030', 'utf-16le'] as const
export type ImportEncoding = (typeof IMPORT_ENCODINGS)[number]

export const IMPORT_OUTCOMES = ['created', 'updated', 'unchanged', 'failed'] as const
export type ImportOutcome = (typeof IMPORT_OUTCOMES)[number]

const count = z.number().int()

export const importErrorSchema = z
  .object({
    row: count.meta({ description: 'As a spreadsheet counts: the header is row 1' }),
    column: z.string().nullable().meta({ description: 'As the file calls it; null: the row as a whole' }),
    reason: z.enum(IMPORT_REASONS),
    value: z.string().nullable().meta({ description: 'What stands there, cut; personal fields are masked' }),
  })
  .meta({ id: 'ImportError' })

export const importReportSchema = z
  .object({
    dryRun: z.boolean().meta({ description: 'Nothing was written' }),
    encoding: z.enum(IMPORT_ENCODINGS),
    columns: z
      .array(z.object({ name: z.string(), field: z.string().nullable() }))
      .meta({ description: 'What each was read as; null: it was passed over' }),
    counts: z.record(z.enum(IMPORT_OUTCOMES), count),
    rows: z.array(z.object({ row: count, key: z.string(), outcome: z.enum(IMPORT_OUTCOMES) })),
    errors: z
      .array(importErrorSchema)
      .meta({ description: `The first ${IMPORT_ERRORS_MAX}, in the order of the file` }),
    errorCount: count.meta({ description: 'How many there are in all' }),
    devices: z
      .array(z.object({ row: count, deviceId: idSchema, secret: z.string().nullable() }))
      .meta({ description: 'Registered anew; a secret is told here and never again, null in a dry run' }),
  })
  .meta({ id: 'ImportReport' })

export type ImportError = z.infer<typeof importErrorSchema>
export type ImportReport = z.infer<typeof importReportSchema>
