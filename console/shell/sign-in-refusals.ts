// Why a sign-in was refused, as a sentence that helps (pure).

import type { Problem } from './http.ts'
import type { Words } from './words.zh.ts'

export function signInRefusal(problem: Problem, words: Words): string {
  switch (problem.code) {
    case 'UNAUTHENTICATED':
      return words.wrongPassword
    case 'SECOND_FACTOR_REQUIRED':
      return words.wrongCode
    case 'TOO_MANY_REQUESTS':
      return problem.retryAfterMs === undefined
        ? words.error.TOO_MANY_REQUESTS
        : words.tooManyTries(Math.ceil(problem.retryAfterMs / 1_000))
    default:
      return words.error[problem.code] ?? problem.detail ?? words.error.UNAVAILABLE
  }
}
