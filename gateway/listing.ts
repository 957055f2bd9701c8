// What all lists have in common: how a page is asked for, and how it is answered.

import { z } from 'zod'

/** Query parameters of every list. */
export const pageQuery = {
  cursor: z.string().max(2_000).optional().meta({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
}

/** A page of `item`. */
export const listOf = <I extends z.ZodType>(item: I) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: 'Cursor of the following page, null on the last' }),
    seq: z.number().int().meta({ description: 'Place in the feed at which the list was true' }),
  })

/** A yes or no in a query. */
export const yesOrNo = z.enum(['true', 'false']).transform(value => value === 'true')

/** The body of a change: any of the fields of `shape`, at least one of them, and no others. */
export const changeOf = <S extends z.ZodRawShape>(shape: S) =>
  z
    .strictObject(shape)
    .partial()
    .refine(change => Object.keys(change).length > 0, 'names no field to change')
