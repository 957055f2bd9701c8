// What a route documents and may send: its success, and every failure by status with the codes that it has.

import { z } from 'zod'
import type { ErrorCode } from '../model/error.ts'
import { PROBLEM_TYPE, problemSchema, statusOf } from './problem.ts'

type Failure = {
  description: string
  content: { [PROBLEM_TYPE]: { schema: typeof problemSchema } }
}

/** Any request can fail like this. */
const ALWAYS: readonly ErrorCode[] = ['BAD_REQUEST', 'INTERNAL', 'UNAVAILABLE']
/** Any request that needs an account can fail like this as well. */
const SIGNED_IN: readonly ErrorCode[] = ['UNAUTHENTICATED', 'FORBIDDEN']

/** Answers of a route for accounts: `success` by status, and `failures` beside those that every route has. */
export const answers = <S extends Record<number, z.ZodType>>(
  success: S,
  failures: readonly ErrorCode[] = [],
) => openAnswers(success, [...SIGNED_IN, ...failures])

/** Answers of a route for anybody. */
export function openAnswers<S extends Record<number, z.ZodType>>(
  success: S,
  failures: readonly ErrorCode[] = [],
): S & Record<`${4 | 5}xx`, Failure> {
  const described: Record<string, Failure> = {}
  for (const [status, codes] of Map.groupBy([...ALWAYS, ...failures], statusOf)) {
    described[status] = {
      description: codes.join(', '),
      content: { [PROBLEM_TYPE]: { schema: problemSchema } },
    }
  }
  return { ...success, ...described } as S & Record<`${4 | 5}xx`, Failure>
}

/** A success without a body. */
export const NOTHING = z.undefined().meta({ description: 'Done' })
