// What the account's screens ask of the gateway.

import type { SecondFactorState, SessionInfo } from '../../../model/user.ts'
import type { Answer, Http } from '../http.ts'

export type SecondFactor = { state: SecondFactorState; recoveryCodesLeft: number; isRequired: boolean }
export type Enrolment = { uri: string; secret: string }
export type RecoveryCodes = { recoveryCodes: string[] }
/** That it is the owner: the password, and the code where there is a second factor. */
export type Proof = { password: string; code?: string }

export type Account = {
  secondFactor(): Promise<Answer<SecondFactor>>
  /** Makes a new secret; it counts once a code of it has confirmed it. */
  enrol(password: string): Promise<Answer<Enrolment>>
  confirm(code: string): Promise<Answer<RecoveryCodes>>
  newRecoveryCodes(proof: Proof): Promise<Answer<RecoveryCodes>>
  removeSecondFactor(proof: Proof): Promise<Answer<void>>
  /** Ends all other sessions; this one goes on under a new token. */
  changePassword(change: { password: string; newPassword: string }): Promise<Answer<unknown>>
  sessions(): Promise<Answer<{ items: SessionInfo[] }>>
  endSession(id: string): Promise<Answer<void>>
  endOthers(): Promise<Answer<void>>
}

export function createAccount(http: Http): Account {
  const factor = 'session/second-factor'
  return {
    secondFactor: () => http.get(factor),
    enrol: password => http.post(factor, { password }),
    confirm: code => http.post(`${factor}/confirm`, { code }),
    newRecoveryCodes: proof => http.post(`${factor}/recovery-codes`, proof),
    removeSecondFactor: proof => http.post(`${factor}/remove`, proof),
    changePassword: change => http.post('session/password', change),
    sessions: () => http.get('sessions'),
    endSession: id => http.delete(`sessions/${id}`),
    endOthers: () => http.delete('sessions'),
  }
}
