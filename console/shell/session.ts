// Who is signed in. The token itself stays in an HttpOnly cookie that scripts cannot read.

import type { User } from '../../model/user.ts'
import type { Answer, Http } from './http.ts'
import type { SessionNews } from './session-news.ts'

/** `mustEnrol`: this hub demands a second factor of the account, and all it can do is set one up. */
export type SignedIn = { user: User; mustEnrol: boolean }

export type Session = {
  /** Who the cookie stands for; problem UNAUTHENTICATED when nobody. */
  who(): Promise<Answer<SignedIn>>
  /** Problem SECOND_FACTOR_REQUIRED: the password was right, and a code is needed as well. */
  signIn(username: string, password: string, code?: string): Promise<Answer<SignedIn>>
  signOut(): Promise<Answer<void>>
}

/** `tell` is told of what was done here, for the other tabs, which share the cookie. */
export function createSession({ http, tell }: { http: Http; tell?(news: SessionNews): void }): Session {
  const who = async () => signedInOf(await http.get<{ user: User; mustEnrol?: true }>('session'))
  return {
    who,
    async signIn(username, password, code) {
      const answer = await http.post('session', { username, password, ...(code !== undefined && { code }) })
      if (!answer.ok) return answer
      tell?.('signed_in')
      return who()
    },
    async signOut() {
      const answer = await http.delete('session')
      if (answer.ok) tell?.('signed_out')
      return answer
    },
  }
}

const signedInOf = (answer: Answer<{ user: User; mustEnrol?: true }>): Answer<SignedIn> =>
  answer.ok
    ? { ok: true, value: { user: answer.value.user, mustEnrol: answer.value.mustEnrol === true } }
    : answer
