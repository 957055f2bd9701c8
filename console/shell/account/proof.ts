// What was wrong with a password or a code that was to prove who somebody is (pure).

import type { Problem } from '../http.ts'
import { refusal } from '../refusals.ts'
import type { Words } from '../words.zh.ts'
import type { AccountWords } from './words.zh.ts'

/** NIST SP 800-63B asks for 8 at least; this hub for these (gateway/passwords.ts). */
export const PASSWORD_MIN = 10

export type FieldProblems = { password?: string; newPassword?: string; code?: string; form?: string }

/** By the field that it belongs to; `form` for what belongs to none. */
export function fieldProblems(problem: Problem, words: Words, account: AccountWords): FieldProblems {
  if (problem.code === 'TOO_MANY_REQUESTS' && problem.retryAfterMs !== undefined)
    return { form: words.tooManyTries(Math.ceil(problem.retryAfterMs / 1_000)) }
  const wrong = new Set(problem.errors?.map(({ path }) => path.replace(/^body\./, '')))
  const found: FieldProblems = {
    ...(wrong.has('password') && { password: account.passwordWrong }),
    ...(wrong.has('newPassword') && { newPassword: account.passwordBad(PASSWORD_MIN) }),
    ...(wrong.has('code') && { code: account.codeWrong }),
  }
  return Object.keys(found).length > 0 ? found : { form: refusal(problem, words) }
}

/** What can be said of a new password before it is sent. */
export function newPasswordProblem({
  newPassword,
  repeated,
  username,
}: {
  newPassword: string
  repeated: string
  username: string
}): 'bad' | 'differs' | undefined {
  if (newPassword.length < PASSWORD_MIN || newPassword.toLowerCase() === username.toLowerCase()) return 'bad'
  return newPassword === repeated ? undefined : 'differs'
}
