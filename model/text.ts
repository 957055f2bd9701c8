// Text that people and devices write. NUL ends a text in some engines and is refused by others, and half a
// character (a lone surrogate) is nothing that can be stored or shown: people are told, devices are put right.

import { z } from 'zod'

const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

/** Text of at most `max` UTF-16 units; it may be empty. */
export const textSchema = (max: number) =>
  z.string().max(max).refine(isStorable, 'must not hold NUL or half of a character')

/** A name: something to read, without blanks around it. */
export const nameSchema = z
  .string()
  .trim()
  .min(1, 'must not be blank')
  .max(100)
  .refine(isStorable, 'must not hold NUL or half of a character')

/** The same text with U+FFFD for what cannot be stored. What a device says is never refused for its letters. */
export const storable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed()
