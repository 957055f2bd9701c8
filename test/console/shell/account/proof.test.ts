import { describe, expect, it } from 'vitest'
import { fieldProblems, newPasswordProblem, PASSWORD_MIN } from '../../../../console/shell/account/proof.ts'
import { zh as labels } from '../../../../console/shell/account/words.zh.ts'
import type { Problem } from '../../../../console/shell/http.ts'
import { signInRefusal } from '../../../../console/shell/sign-in-refusals.ts'
import { zh } from '../../../../console/shell/words.zh.ts'
import * as hub from '../../../../gateway/passwords.ts'

const bad = (path: string): Problem => ({ code: 'BAD_REQUEST', errors: [{ path, message: 'is wrong' }] })

describe('what was wrong', () => {
  it.each<[reason: string, problem: Problem, told: object]>([
    ['the password', bad('body.password'), { password: labels.passwordWrong }],
    ['the new one', bad('body.newPassword'), { newPassword: labels.passwordBad(PASSWORD_MIN) }],
    ['the code', bad('body.code'), { code: labels.codeWrong }],
    ['something without a field', { code: 'UNREACHABLE' }, { form: zh.error.UNREACHABLE }],
    ['too many tries', { code: 'TOO_MANY_REQUESTS', retryAfterMs: 12_300 }, { form: zh.tooManyTries(13) }],
  ])('stands where it was typed: %s', (_reason, problem, told) => {
    expect(fieldProblems(problem, zh, labels)).toEqual(told)
  })

  it.each<[reason: string, problem: Problem, told: string]>([
    ['the password', { code: 'UNAUTHENTICATED' }, zh.wrongPassword],
    ['the code', { code: 'SECOND_FACTOR_REQUIRED' }, zh.wrongCode],
    ['too many tries', { code: 'TOO_MANY_REQUESTS', retryAfterMs: 1 }, zh.tooManyTries(1)],
    ['too many people', { code: 'TOO_MANY_REQUESTS' }, zh.error.TOO_MANY_REQUESTS],
    ['nobody there', { code: 'UNREACHABLE' }, zh.error.UNREACHABLE],
  ])('is said at the sign-in: %s', (_reason, problem, told) => {
    expect(signInRefusal(problem, zh)).toBe(told)
  })
})

describe('a new password', () => {
  const typed = (newPassword: string, repeated = newPassword) =>
    newPasswordProblem({ newPassword, repeated, username: 'zhangmin.desk' })

  it.each([
    ['long enough', typed('a long sentence'), undefined],
    ['too short', typed('short'), 'bad'],
    ['the user name, however it is written', typed('ZhangMin.Desk'), 'bad'],
    ['not the same twice', typed('a long sentence', 'a long sentense'), 'differs'],
  ])('%s', (_reason, told, expected) => {
    expect(told).toBe(expected)
  })

  it('has the length that the hub asks for', () => {
    expect(PASSWORD_MIN).toBe(hub.PASSWORD_MIN)
  })
})
