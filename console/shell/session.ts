// Who is signed in. The token itself stays in an HttpOnly cookie that scripts cannot read.

import type { User } from '../../model/user.ts'
import type { Answer, Http } from './http.ts'

export type Session = {
  /** Who the cookie stands for; problem UNAUTHENTICATED when nobody. */
  who(): Promise<Answer<User>>
  signIn(username: string, password: string): Promise<Answer<User>>
  signOut(): Promise<Answer<void>>
}

export function createSession({ http }: { http: Http }): Session {
  return {
    who: async () => userOf(await http.get<{ user: User }>('session')),
    signIn: async (username, password) =>
      userOf(await http.post<{ user: User }>('session', { username, password })),
    signOut: () => http.delete('session'),
  }
}

const userOf = (answer: Answer<{ user: User }>): Answer<User> =>
  answer.ok ? { ok: true, value: answer.value.user } : answer
